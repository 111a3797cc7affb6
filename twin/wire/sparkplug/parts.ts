import { decodeArray } from './arrays.ts';
import { decodeDataSet } from './dataset.ts';
import { isArray } from './datatypes.ts';
import type { Metric } from './payload.ts';
import { decodeTemplate, type Template } from './template.ts';

/** Bounds of one structured metric: how many parts it may have, and how deep templates may stand in templates. */
export const MOST_PARTS = 4096;
const DEEPEST = 8;

/** Whether a value has parts: a template, a dataset or an array. `datatype`: its own or its birth's. */
export const isStructured = (metric: Metric, datatype: number): boolean =>
  metric.field === 'template' || metric.field === 'dataset' || isArray(datatype);

/**
 * The parts of a structured metric as metrics of their own, named below it: `member` of a template instance
 * (`member/member` when nested), `row/column` of a dataset, `index` of an array. Each has the time, the quality
 * and the historical and transient flags of the whole unless it has its own; a member without a data type takes its definition's. A
 * definition and a null have no parts. Throws on bytes that are no such value, and past the bounds.
 */
export function partsOf(
  metric: Metric,
  datatype: number,
  definitions: ReadonlyMap<string, Template>,
): Metric[] {
  const parts: Metric[] = [];
  gather(metric, datatype, definitions, '', 0, parts);
  return parts;
}

function gather(
  whole: Metric,
  datatype: number,
  definitions: ReadonlyMap<string, Template>,
  prefix: string,
  depth: number,
  parts: Metric[],
): void {
  if (whole.isNull || !(whole.value instanceof Uint8Array)) return;
  if (depth > DEEPEST) throw new RangeError(`templates nested deeper than ${DEEPEST}`);
  if (whole.field === 'dataset') return gatherCells(whole, whole.value, prefix, parts);
  if (whole.field !== 'template') return gatherElements(whole, whole.value, datatype, prefix, parts);
  const template = decodeTemplate(whole.value);
  if (template.isDefinition) return;
  const types = new Map(
    (definitions.get(template.ref ?? '')?.metrics ?? []).map((member) => [member.name, member.datatype]),
  );
  for (const member of template.metrics) {
    if (member.name === undefined) throw new RangeError('a member of a template has no name');
    const type = member.datatype ?? types.get(member.name);
    const name = `${prefix}${member.name}`;
    const part: Metric = { ...inherited(whole), ...member, ...qualityOf(whole, member), name };
    if (type !== undefined) part.datatype = type;
    if (isStructured(part, type ?? 0)) gather(part, type ?? 0, definitions, `${name}/`, depth + 1, parts);
    else add(parts, part);
  }
}

function gatherCells(whole: Metric, bytes: Uint8Array, prefix: string, parts: Metric[]): void {
  const { columns, types, rows } = decodeDataSet(bytes);
  rows.forEach((row, r) => {
    row.forEach((cell, c) => {
      add(parts, {
        ...inherited(whole),
        ...qualityOf(whole),
        name: `${prefix}${r}/${columns[c]}`,
        datatype: types[c]!,
        ...cell,
      });
    });
  });
}

function gatherElements(
  whole: Metric,
  bytes: Uint8Array,
  datatype: number,
  prefix: string,
  parts: Metric[],
): void {
  const { datatype: type, elements } = decodeArray(datatype, bytes, MOST_PARTS);
  elements.forEach((value, k) => {
    const field = typeof value === 'number' ? 'double' : typeof value === 'boolean' ? 'boolean' : 'string';
    add(parts, {
      ...inherited(whole),
      ...qualityOf(whole),
      name: `${prefix}${k}`,
      datatype: type,
      field,
      value,
    });
  });
}

function add(parts: Metric[], part: Metric): void {
  if (parts.length >= MOST_PARTS) throw new RangeError(`more than ${MOST_PARTS} parts`);
  parts.push(part);
}

/** What a part has from its whole. */
function inherited({
  timestamp,
  historical,
  transient,
}: Metric): Pick<Metric, 'timestamp' | 'historical' | 'transient'> {
  return {
    ...(timestamp !== undefined && { timestamp }),
    ...(historical && { historical }),
    ...(transient && { transient }),
  };
}

/** The quality that a whole states is that of its parts, unless one states its own. */
function qualityOf({ properties }: Metric, part?: Metric): Pick<Metric, 'properties'> {
  const quality = properties?.Quality;
  return quality === undefined ? {} : { properties: { Quality: quality, ...part?.properties } };
}
