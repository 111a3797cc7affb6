import { type Template, templateById } from '#twin/catalogue/template.ts';
import { Quality } from './quality.ts';

/**
 * The twin's state: for each template one column per point over all its stations. Rules, colourings and
 * statistics are loops over columns.
 */
export interface TemplateColumns {
  readonly template: Template;
  /** station codes by row */
  readonly codes: string[];
  /** by point, then by row */
  values: Float64Array[];
  qualities: Uint8Array[];
  /**
   * The same values and qualities in one piece each, of a point from `point * stride` on: who reads a point of many templates goes
   * from one piece to the next, not from array to array
   */
  allValues: Float64Array;
  allQualities: Uint8Array;
  /** the same memory, four at a time: a point begins at a whole one */
  qualityWords: Uint32Array;
  stride: number;
  /** when the value was measured, ms since epoch; 0 = never */
  times: Float64Array[];
  /** when the device that measures it died, ms since epoch; a value measured later ends that (0 = it lives); null while all live */
  deadSince: (Float64Array | null)[];
  /** by row: time of the last live message, and when the node died (0 = it has not) */
  lastMessage: Float64Array;
  offlineSince: Float64Array;
  /** by row: since when we listen again for a station that an earlier run heard (0 = none did), ms since epoch */
  awaitedSince: Float64Array;
  capacity: number;
}

/** Where a station's values are. */
export interface Place {
  columns: TemplateColumns;
  row: number;
}

export interface TwinState {
  readonly byTemplate: Map<string, TemplateColumns>;
  readonly places: Map<string, Place>;
}

export const emptyState = (): TwinState => ({ byTemplate: new Map(), places: new Map() });

/** Gives a station a row. Asking again for the same template returns the same place. */
export function addStation(state: TwinState, code: string, templateId: string): Place {
  const known = state.places.get(code);
  if (known?.columns.template.id === templateId) return known;
  let columns = state.byTemplate.get(templateId);
  if (!columns) {
    columns = emptyColumns(templateById(templateId));
    state.byTemplate.set(templateId, columns);
  }
  const row = columns.codes.length;
  if (row === columns.capacity) grow(columns);
  columns.codes.push(code);
  const place = { columns, row };
  state.places.set(code, place);
  return place;
}

function emptyColumns(template: Template): TemplateColumns {
  const columns: TemplateColumns = {
    template,
    codes: [],
    values: [],
    qualities: [],
    allValues: new Float64Array(0),
    allQualities: new Uint8Array(0),
    qualityWords: new Uint32Array(0),
    stride: 0,
    times: [],
    deadSince: [],
    lastMessage: new Float64Array(0),
    offlineSince: new Float64Array(0),
    awaitedSince: new Float64Array(0),
    capacity: 0,
  };
  grow(columns);
  return columns;
}

/** Rows between one point and the next, so that the values of one station do not all fall into one line of a cache. */
const APART = 8;

function grow(columns: TemplateColumns): void {
  const capacity = Math.max(8, columns.capacity * 2);
  const points = columns.template.points.length;
  const stride = capacity + APART;
  const wider = (
    old: Float64Array | undefined,
    fill: number,
    made: Float64Array = new Float64Array(capacity),
  ) => {
    made.fill(fill);
    if (old) made.set(old);
    return made;
  };
  columns.allValues = new Float64Array(points * stride);
  columns.allQualities = new Uint8Array(points * stride);
  columns.qualityWords = new Uint32Array(columns.allQualities.buffer);
  for (let point = 0; point < points; point++) {
    const [from, to] = [point * stride, point * stride + capacity];
    columns.values[point] = wider(columns.values[point], Number.NaN, columns.allValues.subarray(from, to));
    columns.times[point] = wider(columns.times[point], 0);
    const dead = columns.deadSince[point];
    columns.deadSince[point] = dead ? wider(dead, 0) : null;
    const qualities = columns.allQualities.subarray(from, to).fill(Quality.bad);
    if (columns.qualities[point]) qualities.set(columns.qualities[point]!);
    columns.qualities[point] = qualities;
  }
  columns.lastMessage = wider(columns.lastMessage, 0);
  columns.offlineSince = wider(columns.offlineSince, 0);
  columns.awaitedSince = wider(columns.awaitedSince, 0);
  columns.stride = stride;
  columns.capacity = capacity;
}
