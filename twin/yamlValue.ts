import type { Document } from 'yaml';

/** What a parsed YAML document holds; or why it holds nothing: an alias to nowhere, or aliases that grow without end. */
export function yamlValue(document: Document): { value: unknown; problem: null } | { problem: string } {
  try {
    return { value: document.toJS(), problem: null };
  } catch (error) {
    if (error instanceof ReferenceError) return { problem: error.message };
    throw error;
  }
}
