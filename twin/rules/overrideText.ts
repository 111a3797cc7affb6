import { type Document, isMap, isSeq, parseDocument, type YAMLMap } from 'yaml';
import type { OverrideText } from './overrides.ts';

/**
 * Changes to the text of a file of overrides that can be read: what people wrote beside, comments too, stays as it was.
 */

/** Which one it is. */
export interface OverrideKey {
  rule: string;
  threshold: string;
  station: string;
}

/** The text with another override at its end. */
export function withOverride(yaml: string, override: OverrideText): string {
  const document: Document = parseDocument(yaml);
  if (isSeq(document.contents)) document.contents.add(document.createNode(override));
  else document.contents = document.createNode([override]);
  return textOf(document);
}

/** The text without a station's own threshold, null when it has none there; one for other stations too stays theirs. */
export function withoutOverride(yaml: string, { rule, threshold, station }: OverrideKey): string | null {
  const document: Document = parseDocument(yaml);
  const list = document.contents;
  if (!isSeq(list)) return null;
  const speaks = (item: unknown): item is YAMLMap =>
    isMap(item) && item.get('rule') === rule && item.get('threshold') === threshold;
  for (const [i, item] of list.items.entries()) {
    const stations = speaks(item) ? item.get('stations') : null;
    if (!isSeq(stations)) continue;
    const codes = stations.toJSON() as unknown[];
    const at = codes.indexOf(station);
    if (at < 0) continue;
    if (codes.length > 1) stations.delete(at);
    else list.delete(i);
    return textOf(document);
  }
  return null;
}

const textOf = (document: Document): string => document.toString({ lineWidth: 0 });
