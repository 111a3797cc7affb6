import { BinaryError, decodeText } from '#twin/text/decode.ts';
import { readYaml } from '#twin/yaml/located.ts';
import { misfitsOf } from '#twin/yaml/wrongShape.ts';
import { type Mapping, type MappingFault, mappingFaults, mappingSchema } from './mapping.ts';

/** A fault and its line, from 1; 0: the file as a whole. */
export interface MappingIssue extends MappingFault {
  line: number;
}

export interface MappingText {
  /** null when anything is wrong */
  mapping: Mapping | null;
  issues: MappingIssue[];
  /** line of a part of the file */
  lineOf: (path: readonly (string | number)[]) => number;
}

/** Reads a mapping, text in UTF-8, UTF-16 or GBK: its form first, then the names in it, each at once. */
export function readMapping(bytes: Uint8Array): MappingText {
  try {
    return readText(decodeText(bytes));
  } catch (error) {
    if (!(error instanceof BinaryError)) throw error;
    const { line, message } = error;
    return { mapping: null, issues: [{ line, path: [], message }], lineOf: () => line };
  }
}

function readText(text: string): MappingText {
  const { value, problems, placeOf } = readYaml(text);
  const lineOf: MappingText['lineOf'] = (path) => placeOf(path).line;
  const refused = (faults: readonly MappingFault[]): MappingText => ({
    mapping: null,
    issues: faults.map((fault) => ({ ...fault, line: lineOf(fault.path) })),
    lineOf,
  });
  if (problems.length > 0) {
    const issues = problems.map(({ at, message }) => ({ line: at.line, path: [], message }));
    return { mapping: null, issues, lineOf };
  }
  if (value === null || value === undefined) return refused([{ path: [], message: 'the file is empty' }]);
  const parsed = mappingSchema.safeParse(value);
  if (!parsed.success) return refused(misfitsOf(parsed.error, mappingSchema));
  const faults = mappingFaults(parsed.data);
  return faults.length > 0 ? refused(faults) : { mapping: parsed.data, issues: [], lineOf };
}
