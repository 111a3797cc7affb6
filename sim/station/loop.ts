import { type SetSpec, zeroFlowFrequency } from './spec.ts';
import { type SetRoom, type SetState, seenPressure } from './state.ts';

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

/** Lowest frequency of a set: somewhat below the one at which its pumps just hold the pressure, Hz. */
export function lowestFrequency(spec: SetSpec, state: SetState, suction: number): number {
  const zero = zeroFlowFrequency(spec, state.setpoint, suction);
  return Math.max(LOOP.lowest, Math.min(0.92 * zero, 46));
}

/** Gain of a set's controller, Hz/MPa: pressure follows the square of frequency, `dp/df = 2 p/f`. */
export function loopGain(spec: SetSpec, state: SetState, suction: number): number {
  const lift = Math.max(0.01, state.setpoint - suction);
  const gain = (LOOP.closedGain * zeroFlowFrequency(spec, state.setpoint, suction)) / (2 * lift);
  return state.tuning * Math.min(LOOP.gain[1], Math.max(LOOP.gain[0], gain));
}

/**
 * Moves the controller and the speeds of the pumps by `h` seconds.
 * @param cap highest frequency allowed now, Hz
 * @param lowest lowest frequency, Hz
 * @param gain Hz/MPa
 */
export function stepLoop(
  { state, pumps }: SetRoom,
  cap: number,
  lowest: number,
  gain: number,
  h: number,
): void {
  if (state.wanted > 0 && state.tripped === 0) {
    const seen = seenPressure(state);
    const goal = state.setpoint + (state.boosting > 0 ? LOOP.boost : 0);
    state.target =
      state.target < goal ? Math.min(goal, Math.max(state.target, seen) + LOOP.softFill * h) : goal;
    if (goal - state.target < 0.05) state.target = goal;
    const error = state.target - seen;
    const high = Math.max(lowest, cap);
    const integral = state.integral + (gain / LOOP.integralTime) * error * h;
    // the integral holds what the ramp and the limits let through: no wind-up
    state.integral = Math.min(high, Math.max(lowest, integral));
    const wish = Math.min(high, Math.max(lowest, state.integral + gain * error));
    state.frequency = approach(state.frequency, wish, LOOP.ramp * h, LOOP.ramp * h);
  } else {
    state.frequency = 0;
    state.integral = lowest;
    state.target = Math.min(state.target, state.pressure);
  }
  let running = 0;
  for (let k = 0; k < pumps.length; k++) if (pumps[k]!.run === 1) running++;
  for (let k = 0; k < pumps.length; k++) {
    const pump = pumps[k]!;
    const goal = pump.run === 1 ? state.frequency : 0;
    // in company a pump comes and goes gently; alone, or tripped, it does not
    const gentle = pump.hz > lowest && running > (pump.run === 1 ? 1 : 0) && pump.fault === 0;
    const up = gentle && pump.hz < goal - LOOP.ramp * h ? LOOP.join : LOOP.ramp;
    const down = pump.run === 1 ? LOOP.ramp : gentle ? LOOP.join : LOOP.coast;
    pump.hz = approach(pump.hz, goal, up * h, down * h);
  }
}

function approach(value: number, goal: number, up: number, down: number): number {
  return value < goal ? Math.min(goal, value + up) : Math.max(goal, value - down);
}
