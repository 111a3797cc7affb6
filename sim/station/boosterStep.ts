import { mpaFromMetres, overSeconds } from '#twin/units.ts';
import { pumpConstants, roomConstants, setConstants } from './constants.ts';
import { inputLayout, pumpLayout, roomLayout, setLayout } from './fields.ts';
import { stepProtection } from './inlet.ts';
import { aim, holdAt, LOOP } from './loop.ts';
import { moment, NOW } from './moment.ts';
import { pumpAt, type Rooms, roomAt, setAt } from './rooms.ts';
import { seenPressure } from './seen.ts';
import { stepStaging } from './staging.ts';

const M = moment;
const N = NOW;
const ROOM_OWN = roomConstants.size;
const SET_OWN = setConstants.size;
const TOLD = inputLayout.size;
const R = roomLayout.at;
const W = setLayout.at;
const P = pumpLayout.at;

/** What the mains' last solve found at a booster whose pumps are part of it. */
export interface BoosterSeen {
  /** MPa before and behind the pumps */
  suction: number;
  outlet: number;
  /** m³/h of each pump, and through the bypass */
  flows: Float64Array;
  bypass: number;
  /** Hz at which each pump turned in that solve */
  hz: Float64Array;
  /** by how much the node behind lies above that before, MPa of water */
  rise: number;
}

/** Share of the way to the right frequency taken in a second: half of it between two solves of the mains. */
const PACE = 0.1;
/** Behind the pumps lies a zone, not a riser: a pump joins and leaves at this rate, Hz/s. */
const RAMP = 2.5;

/**
 * Lets booster `k`, whose pumps are links of the mains, follow them for `dt` s; `stepRooms` does the rest. Their speed is fixed during a solve of the
 * mains; the controller acts here, between solves, on the pressure the last one found. It integrates only, as
 * fast as a pressure that is known every five seconds allows.
 * @returns by how much a pump's speed moved at most, Hz
 */
export function stepBooster(rooms: Rooms, k: number, seen: BoosterSeen, dt: number): number {
  const { row, inputs, firstSet, firstPump, constants } = rooms;
  const i = roomAt(k);
  const n = firstSet[k]!;
  const s = setAt(rooms, n);
  const own = constants.row;
  const c = constants.setStart + n * SET_OWN;
  const powered = inputs[k * TOLD + inputLayout.at.power]!;
  row[i + R.mains] = powered;
  row[i + R.inletPressure] = seen.suction;
  row[i + R.stabilised] = seen.suction;
  stepProtection(rooms, i, k * ROOM_OWN, dt);
  row[s + W.pressure] = seen.outlet;
  row[s + W.critical] = Math.max(0, seen.outlet - own[c + setConstants.at.topStatic]!);
  const pumped = carried(rooms, n, seen);
  const passed = overSeconds(pumped, dt);
  row[s + W.pumped] = pumped;
  row[s + W.delivered] = pumped;
  row[s + W.total] = row[s + W.total]! + passed;
  row[i + R.inflow] = pumped;
  row[i + R.inletTotal] = row[i + R.inletTotal]! + passed;
  const allowed = powered === 1 && row[i + R.dry] === 0;
  M[N.cap] = row[i + R.speedCap]!;
  M[N.suction] = seen.suction;
  // in the mains all its pumps have the curve on file
  aim(row, s, own, constants.ofPump[firstPump[n]!]! + pumpConstants.at.curveHead);
  measureZero(rooms, n, seen);
  const before = runningPumps(rooms, n);
  stepStaging(rooms, n, allowed, dt);
  stepSpeed(row, s, dt);
  handOver(row, s, before, runningPumps(rooms, n));
  return movePumps(rooms, n, dt);
}

function runningPumps(rooms: Rooms, n: number): number {
  const { row, firstPump } = rooms;
  let count = 0;
  for (let j = firstPump[n]!; j < firstPump[n + 1]!; j++) count += row[pumpAt(rooms, j) + P.run]!;
  return count;
}

/**
 * The frequency at which the running pumps just hold the set-point, from what they did in the last solve: their head at no flow is
 * what they lifted and what the curve on file loses at their flow. So it is true of works and mains that are not as on file.
 */
export function measureZero(
  rooms: Rooms,
  n: number,
  { suction, outlet, flows, hz, rise }: BoosterSeen,
): void {
  const { row, firstPump, constants } = rooms;
  const first = firstPump[n]!;
  let turning = 0;
  let flow = 0;
  let speed = 0;
  for (let j = first; j < firstPump[n + 1]!; j++) {
    if (!(flows[j - first]! > 0)) continue;
    turning++;
    flow += flows[j - first]!;
    speed += hz[j - first]!;
  }
  const lift = outlet - suction + rise;
  if (turning === 0 || lift <= 0) return;
  const loss = constants.row[constants.ofPump[first]! + pumpConstants.at.curveLoss]! * (flow / turning) ** 2;
  const wished = row[setAt(rooms, n) + W.setpoint]! - suction + rise;
  holdAt((speed / turning) * Math.sqrt(Math.max(0, wished) / (lift + mpaFromMetres(loss))));
}

/**
 * As a pump joins or leaves, the common frequency goes to where as many pumps give what others gave: the loop alone, which
 * sees the pressure after the fact, would let it leap by as much as one pump lifts, and the protection would stop all.
 * At one pressure the flow of a pump goes with the root of f² − f₀², f₀ where it just holds it (affinity laws on H = H₀ − aQ²).
 */
export function handOver(row: Float64Array, s: number, before: number, after: number): void {
  if (before === 0 || after === 0 || before === after) return;
  const zero = M[N.zero]!;
  const frequency = row[s + W.frequency]!;
  const share = before / after;
  const square = zero * zero + share * share * Math.max(0, frequency * frequency - zero * zero);
  const lowest = M[N.lowest]!;
  row[s + W.frequency] = Math.max(lowest, Math.min(Math.max(lowest, M[N.cap]!), Math.sqrt(square)));
}

/** Gives each pump of set `n` the flow it had in the solve. Returns all that passed, m³/h. */
function carried(rooms: Rooms, n: number, { flows, bypass }: BoosterSeen): number {
  const { row, firstPump } = rooms;
  const first = firstPump[n]!;
  let sum = bypass;
  for (let j = first; j < firstPump[n + 1]!; j++) {
    const p = pumpAt(rooms, j);
    const flow = row[p + P.hz]! > 0 ? flows[j - first]! : 0;
    row[p + P.flow] = flow;
    sum += flow;
  }
  return sum;
}

/** Pressure follows the square of frequency, so that `Δf = Δp f / 2 lift` would be the whole way. */
function stepSpeed(row: Float64Array, s: number, dt: number): void {
  const lowest = M[N.lowest]!;
  const highest = Math.max(lowest, M[N.cap]!);
  const setpoint = row[s + W.setpoint]!;
  let frequency = 0;
  if (row[s + W.wanted]! > 0) {
    const now = Math.max(lowest, row[s + W.frequency]!);
    const error = setpoint - seenPressure(row, s);
    const lift = Math.max(0.02, setpoint - M[N.suction]!);
    const move = (row[s + W.tuning]! * PACE * dt * error * now) / (2 * lift);
    frequency = Math.min(highest, Math.max(lowest, now + Math.max(-RAMP * dt, Math.min(RAMP * dt, move))));
  }
  row[s + W.target] = setpoint;
  row[s + W.frequency] = frequency;
  row[s + W.integral] = frequency;
}

/** @returns by how much one moved at most, Hz */
function movePumps(rooms: Rooms, n: number, dt: number): number {
  let most = 0;
  const lowest = M[N.lowest]!;
  const { row, firstPump } = rooms;
  const frequency = row[setAt(rooms, n) + W.frequency]!;
  for (let j = firstPump[n]!; j < firstPump[n + 1]!; j++) {
    const p = pumpAt(rooms, j);
    const running = row[p + P.run] === 1;
    const goal = running ? frequency : 0;
    const ramp = (row[p + P.fault] === 1 ? LOOP.coast : LOOP.ramp / 2) * dt;
    let speed = Math.max(row[p + P.hz]! - ramp, Math.min(row[p + P.hz]! + ramp, goal));
    // below this speed a pump gives nothing against the others, and its check valve is shut
    if (speed < lowest) speed = running ? Math.min(lowest, goal) : 0;
    most = Math.max(most, Math.abs(speed - row[p + P.hz]!));
    row[p + P.hz] = speed;
  }
  return most;
}
