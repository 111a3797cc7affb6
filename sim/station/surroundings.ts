import type { Random } from '#sim/random.ts';
import { overSeconds } from '#twin/units.ts';
import { KIND, roomConstants } from './constants.ts';
import { inputLayout, pumpLayout, roomLayout } from './fields.ts';
import { type Rooms, roomAt } from './rooms.ts';

const ROOM_OWN = roomConstants.size;
const TOLD = inputLayout.size;
const ROOM = roomLayout.size;
const PUMP = pumpLayout.size;

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
/** The pump of the sump starts and stops at these levels, m; it empties the sump within seconds. */
const SUMP = { start: 0.12, stop: 0.03 } as const;
/** A crew that comes so many days after the last cleaning cleans the tank: a quarter may not go by (Fujian, 2018). */
const CLEANED_AFTER = 60;
const DAY = 86_400;
/** UPS, V: floating, empty, and what an hour takes and gives. */
const UPS = { full: 27.2, empty: 20, drain: 6, charge: 3 } as const;

const R = roomLayout.at;
const IN = inputLayout.at;
const C = roomConstants.at;
const P = pumpLayout.at;

/** What wanders by itself: fields, and how long each remembers, s. */
const WANDERING = [
  [R.fading, FADING],
  [R.delay, FADING / 4],
  [R.sag, SUPPLY],
  [R.unbalance, 10 * SUPPLY],
] as const;

/** Room climate, door, UPS, supply voltages and radio of rooms `from … to` over `dt` s. */
export function stepSurroundings(rooms: Rooms, from: number, to: number, dt: number, random: Random): void {
  stepClimate(rooms, from, to, dt);
  for (let k = from; k < to; k++) {
    stepDoor(rooms, k, dt, random);
    stepUpkeep(rooms, k, dt);
  }
  for (const [field, time] of WANDERING) {
    // an Ornstein-Uhlenbeck process of unit variance
    const share = Math.min(1, dt / time);
    const records = rooms.row.subarray(roomAt(from) + field, roomAt(to));
    random.wander(records, ROOM, 1 - share, Math.sqrt(share * (2 - share)));
  }
}

function stepClimate({ row, inputs, constants }: Rooms, from: number, to: number, dt: number): void {
  const own = constants.row;
  const warming = Math.min(1, dt / WALLS);
  const drying = Math.min(1, dt / MOISTURE);
  let hour = Number.NaN;
  let dew = 0;
  for (let k = from; k < to; k++) {
    const i = roomAt(k);
    const c = k * ROOM_OWN;
    const told = k * TOLD;
    // large rooms with large pumps lose their heat over larger walls
    const heat = (WARMING * row[i + R.kw]! * LOSS_SHARE) / (1 + 0.05 * own[c + C.ratedKw]!);
    const warm = inputs[told + IN.outside]! + own[c + C.roomWarmth]! + heat;
    const aired = warm > VENTILATION ? VENTILATION + 0.4 * (warm - VENTILATION) : warm;
    row[i + R.roomTemperature] =
      row[i + R.roomTemperature]! + (aired - row[i + R.roomTemperature]!) * warming;
    if (inputs[told + IN.hour] !== hour) {
      hour = inputs[told + IN.hour]!;
      dew = 5 * Math.cos((2 * Math.PI * (hour - 6)) / 24);
    }
    row[i + R.humidity] = row[i + R.humidity]! + (own[c + C.humidity]! + dew - row[i + R.humidity]!) * drying;
    const power = row[i + R.mains] === 1 ? UPS.charge : -UPS.drain;
    row[i + R.upsVolts] = Math.min(
      UPS.full,
      Math.max(UPS.empty, row[i + R.upsVolts]! + overSeconds(power, dt)),
    );
  }
}

/** Sum of the idle room `k` and its pumps, dB(A). */
export function noiseLevel({ row, constants, pumpStart, firstSet, firstPump }: Rooms, k: number): number {
  const own = k * ROOM_OWN;
  const perKw = constants.row[own + C.kind] === KIND.booster ? BOOSTER_SOUND : ROOM_SOUND;
  let sound = constants.row[own + C.quietSound]!;
  const last = pumpStart + firstPump[firstSet[k + 1]!]! * PUMP;
  for (let p = pumpStart + firstPump[firstSet[k]!]! * PUMP; p < last; p += PUMP)
    sound += perKw * row[p + P.kw]! * (row[p + P.hz]! / 50);
  if (row[roomAt(k) + R.door] === 1) sound += ROOM_SOUND;
  return 10 * Math.log10(sound);
}

function stepDoor({ row, inputs, constants }: Rooms, k: number, dt: number, random: Random): void {
  const i = roomAt(k);
  if (row[i + R.visitIn] === 0) {
    const days = constants.row[k * ROOM_OWN + C.daysBetweenVisits]!;
    row[i + R.visitIn] = random.exponential(days * DAY) + 1;
  }
  if (row[i + R.visitLeft]! > 0) {
    const left = Math.max(0, row[i + R.visitLeft]! - dt);
    const arriving = row[i + R.door] === 1 && row[i + R.visitIn]! < DOOR_OPEN;
    row[i + R.visitLeft] = left;
    row[i + R.visitIn] = left === 0 ? 0 : row[i + R.visitIn]! + dt;
    row[i + R.door] = left > 0 && (arriving || left < DOOR_OPEN) ? 1 : 0;
    return;
  }
  row[i + R.visitIn] = Math.max(1e-3, row[i + R.visitIn]! - dt);
  const hour = inputs[k * TOLD + IN.hour]!;
  if (row[i + R.visitIn]! > 1e-3 || hour < WORKING_HOURS[0] || hour > WORKING_HOURS[1]) return;
  row[i + R.visitLeft] = 2 * DOOR_OPEN + random.exponential(1200);
  row[i + R.visitIn] = 1e-3;
  row[i + R.door] = 1;
  if (row[i + R.sinceCleaned]! > CLEANED_AFTER) row[i + R.sinceCleaned] = 0;
}

/** Sump and calendar of the cleaning. */
function stepUpkeep({ row }: Rooms, k: number, dt: number): void {
  const i = roomAt(k);
  row[i + R.sinceCleaned] = row[i + R.sinceCleaned]! + dt / DAY;
  if (row[i + R.sump]! > SUMP.start) row[i + R.sump] = SUMP.stop;
}
