import type { Random } from '#sim/random.ts';
import { stepElectric } from './electric.ts';
import { stepProtection } from './inlet.ts';
import { LOOP, lowestFrequency } from './loop.ts';
import { stepStaging } from './staging.ts';
import { type Room, type SetRoom, seenPressure } from './state.ts';
import type { RoomInputs } from './step.ts';
import { stepSurroundings } from './surroundings.ts';
import { stepWater } from './water.ts';

/** What the mains' last solve found at a booster whose pumps are part of it. */
export interface BoosterSeen {
  /** MPa before and behind the pumps */
  suction: number;
  outlet: number;
  /** m³/h of each pump, and through the bypass */
  flows: Float64Array;
  bypass: number;
}

/** Share of the way to the right frequency taken in a second: half of it between two solves of the mains. */
const PACE = 0.1;
/** Behind the pumps lies a zone, not a riser: a pump joins and leaves at this rate, Hz/s. */
const RAMP = 2.5;

/**
 * Moves a booster on by `dt` s whose pumps are links of the mains. Their speed is fixed during a solve of the
 * mains; the controller acts here, between solves, on the pressure the last one found. It integrates only, as
 * fast as a pressure that is known every five seconds allows.
 */
export function stepBooster(
  room: Room,
  inputs: RoomInputs,
  seen: BoosterSeen,
  dt: number,
  random: Random,
): void {
  const { spec, state } = room;
  const set = room.sets[0]!;
  state.mains = inputs.power;
  state.inletPressure = seen.suction;
  state.stabilised = seen.suction;
  stepProtection(room, dt);
  set.state.pressure = seen.outlet;
  set.state.critical = Math.max(0, seen.outlet - spec.sets[0]!.topStatic);
  const allowed = state.mains === 1 && state.dry === 0;
  const lowest = lowestFrequency(spec.sets[0]!, set.state, seen.suction);
  let pumped = seen.bypass;
  for (let k = 0; k < set.pumps.length; k++) {
    const pump = set.pumps[k]!;
    pump.flow = pump.hz > 0 ? seen.flows[k]! : 0;
    pumped += pump.flow;
  }
  set.state.pumped = pumped;
  set.state.delivered = pumped;
  set.state.total += (pumped * dt) / 3600;
  state.inflow = pumped;
  state.inletTotal += (pumped * dt) / 3600;
  stepStaging(spec.sets[0]!, set, allowed, seen.suction, state.speedCap, lowest, dt);
  stepSpeed(set, state.speedCap, lowest, seen.suction, dt);
  stepElectric(room, dt);
  stepWater(room, inputs.chlorine, inputs.water, 0, dt);
  stepSurroundings(room, inputs.outside, inputs.hour, dt, random);
}

/** Pressure follows the square of frequency, so that `Δf = Δp f / 2 lift` would be the whole way. */
function stepSpeed(
  { state, pumps }: SetRoom,
  cap: number,
  lowest: number,
  suction: number,
  dt: number,
): void {
  state.target = state.setpoint;
  if (state.wanted > 0) {
    const now = Math.max(lowest, state.frequency);
    const error = state.setpoint - seenPressure(state);
    const lift = Math.max(0.02, state.setpoint - suction);
    const move = (state.tuning * PACE * dt * error * now) / (2 * lift);
    const high = Math.max(lowest, cap);
    state.frequency = Math.min(high, Math.max(lowest, now + Math.max(-RAMP * dt, Math.min(RAMP * dt, move))));
  } else {
    state.frequency = 0;
  }
  state.integral = state.frequency;
  for (let k = 0; k < pumps.length; k++) {
    const pump = pumps[k]!;
    const goal = pump.run === 1 ? state.frequency : 0;
    const ramp = (pump.fault === 1 ? LOOP.coast : LOOP.ramp / 2) * dt;
    pump.hz = Math.max(pump.hz - ramp, Math.min(pump.hz + ramp, goal));
    // below this speed a pump gives nothing against the others, and its check valve is shut
    if (pump.run === 1 && pump.hz < lowest) pump.hz = Math.min(lowest, goal);
    if (pump.run === 0 && pump.hz < lowest) pump.hz = 0;
  }
}
