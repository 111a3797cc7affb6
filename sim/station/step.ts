import type { Random } from '#sim/random.ts';
import { mpaFromMetres } from '#twin/units.ts';
import { stepElectric } from './electric.ts';
import { stepDirectInlet, stepProtection, stepTankInlet } from './inlet.ts';
import { loopGain, lowestFrequency, stepLoop } from './loop.ts';
import { stepPressure } from './pressure.ts';
import type { SetSpec } from './spec.ts';
import { stepStaging } from './staging.ts';
import type { Room, SetRoom } from './state.ts';
import { stepSurroundings } from './surroundings.ts';
import { stepWater } from './water.ts';

/** What reaches a room from outside while a step lasts. */
export interface RoomInputs {
  /** pressure in the main before the service branch, MPa */
  mains: number;
  /** 1 while the grid supplies the room */
  power: number;
  /** chlorine of the arriving water, mg/L */
  chlorine: number;
  /** arriving water and outside air, °C; local hour of the day */
  water: number;
  outside: number;
  hour: number;
  /** what each pump set's building would take at its set-point, m³/h */
  demand: Float64Array;
}

/** The pressure loop runs in parts of a step not longer than this, s; near its set-point in longer ones. */
const LOOP_STEP = 0.25;
const QUIET_STEP = 0.5;
/** MPa and Hz: what counts as near. */
const QUIET = { error: 0.01, speed: 0.5 };

/**
 * Moves a room on by `dt` seconds, at most a second or two: protection, inlet, pump sets, tank, electricity,
 * water, surroundings. Draws from `random` for the surroundings only.
 */
export function stepRoom(room: Room, inputs: RoomInputs, dt: number, random: Random): void {
  const { spec, state } = room;
  state.mains = inputs.power;
  stepProtection(room, dt);
  if (spec.tank) stepTankInlet(room, inputs.mains, dt);
  else stepDirectInlet(room, inputs.mains, dt);
  const allowed = state.mains === 1 && state.dry === 0;
  const suction = spec.tank ? tankPressure(state.volume / spec.tank.area) : state.stabilised;
  let out = 0;
  for (let k = 0; k < room.sets.length; k++) {
    const set = room.sets[k]!;
    stepSet(spec.sets[k]!, set, allowed, suction, state.speedCap, inputs.demand[k]!, dt);
    out += (set.state.pumped * dt) / 3600;
  }
  state.inletTotal += (state.inflow * dt) / 3600;
  if (spec.tank) balanceTank(room, out, dt);
  stepElectric(room, dt);
  stepWater(room, inputs.chlorine, inputs.water, state.volume, dt);
  stepSurroundings(room, inputs.outside, inputs.hour, dt, random);
}

/** Pressure at the pumps from the water above them, MPa. */
export function tankPressure(level: number): number {
  return mpaFromMetres(level);
}

/** One pump set over `dt` s; leaves the means of its flows over the step in its state. */
function stepSet(
  spec: SetSpec,
  set: SetRoom,
  allowed: boolean,
  suction: number,
  cap: number,
  demand: number,
  dt: number,
): void {
  const { state } = set;
  state.demand = demand;
  const lowest = lowestFrequency(spec, state, suction);
  const gain = loopGain(spec, state, suction);
  stepStaging(spec, set, allowed, suction, cap, lowest, dt);
  // at rest nothing moves fast: one step will do
  const longest = quiet(set) ? QUIET_STEP : LOOP_STEP;
  const parts = state.wanted === 0 && still(set) ? 1 : Math.max(1, Math.ceil(dt / longest));
  const h = dt / parts;
  let pumped = 0;
  let delivered = 0;
  for (let i = 0; i < parts; i++) {
    stepLoop(set, cap, lowest, gain, h);
    stepPressure(spec, set, suction, demand, h);
    pumped += state.pumped;
    delivered += state.delivered;
  }
  state.pumped = pumped / parts;
  state.delivered = delivered / parts;
  state.total += (state.delivered * dt) / 3600;
}

/** Near the set-point, every running pump at the common speed and every other at rest. */
function quiet({ state, pumps }: SetRoom): boolean {
  if (state.tuning !== 1 || Math.abs(state.target - state.pressure) > QUIET.error) return false;
  for (let k = 0; k < pumps.length; k++) {
    const pump = pumps[k]!;
    if (Math.abs(pump.hz - pump.run * state.frequency) > QUIET.speed) return false;
  }
  return true;
}

function still({ pumps }: SetRoom): boolean {
  for (let k = 0; k < pumps.length; k++) if (pumps[k]!.hz > 0) return false;
  return true;
}

/** @param out water the pumps took during the step, m³ */
function balanceTank({ spec, state }: Room, out: number, dt: number): void {
  const volume = state.volume + (state.inflow * dt) / 3600 - out;
  const over = Math.max(0, volume - spec.tank!.volume);
  state.spilled += over;
  // pumps stop well above the bottom; a rest below it is what a strainer would no longer draw
  state.volume = Math.max(0, volume - over);
}
