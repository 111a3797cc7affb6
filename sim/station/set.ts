import { overSeconds } from '#twin/units.ts';
import { setConstants } from './constants.ts';
import { duty, gather, share } from './duty.ts';
import { pumpLayout, setLayout } from './fields.ts';
import { aim, movePumps, stepLoop } from './loop.ts';
import { moment, NOW } from './moment.ts';
import { stepCritical, stepPressure } from './pressure.ts';
import { pumpAt, type Rooms, setAt } from './rooms.ts';
import { stepStaging } from './staging.ts';
import { strideCalm } from './stride.ts';

const M = moment;
const N = NOW;
const SET_OWN = setConstants.size;
const W = setLayout.at;
const P = pumpLayout.at;
const C = setConstants.at;

/** The pressure loop runs in parts of a step not longer than this, s; near its set-point in longer ones. */
const LOOP_STEP = 0.25;
const QUIET_STEP = 0.5;
/** What is calm takes a step longer than this at once, s. */
const SHORT = 1;
/** MPa and Hz: what counts as near. */
const QUIET = { error: 0.01, speed: 0.5 };

/** The largest change of the pressure is kept so long, s: gateways ask less often than a logger of ten values a second. */
const SURGE_KEPT = 60;

/**
 * Moves pump set `n` on by `dt` s: which pumps run, the pressure loop, and what it delivers; leaves the means of
 * its flows over the step in its state. Pressure in the main, suction, cap, demand and what others draw are those of the `moment`.
 * @param allowed false while dry-run protection or a power cut forbids running
 */
export function stepSet(rooms: Rooms, n: number, allowed: boolean, dt: number): void {
  const { row, constants } = rooms;
  const own = constants.row;
  const s = setAt(rooms, n);
  const c = constants.setStart + n * SET_OWN;
  aim(row, s, own, c + C.shutoffHead);
  row[s + W.demand] = M[N.demand]!;
  const before = row[s + W.pressure]!;
  stepStaging(rooms, n, allowed, dt);
  const wanted = row[s + W.wanted]! > 0;
  const order = orderOf(rooms, n);
  // pumps that all turn at the common speed go on doing so: its ramp is theirs
  const together = order === ORDER.together && wanted && row[s + W.tripped] === 0;
  let turning = gather(rooms, n, together);
  const resting = !wanted && turning === 0;
  // while no pump turns, what the room draws and what it then stands on are found together: the one after the other would
  // shut the way around the pumps by each gulp that passes it
  const branch = own[c + C.branch]!;
  const others = M[N.others]!;
  M[N.upstream] = resting ? M[N.mains]! - branch * others * others : M[N.suction]!;
  M[N.bypass] = own[c + (resting ? C.through : C.bypass)]!;
  M[N.crowded] = resting ? branch * others : 0;
  M[N.h] = dt;
  const long = dt > SHORT && (together || resting);
  if (!long || !strideCalm(row, s, own, c, turning)) {
    const near =
      order !== ORDER.apart &&
      row[s + W.tuning] === 1 &&
      Math.abs(row[s + W.target]! - row[s + W.pressure]!) <= QUIET.error;
    const parts = resting
      ? Math.ceil(dt / SHORT)
      : Math.max(1, Math.ceil(dt / (near ? QUIET_STEP : LOOP_STEP)));
    M[N.h] = dt / parts;
    let pumped = 0;
    let delivered = 0;
    for (let i = 0; i < parts; i++) {
      stepLoop(row, s);
      if (together) turnTogether(row, s, turning);
      else if (!resting) {
        movePumps(rooms, n);
        turning = gather(rooms, n, false);
      }
      stepPressure(row, s, own, c, turning);
      pumped += row[s + W.pumped]!;
      delivered += row[s + W.delivered]!;
    }
    row[s + W.pumped] = pumped / parts;
    row[s + W.delivered] = delivered / parts;
  }
  if (together) turnAll(rooms, n);
  share(rooms, n);
  stepCritical(row, s, own, c);
  keepSurge(row, s, Math.abs(row[s + W.pressure]! - before) / dt, dt);
  row[s + W.total] = row[s + W.total]! + overSeconds(row[s + W.delivered]!, dt);
}

/** The largest change of the pressure within a second, of the last minute. @param change of this step, MPa/s */
function keepSurge(row: Float64Array, s: number, change: number, dt: number): void {
  const age = row[s + W.surgeAge]! + dt;
  const larger = change >= row[s + W.surge]! || age > SURGE_KEPT;
  if (larger) row[s + W.surge] = change;
  row[s + W.surgeAge] = larger ? 0 : age;
}

/** Whether all pumps of a set have the speed they should have, nearly, or not. */
const ORDER = { together: 0, near: 1, apart: 2 } as const;

function orderOf(rooms: Rooms, n: number): number {
  const { row, firstPump } = rooms;
  const end = firstPump[n + 1]!;
  const frequency = row[setAt(rooms, n) + W.frequency]!;
  let order: number = ORDER.together;
  for (let k = firstPump[n]!; k < end; k++) {
    const p = pumpAt(rooms, k);
    const off = Math.abs(row[p + P.hz]! - row[p + P.run]! * frequency);
    if (off > QUIET.speed) return ORDER.apart;
    if (off > 0) order = ORDER.near;
  }
  return order;
}

function turnTogether(row: Float64Array, s: number, turning: number): void {
  const { square } = duty;
  const frequency = row[s + W.frequency]!;
  for (let j = 0; j < turning; j++) square[j] = (frequency * frequency) / 2500;
}

/** Gives the pumps of set `n` its common speed. */
function turnAll(rooms: Rooms, n: number): void {
  const { row, firstPump } = rooms;
  const end = firstPump[n + 1]!;
  const frequency = row[setAt(rooms, n) + W.frequency]!;
  for (let k = firstPump[n]!; k < end; k++) {
    const p = pumpAt(rooms, k);
    row[p + P.hz] = row[p + P.run]! * frequency;
  }
}
