import type { Random } from '#sim/random.ts';
import { mpaFromMetres, overSeconds } from '#twin/units.ts';
import { KIND, roomConstants } from './constants.ts';
import { stepElectric } from './electric.ts';
import { inputLayout, roomLayout, setLayout } from './fields.ts';
import { stepDirectInlet, stepProtection, stepTankInlet } from './inlet.ts';
import { type RoomInputs, tellRoom } from './inputs.ts';
import { moment, NOW } from './moment.ts';
import { type Rooms, roomAt, setAt } from './rooms.ts';
import { stepSet } from './set.ts';
import type { Room } from './state.ts';
import { stepSurroundings } from './surroundings.ts';
import { stepWater } from './water.ts';

const M = moment;
const N = NOW;
const ROOM_OWN = roomConstants.size;
const TOLD = inputLayout.size;
const R = roomLayout.at;
const IN = inputLayout.at;
const C = roomConstants.at;

export type { RoomInputs } from './inputs.ts';

/** Moves one room on: see `stepRooms`. */
export function stepRoom({ rooms, index }: Room, inputs: RoomInputs, dt: number, random: Random): void {
  tellRoom(rooms, index, inputs);
  stepRooms(rooms, index, index + 1, dt, random);
}

/**
 * Moves rooms `from … to` on by `dt` seconds, at most a second or two: protection, inlet, pump sets, tank, electricity,
 * water, surroundings. Their inputs and the demand of their sets must have been told; rooms whose pumps are in
 * the mains must have followed them (`stepBooster`). Draws from `random` for the surroundings only.
 */
export function stepRooms(rooms: Rooms, from: number, to: number, dt: number, random: Random): void {
  for (let k = from; k < to; k++) stepInside(rooms, k, dt);
  stepSurroundings(rooms, from, to, dt, random);
}

/** All of room `k` but its surroundings. */
export function stepInside(rooms: Rooms, k: number, dt: number): void {
  if (rooms.inMains[k] === 0) stepHydraulics(rooms, k, dt);
  stepElectric(rooms, k, dt);
  M[N.meanVolume] = rooms.row[roomAt(k) + R.volume]!;
  stepWater(rooms, k, dt);
}

function stepHydraulics(rooms: Rooms, k: number, dt: number): void {
  const { row, inputs, demand, firstSet, constants } = rooms;
  const i = roomAt(k);
  const c = k * ROOM_OWN;
  const own = constants.row;
  const tank = own[c + C.kind] === KIND.tank;
  const powered = inputs[k * TOLD + IN.power]!;
  M[N.mains] = inputs[k * TOLD + IN.mains]!;
  row[i + R.mains] = powered;
  stepProtection(rooms, i, c, dt);
  if (tank) stepTankInlet(rooms, i, c, dt);
  else stepDirectInlet(rooms, k, c, dt);
  const allowed = powered === 1 && row[i + R.dry] === 0;
  M[N.suction] = tank ? tankPressure(row[i + R.volume]! / own[c + C.tankArea]!) : row[i + R.stabilised]!;
  M[N.cap] = row[i + R.speedCap]!;
  const end = firstSet[k + 1]!;
  let out = 0;
  for (let n = firstSet[k]!; n < end; n++) {
    M[N.demand] = demand[n]!;
    // what runs back through a leaking check valve of its own is nobody's draw
    const drawn = Math.max(0, row[setAt(rooms, n) + setLayout.at.pumped]!);
    M[N.others] = tank ? 0 : Math.max(0, row[i + R.inflow]! - drawn);
    stepSet(rooms, n, allowed, dt);
    out += row[setAt(rooms, n) + setLayout.at.pumped]!;
  }
  const arrived = overSeconds(row[i + R.inflow]!, dt);
  row[i + R.inletTotal] = row[i + R.inletTotal]! + arrived;
  if (tank) balanceTank(row, i, own[c + C.tankVolume]!, arrived - overSeconds(out, dt));
}

/** Pressure at the pumps from the water above them, MPa. */
export function tankPressure(level: number): number {
  return mpaFromMetres(level);
}

/** @param gained m³ */
function balanceTank(row: Float64Array, i: number, whole: number, gained: number): void {
  const volume = row[i + R.volume]! + gained;
  const over = Math.max(0, volume - whole);
  row[i + R.spilled] = row[i + R.spilled]! + over;
  // pumps stop well above the bottom; a rest below it is what a strainer would no longer draw
  row[i + R.volume] = Math.max(0, volume - over);
}
