import type { Random } from '#sim/random.ts';
import type { Room } from './state.ts';

/** Time constants, s. */
const WALLS = 5400;
const MOISTURE = 3600;
const FADING = 90;
const SUPPLY = 40;
/** K per kW of losses, and where the ventilation starts, °C. */
const WARMING = 2.2;
const VENTILATION = 31;
const LOSS_SHARE = 0.15;
/** The door stands open so long at the beginning and the end of a visit, s. */
const DOOR_OPEN = 25;
/** Sound power of a kW, relative: 52 and, behind enclosures, 49 dB(A) in the room. */
const ROOM_SOUND = 10 ** 5.2;
const BOOSTER_SOUND = 10 ** 4.9;
const WORKING_HOURS = [8, 18] as const;
/** UPS, V: floating, empty, and what an hour takes and gives. */
const UPS = { full: 27.2, empty: 20, drain: 6, charge: 3 } as const;

/** Room climate, door, UPS, supply voltages and radio over `dt` s. @param outside °C @param hour local */
export function stepSurroundings(
  room: Room,
  outside: number,
  hour: number,
  dt: number,
  random: Random,
): void {
  const { spec, state } = room;
  const { condition } = spec;
  const heat = state.kw * LOSS_SHARE;
  // large rooms with large pumps lose their heat over larger walls
  const warm = outside + condition.roomWarmth + (WARMING * heat) / (1 + 0.05 * spec.ratedKw);
  const aired = warm > VENTILATION ? VENTILATION + 0.4 * (warm - VENTILATION) : warm;
  state.roomTemperature += (aired - state.roomTemperature) * Math.min(1, dt / WALLS);
  const damp = condition.humidity + 5 * Math.cos((2 * Math.PI * (hour - 6)) / 24);
  state.humidity += (damp - state.humidity) * Math.min(1, dt / MOISTURE);
  stepDoor(room, hour, dt, random);
  const power = state.mains === 1 ? UPS.charge : -UPS.drain;
  state.upsVolts = Math.min(UPS.full, Math.max(UPS.empty, state.upsVolts + (power * dt) / 3600));
  state.fading = wander(state.fading, FADING, dt, random);
  state.delay = wander(state.delay, FADING / 4, dt, random);
  state.sag = wander(state.sag, SUPPLY, dt, random);
  state.unbalance = wander(state.unbalance, 10 * SUPPLY, dt, random);
}

/** Sum of the idle room and its pumps, dB(A). */
export function noiseLevel({ spec, state, sets }: Room): number {
  const perKw = spec.kind === 'booster' ? BOOSTER_SOUND : ROOM_SOUND;
  let sound = 10 ** (spec.condition.quietNoise / 10);
  for (const { pumps } of sets) {
    for (const pump of pumps) sound += perKw * pump.kw * (pump.hz / 50);
  }
  if (state.door === 1) sound += ROOM_SOUND;
  return 10 * Math.log10(sound);
}

function stepDoor({ spec, state }: Room, hour: number, dt: number, random: Random): void {
  if (state.visitIn === 0) state.visitIn = random.exponential(spec.condition.daysBetweenVisits * 86_400) + 1;
  if (state.visitLeft > 0) {
    const before = state.visitLeft;
    state.visitLeft = Math.max(0, before - dt);
    const arriving = state.door === 1 && state.visitIn < DOOR_OPEN;
    state.visitIn += dt;
    state.door = arriving || state.visitLeft < DOOR_OPEN ? 1 : 0;
    if (state.visitLeft === 0) {
      state.door = 0;
      state.visitIn = 0;
    }
    return;
  }
  state.visitIn = Math.max(1e-3, state.visitIn - dt);
  if (state.visitIn > 1e-3 || hour < WORKING_HOURS[0] || hour > WORKING_HOURS[1]) return;
  state.visitLeft = 2 * DOOR_OPEN + random.exponential(1200);
  state.visitIn = 1e-3;
  state.door = 1;
}

/** Ornstein-Uhlenbeck process of unit variance. */
function wander(x: number, time: number, dt: number, random: Random): number {
  const share = Math.min(1, dt / time);
  return x * (1 - share) + Math.sqrt(share * (2 - share)) * random.roughNormal();
}
