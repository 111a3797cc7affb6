import type { TwinState } from '#twin/state/columns.ts';
import { Quality } from '#twin/state/quality.ts';
import { SECOND } from '#twin/units.ts';

/**
 * What the inlets of all stations did in the last forty minutes: an alarm of a zone comes minutes after what caused it,
 * and where that lies is read from the change.
 */
export interface InletTrace {
  /** when each sample was taken, ms since epoch; 0 = none yet */
  readonly times: Float64Array;
  /** by station code: MPa and m³/h, NaN where nothing was known */
  readonly of: Map<string, Inlet>;
  /** place of the newest sample */
  newest: number;
}

interface Inlet {
  readonly pressure: Float32Array;
  readonly flow: Float32Array;
}

/** How the inlet of a station changed: by how much its pressure fell, MPa; what it drew before and draws now, m³/h. */
export interface InletFall {
  code: string;
  drop: number;
  before: number;
  now: number;
}

const EVERY = 30 * SECOND;
const SAMPLES = 80;
/** How many samples before the fall, and of the newest, are averaged. */
const BEFORE = 8;
const NEWEST = 3;

export const emptyTrace = (): InletTrace => ({
  times: new Float64Array(SAMPLES),
  of: new Map(),
  newest: SAMPLES - 1,
});

/** Takes a sample when one is due; to be called as often as the twin is looked at. @param now ms since epoch */
export function traceInlets(trace: InletTrace, state: TwinState, now: number): void {
  if (now < trace.times[trace.newest]! + EVERY) return;
  const at = (trace.newest + 1) % SAMPLES;
  trace.newest = at;
  trace.times[at] = now;
  for (const { template, codes, values, qualities } of state.byTemplate.values()) {
    const pressure = template.index.get('P_IN') ?? -1;
    const flow = template.index.get('F_IN') ?? -1;
    if (pressure < 0) continue;
    for (let row = 0; row < codes.length; row++) {
      const inlet = inletOf(trace, codes[row]!);
      inlet.pressure[at] = qualities[pressure]![row] === Quality.good ? values[pressure]![row]! : Number.NaN;
      inlet.flow[at] = flow >= 0 && qualities[flow]![row] === Quality.good ? values[flow]![row]! : Number.NaN;
    }
  }
}

function inletOf({ of }: InletTrace, code: string): Inlet {
  let inlet = of.get(code);
  if (!inlet) {
    inlet = {
      pressure: new Float32Array(SAMPLES).fill(Number.NaN),
      flow: new Float32Array(SAMPLES).fill(Number.NaN),
    };
    of.set(code, inlet);
  }
  return inlet;
}

/**
 * By how much the pressure of stations has fallen since it fell most steeply, in the mean of some of them. Null while
 * there are too few samples on one side of that, or nothing fell.
 * @param leading codes of the stations whose mean says when it fell
 */
export function inletFalls(
  trace: InletTrace,
  codes: readonly string[],
  leading: readonly string[] = codes,
): { at: number; falls: InletFall[] } | null {
  const inlets = codes.flatMap((code) => {
    const inlet = trace.of.get(code);
    return inlet ? [{ code, ...inlet }] : [];
  });
  const order = Array.from({ length: SAMPLES }, (_, i) => (trace.newest + 1 + i) % SAMPLES).filter(
    (at) => trace.times[at]! > 0,
  );
  const leaders = leading.flatMap((code) => trace.of.get(code) ?? []);
  const onset = steepest(order.map((at) => meanOf(leaders.map(({ pressure }) => pressure[at]!))));
  if (onset < 0) return null;
  const before = order.slice(Math.max(0, onset - BEFORE), onset);
  const newest = order.slice(Math.max(onset + 1, order.length - NEWEST));
  const falls = inlets.flatMap(({ code, pressure, flow }) => {
    const drop = mean(pressure, before) - mean(pressure, newest);
    return Number.isNaN(drop) ? [] : [{ code, drop, before: mean(flow, before), now: mean(flow, newest) }];
  });
  return { at: trace.times[order[onset]!]!, falls };
}

/** The first sample of the steepest fall over two steps; −1: none that has samples on both its sides. */
function steepest(means: readonly number[]): number {
  let found = -1;
  let most = 0;
  for (let i = 1; i + 1 < means.length; i++) {
    const fall = means[i - 1]! - means[i + 1]!;
    if (!(fall > most)) continue;
    most = fall;
    found = i;
  }
  return found;
}

const mean = (column: Float32Array, places: readonly number[]): number =>
  meanOf(places.map((at) => column[at]!));

function meanOf(values: readonly number[]): number {
  let sum = 0;
  let count = 0;
  for (const value of values) {
    if (Number.isNaN(value)) continue;
    sum += value;
    count++;
  }
  return count > 0 ? sum / count : Number.NaN;
}
