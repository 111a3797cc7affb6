import type { Random } from '#sim/random.ts';
import { overSeconds } from '#twin/units.ts';
import { type BoosterSeen, handOver, measureZero } from './boosterStep.ts';
import { pumpConstants } from './constants.ts';
import { stepElectric } from './electric.ts';
import { dryLimits } from './inlet.ts';
import { type RoomInputs, tellRoom } from './inputs.ts';
import { aim, LOOP } from './loop.ts';
import { moment, NOW } from './moment.ts';
import { setAt } from './rooms.ts';
import { addFrequency, matchPumps, readyPumps, wouldDo } from './staging.ts';
import type { Room } from './state.ts';
import { stepSurroundings } from './surroundings.ts';
import { stepWater } from './water.ts';

/** Hz of a booster that has not run yet */
const FIRST = 44;

/**
 * Moves a booster whose pumps are links of the mains on by minutes at once: to the speed that corrects the whole error of the
 * last solve, `Δf = Δp f / 2 lift`, and to as many pumps as its staging would leave there. Demand moves so little in some
 * minutes that one correction a step follows it. `stepBooster` may go on from where it ends.
 * @param dt 60 … 600 s
 */
export function settleBooster(
  room: Room,
  inputs: RoomInputs,
  seen: BoosterSeen,
  dt: number,
  random: Random,
): void {
  const { spec, state, rooms, index } = room;
  tellRoom(rooms, index, inputs);
  const n = rooms.firstSet[index]!;
  const { state: loop, pumps } = room.sets[0]!;
  const setSpec = spec.sets[0]!;
  state.mains = inputs.power;
  state.inletPressure = seen.suction;
  state.stabilised = seen.suction;
  const limits = dryLimits(spec.kind);
  state.dry = seen.suction < (state.dry === 1 ? limits.restart : limits.stop) ? 1 : 0;
  state.dryTime = 0;
  state.speedCap = 50;
  let pumped = seen.bypass;
  for (let k = 0; k < pumps.length; k++) {
    const pump = pumps[k]!;
    pump.flow = pump.hz > 0 ? seen.flows[k]! : 0;
    pumped += pump.flow;
  }
  loop.pressure = seen.outlet;
  loop.critical = Math.max(0, seen.outlet - setSpec.topStatic);
  loop.pumped = pumped;
  loop.delivered = pumped;
  loop.total += overSeconds(pumped, dt);
  state.inflow = pumped;
  state.inletTotal += overSeconds(pumped, dt);
  const ready = state.mains === 1 && state.dry === 0 ? readyPumps(rooms, n) : 0;
  const s = setAt(rooms, n);
  const { row } = rooms;
  const { row: own, ofPump } = rooms.constants;
  moment[NOW.suction] = seen.suction;
  moment[NOW.cap] = LOOP.highest;
  aim(row, s, own, ofPump[rooms.firstPump[n]!]! + pumpConstants.at.curveHead);
  measureZero(rooms, n, seen);
  let wanted = Math.min(ready, Math.max(1, loop.wanted));
  const now = loop.frequency > 0 ? loop.frequency : FIRST;
  const lift = Math.max(0.02, loop.setpoint - seen.suction);
  const move = ((loop.setpoint - seen.outlet) * now) / (2 * lift);
  loop.frequency = Math.min(LOOP.highest, Math.max(moment[NOW.lowest]!, now + move));
  while (wanted < ready && loop.frequency >= addFrequency(moment[NOW.zero]!))
    handOver(row, s, wanted, ++wanted);
  while (wanted > 1 && wouldDo(row, s, wanted)) handOver(row, s, wanted, --wanted);
  loop.wanted = wanted;
  for (let k = 0; k < pumps.length; k++) matchPumps(rooms, n, dt);
  if (wanted === 0) loop.frequency = 0;
  loop.integral = loop.frequency;
  loop.target = loop.setpoint;
  for (const pump of pumps) pump.hz = pump.run === 1 ? loop.frequency : 0;
  stepElectric(rooms, index, dt);
  moment[NOW.meanVolume] = 0;
  stepWater(rooms, index, dt);
  stepSurroundings(rooms, index, index + 1, dt, random);
}
