import type { Random } from '#sim/random.ts';
import { metresFromMpa, overSeconds } from '#twin/units.ts';
import { stepElectric } from './electric.ts';
import { settleTank } from './fill.ts';
import { dryLimits } from './inlet.ts';
import { type RoomInputs, tellRoom } from './inputs.ts';
import { moment, NOW } from './moment.ts';
import { drawn } from './pressure.ts';
import type { Rooms } from './rooms.ts';
import { type SetSpec, zeroFlowFrequency } from './spec.ts';
import { addFrequency, matchPumps, readyPumps, STAGING } from './staging.ts';
import type { Room, SetRoom } from './state.ts';
import { tankPressure } from './step.ts';
import { stepSurroundings } from './surroundings.ts';
import { stepWater } from './water.ts';

/** Below this share of a pump's rated flow the set is mostly asleep. */
const ASLEEP_SHARE = 0.01;

/**
 * Moves a room on by minutes at once: every pump set at the steady speed and pump count its mean demand asks
 * for, the tank integrated between the switchings of its valve, energy, totals, chlorine and temperatures
 * from the means. For bringing rooms through hours; `stepRoom` may go on from where it ends.
 * @param dt 60 … 600 s
 */
export function settleRoom(room: Room, inputs: RoomInputs, dt: number, random: Random): void {
  const { spec, state, rooms, index } = room;
  tellRoom(rooms, index, inputs);
  state.mains = inputs.power;
  const limits = dryLimits(spec.kind);
  const store = spec.tank ? state.volume / spec.tank.volume : inputs.mains;
  state.dry = store < (state.dry === 1 ? limits.restart : limits.stop) ? 1 : 0;
  state.dryTime = 0;
  state.speedCap = 50;
  const allowed = state.mains === 1 && state.dry === 0;
  const suction = spec.tank ? tankPressure(state.volume / spec.tank.area) : state.stabilised;
  const first = rooms.firstSet[index]!;
  let out = 0;
  for (let k = 0; k < room.sets.length; k++) {
    settleSet(rooms, first + k, spec.sets[k]!, room.sets[k]!, allowed, suction, inputs.demand[k]!, dt);
    out += room.sets[k]!.state.pumped;
  }
  if (spec.tank) {
    moment[NOW.meanVolume] = settleTank(room, inputs.mains, out, dt);
  } else {
    state.inflow = out;
    state.inletPressure = Math.max(0, inputs.mains - spec.inlet.branch * out * out);
    state.stabilised = state.inletPressure;
  }
  state.inletTotal += overSeconds(state.inflow, dt);
  stepElectric(rooms, index, dt);
  stepWater(rooms, index, dt);
  stepSurroundings(rooms, index, index + 1, dt, random);
}

function settleSet(
  rooms: Rooms,
  s: number,
  spec: SetSpec,
  set: SetRoom,
  allowed: boolean,
  suction: number,
  demand: number,
  dt: number,
): void {
  const { state, pumps } = set;
  state.demand = demand;
  resetTimers(set);
  const wish = drawn(spec, state.setpoint, state.setpoint, demand);
  const ready = allowed ? readyPumps(rooms, s) : 0;
  const direct = spec.bypass > 0 && suction >= state.setpoint;
  const resting = direct || wish < ASLEEP_SHARE * spec.ratedFlow;
  state.asleep = ready > 0 && resting ? 1 : 0;
  state.restPressure = state.pressure;
  state.restTotal = state.total;
  state.wanted = resting ? 0 : pumpsFor(spec, state.setpoint, suction, wish, state.wanted, ready);
  for (let k = 0; k < pumps.length; k++) matchPumps(rooms, s, dt);
  const flow = state.wanted > 0 || (allowed && resting) ? wish : 0;
  const hz =
    state.wanted > 0 ? Math.min(50, frequencyFor(spec, state.setpoint, suction, wish / state.wanted)) : 0;
  for (const pump of pumps) {
    pump.hz = pump.run === 1 ? hz : 0;
    pump.flow = pump.run === 1 && state.wanted > 0 ? flow / state.wanted : 0;
  }
  state.frequency = hz;
  state.integral = hz;
  state.pressure = flow > 0 ? Math.max(suction, state.setpoint) : Math.min(state.pressure, spec.meanStatic);
  state.target = state.pressure;
  state.pumped = flow;
  state.delivered = flow;
  const share = Math.min(1.3, flow / spec.designFlow);
  state.critical = Math.max(0, state.pressure - spec.topStatic - spec.riserLoss * share * share);
  state.total += overSeconds(flow, dt);
}

/** Pumps that hold a pressure at a flow: as many as now when they can, as the staging would leave them. */
function pumpsFor(
  spec: SetSpec,
  pressure: number,
  suction: number,
  flow: number,
  now: number,
  ready: number,
): number {
  if (ready === 0) return 0;
  let n = Math.min(ready, Math.max(1, now));
  const zero = zeroFlowFrequency(spec.shutoffHead, pressure, suction);
  const add = addFrequency(zero);
  const spare = Math.max(STAGING.dropFrequency, zero + STAGING.dropRange * (50 - zero));
  while (n < ready && frequencyFor(spec, pressure, suction, flow / n) > add) n++;
  while (n > 1 && frequencyFor(spec, pressure, suction, flow / (n - 1)) < spare) n--;
  return n;
}

/** Frequency at which one pump of a set delivers a flow at a pressure, Hz. */
function frequencyFor(spec: SetSpec, pressure: number, suction: number, flow: number): number {
  const pump = spec.pumps[0]!;
  const head = metresFromMpa(pressure - suction) + pump.resistance * flow * flow;
  return 50 * Math.sqrt(Math.max(0, head) / pump.shutoffHead);
}

function resetTimers({ state }: SetRoom): void {
  state.boosting = 0;
  state.tripped = 0;
  state.addTime = 0;
  state.dropTime = 0;
  state.lowTime = 0;
  state.wakeTime = 0;
  state.overTime = 0;
}
