import { pumpConstants } from './constants.ts';
import { pumpLayout, setLayout } from './fields.ts';
import { moment, NOW } from './moment.ts';
import { pumpAt, type Rooms, setAt } from './rooms.ts';
import { MOST_PUMPS } from './spec.ts';

const M = moment;
const N = NOW;
const W = setLayout.at;
const P = pumpLayout.at;
const C = pumpConstants.at;

/** Whether all pumps of a set have the speed they should have, nearly, or not. */
export const ORDER = { together: 0, near: 1, apart: 2 } as const;
/** So far from the speed it should have a pump counts as nearly there, Hz. */
const NEAR = 0.5;

/**
 * The pumps of the set under way, those that turn and are alike together: scratch of a step, so that its iterations touch
 * a few numbers side by side. A room is stepped to its end before the next one is begun.
 */
export const duty = {
  /** how many may run, and do; where the record of the longest running stands, −1 without one; see `ORDER` */
  ready: 0,
  running: 0,
  oldest: -1,
  order: 0,
  /** how many unlike ones turn */
  turning: 0,
  /** head at no flow and 50 Hz, m; square of the flow that one metre drives, (m³/h)²/m; how many such pumps turn */
  shutoff: new Float64Array(MOST_PUMPS),
  conductance: new Float64Array(MOST_PUMPS),
  count: new Float64Array(MOST_PUMPS),
  /** share of the speed of 50 Hz, squared */
  square: new Float64Array(MOST_PUMPS),
  /** m³/h of one of them */
  flow: new Float64Array(MOST_PUMPS),
  /** which of them each pump is, −1 at rest */
  of: new Int8Array(MOST_PUMPS),
};

/**
 * Looks at the pumps of set `n` once, and stops those with a fault. Those that run count as turning, one that starts in
 * this step among them; for sets whose pumps are not all at the common speed see `gather`.
 */
export function survey(rooms: Rooms, n: number): void {
  const { row, firstPump } = rooms;
  const first = firstPump[n]!;
  const end = firstPump[n + 1]!;
  const { of } = duty;
  const frequency = row[setAt(rooms, n) + W.frequency]!;
  let ready = 0;
  let running = 0;
  let oldest = -1;
  let order: number = ORDER.together;
  let leaky = 0;
  duty.turning = 0;
  for (let k = first; k < end; k++) {
    const p = pumpAt(rooms, k);
    const faulty = row[p + P.fault] === 1;
    if (!faulty && row[p + P.manual] === 0) ready++;
    if (faulty && row[p + P.run] === 1) stop(row, p);
    const run = row[p + P.run]!;
    const hz = row[p + P.hz]!;
    const off = Math.abs(hz - run * frequency);
    if (off > NEAR) order = ORDER.apart;
    else if (off > 0 && order === ORDER.together) order = ORDER.near;
    if (run === 0) {
      of[k - first] = -1;
      leaky += row[p + P.checkLeak]!;
      continue;
    }
    running++;
    if (oldest < 0 || row[p + P.sinceStart]! > row[oldest + P.sinceStart]!) oldest = p;
    of[k - first] = joinAlike(rooms, k, hz);
  }
  duty.ready = ready;
  duty.running = running;
  duty.oldest = oldest;
  duty.order = order;
  M[N.leaking] = leaky;
}

/** Finds the pumps of set `n` that turn, whether they run or coast. */
export function gather(rooms: Rooms, n: number): void {
  const { row, firstPump } = rooms;
  const first = firstPump[n]!;
  const end = firstPump[n + 1]!;
  const { of } = duty;
  let leaky = 0;
  duty.turning = 0;
  for (let k = first; k < end; k++) {
    const p = pumpAt(rooms, k);
    const hz = row[p + P.hz]!;
    if (hz > 0) of[k - first] = joinAlike(rooms, k, hz);
    else {
      of[k - first] = -1;
      leaky += row[p + P.checkLeak]!;
    }
  }
  M[N.leaking] = leaky;
}

/** Counts turning pump `k` among those like it. Returns which they are. */
function joinAlike({ constants }: Rooms, k: number, hz: number): number {
  const { row: own, ofPump } = constants;
  const { shutoff, conductance, count, square, turning } = duty;
  const squared = (hz * hz) / 2500;
  const lift = own[ofPump[k]! + C.shutoffHead]!;
  const through = own[ofPump[k]! + C.conductance]!;
  for (let j = 0; j < turning; j++) {
    if (square[j] !== squared || shutoff[j] !== lift || conductance[j] !== through) continue;
    count[j] = count[j]! + 1;
    return j;
  }
  shutoff[turning] = lift;
  conductance[turning] = through;
  square[turning] = squared;
  count[turning] = 1;
  duty.turning = turning + 1;
  return turning;
}

/** Stops the pump at `p` of the row. */
export function stop(row: Float64Array, p: number): void {
  row[p + P.run] = 0;
  row[p + P.sinceStart] = 0;
}

/**
 * Gives the pumps of set `n` their flows.
 * @param together whether they all turn at its common speed: that too
 */
export function share(rooms: Rooms, n: number, together: boolean): void {
  const { row, firstPump } = rooms;
  const first = firstPump[n]!;
  const end = firstPump[n + 1]!;
  const s = setAt(rooms, n);
  const pressure = row[s + W.pressure]!;
  const frequency = row[s + W.frequency]!;
  const { of, flow } = duty;
  for (let k = first; k < end; k++) {
    const p = pumpAt(rooms, k);
    const which = of[k - first]!;
    if (together) row[p + P.hz] = which >= 0 ? frequency : 0;
    if (which >= 0) row[p + P.flow] = flow[which]!;
    else {
      const leak = row[p + P.checkLeak]!;
      row[p + P.flow] = leak > 0 ? -leak * Math.sqrt(Math.max(0, pressure - M[N.suction]!)) : 0;
    }
  }
}
