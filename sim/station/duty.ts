import { pumpConstants } from './constants.ts';
import { pumpLayout, setLayout } from './fields.ts';
import { moment, NOW } from './moment.ts';
import { pumpAt, type Rooms, setAt } from './rooms.ts';
import { MOST_PUMPS } from './spec.ts';

const M = moment;
const N = NOW;
const P = pumpLayout.at;
const C = pumpConstants.at;

/**
 * The turning pumps of the set under way, like ones together: scratch of a step, so that its iterations touch a
 * few numbers side by side. A room is stepped to its end before the next one is begun.
 */
export const duty = {
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
 * Finds the turning pumps of set `n`.
 * @param running those that run rather than those that turn: one that starts in this part of a step among them
 * @returns how many unlike ones there are
 */
export function gather(rooms: Rooms, n: number, running: boolean): number {
  const { row, constants, firstPump } = rooms;
  const first = firstPump[n]!;
  const end = firstPump[n + 1]!;
  const { row: own, ofPump } = constants;
  const { shutoff, conductance, count, square, of } = duty;
  let found = 0;
  let leaky = 0;
  for (let k = first; k < end; k++) {
    const p = pumpAt(rooms, k);
    const hz = row[p + P.hz]!;
    if (running ? row[p + P.run] !== 1 : !(hz > 0)) {
      of[k - first] = -1;
      leaky += row[p + P.checkLeak]!;
      continue;
    }
    const squared = (hz * hz) / 2500;
    const lift = own[ofPump[k]! + C.shutoffHead]!;
    const through = own[ofPump[k]! + C.conductance]!;
    let same = 0;
    while (
      same < found &&
      !(square[same] === squared && shutoff[same] === lift && conductance[same] === through)
    )
      same++;
    of[k - first] = same;
    if (same < found) {
      count[same] = count[same]! + 1;
      continue;
    }
    shutoff[found] = lift;
    conductance[found] = through;
    square[found] = squared;
    count[found++] = 1;
  }
  M[N.leaking] = leaky;
  return found;
}

/** Gives the pumps of set `n` their flows. */
export function share(rooms: Rooms, n: number): void {
  const { row, firstPump } = rooms;
  const first = firstPump[n]!;
  const end = firstPump[n + 1]!;
  const pressure = row[setAt(rooms, n) + setLayout.at.pressure]!;
  const { of, flow } = duty;
  for (let k = first; k < end; k++) {
    const p = pumpAt(rooms, k);
    const which = of[k - first]!;
    const leak = row[p + P.checkLeak]!;
    if (which >= 0) row[p + P.flow] = flow[which]!;
    else row[p + P.flow] = leak > 0 ? -leak * Math.sqrt(pressure) : 0;
  }
}
