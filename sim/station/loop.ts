import { metresFromMpa } from '#twin/units.ts';
import { pumpLayout, setLayout } from './fields.ts';
import { moment, NOW } from './moment.ts';
import { pumpAt, type Rooms, setAt } from './rooms.ts';
import { seenPressure } from './seen.ts';

const M = moment;
const N = NOW;

const METRES_PER_MPA = metresFromMpa(1);
const W = setLayout.at;
const P = pumpLayout.at;

/**
 * The constant-pressure loop of a pump set: one PI controller for the common frequency of all running pumps.
 * Tuned at commissioning: its gain times the slope of pressure over frequency is at least the same for every set. For a
 * lift of 0.5 MPa that is what drive makers preset, 1 % of frequency per 1 % of a 1.6 MPa span (31 Hz/MPa).
 */
export const LOOP = {
  /** gain of the closed loop, limits of the controller's gain in Hz/MPa, integral time in s */
  closedGain: 0.8,
  gain: [31, 90],
  integralTime: 1,
  /** Hz/s: 0–50 Hz in 5 s; a stopped pump coasts */
  ramp: 10,
  coast: 15,
  /** a pump joins or leaves others that run so slowly, above the frequency at which it delivers */
  join: 2.5,
  /** Hz */
  lowest: 22,
  highest: 50,
  /** rise of the followed set-point after an outage, MPa/s: 0.02 MPa in 10 s */
  softFill: 0.002,
  /** above the set-point before sleep, MPa */
  boost: 0.03,
} as const;

/**
 * Puts into the `moment` what a pump set aims by at its suction, Hz and Hz/MPa: the frequency at which its pumps just
 * hold the set-point, the lowest one, somewhat below, and the controller's gain: pressure follows the square of
 * frequency, `dp/df = 2 p/f`.
 * @param s,shutoffHead where the set's state and the head of its first pump at no flow stand
 */
export function aim(row: Float64Array, s: number, own: Float64Array, shutoffHead: number): void {
  const lift = row[s + W.setpoint]! - M[N.suction]!;
  const zero = 50 * Math.sqrt(Math.max(0, lift * METRES_PER_MPA) / own[shutoffHead]!);
  const gain = (LOOP.closedGain * zero) / (2 * Math.max(0.01, lift));
  holdAt(zero);
  M[N.gain] = row[s + W.tuning]! * Math.min(LOOP.gain[1], Math.max(LOOP.gain[0], gain));
}

/** Puts the frequency at which pumps just hold the set-point into the `moment`, and the lowest one, Hz. */
export function holdAt(zero: number): void {
  M[N.zero] = zero;
  M[N.lowest] = Math.max(LOOP.lowest, Math.min(0.92 * zero, 46));
}

/**
 * Moves the controller of the pump set at `s` of the row by a part of a step: its frequency is what it asks of the
 * pumps. Cap, lowest frequency, gain and length are those of the `moment`.
 */
export function stepLoop(row: Float64Array, s: number): void {
  const lowest = M[N.lowest]!;
  const gain = M[N.gain]!;
  const h = M[N.h]!;
  if (row[s + W.wanted] === 0 || row[s + W.tripped] === 1) {
    row[s + W.frequency] = 0;
    row[s + W.integral] = lowest;
    row[s + W.target] = Math.min(row[s + W.target]!, row[s + W.pressure]!);
    return;
  }
  const seen = seenPressure(row, s);
  const goal = row[s + W.setpoint]! + (row[s + W.boosting]! > 0 ? LOOP.boost : 0);
  let target = row[s + W.target]!;
  target = target < goal ? Math.min(goal, Math.max(target, seen) + LOOP.softFill * h) : goal;
  if (goal - target < 0.05) target = goal;
  const error = target - seen;
  const high = Math.max(lowest, M[N.cap]!);
  // the integral holds what the ramp and the limits let through: no wind-up
  const integral = within(row[s + W.integral]! + (gain / LOOP.integralTime) * error * h, lowest, high);
  const wish = within(integral + gain * error, lowest, high);
  row[s + W.target] = target;
  row[s + W.integral] = integral;
  row[s + W.frequency] = approach(row[s + W.frequency]!, wish, LOOP.ramp * h, LOOP.ramp * h);
}

/** Moves the speeds of the pumps of set `n` by the part of a step of the `moment`. */
export function movePumps(rooms: Rooms, n: number): void {
  const { row, firstPump } = rooms;
  const first = firstPump[n]!;
  const end = firstPump[n + 1]!;
  const frequency = row[setAt(rooms, n) + W.frequency]!;
  const lowest = M[N.lowest]!;
  const h = M[N.h]!;
  const ramp = LOOP.ramp * h;
  let running = 0;
  for (let k = first; k < end; k++) running += row[pumpAt(rooms, k) + P.run]!;
  for (let k = first; k < end; k++) {
    const p = pumpAt(rooms, k);
    const on = row[p + P.run] === 1;
    const now = row[p + P.hz]!;
    const goal = on ? frequency : 0;
    // in company a pump comes and goes gently; alone, or tripped, it does not
    const gentle = now > lowest && running > (on ? 1 : 0) && row[p + P.fault] === 0;
    const up = gentle && now < goal - ramp ? LOOP.join * h : ramp;
    const down = on ? ramp : (gentle ? LOOP.join : LOOP.coast) * h;
    row[p + P.hz] = approach(now, goal, up, down);
  }
}

function within(value: number, low: number, high: number): number {
  return value < low ? low : value > high ? high : value;
}

function approach(value: number, goal: number, up: number, down: number): number {
  if (value < goal) return value + up < goal ? value + up : goal;
  return value - down > goal ? value - down : goal;
}
