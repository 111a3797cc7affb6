import type { Random } from '#sim/random.ts';
import { overSeconds } from '#twin/units.ts';
import { KIND, roomConstants } from './constants.ts';
import { inputLayout, roomLayout, setLayout } from './fields.ts';
import { LOOP } from './loop.ts';
import { type Rooms, roomAt, setAt } from './rooms.ts';
import { stepInside } from './step.ts';
import { seemsCalm } from './stride.ts';
import { stepSurroundings } from './surroundings.ts';

const ROOM_OWN = roomConstants.size;
const TOLD = inputLayout.size;
const SET = setLayout.size;
const R = roomLayout.at;
const W = setLayout.at;
const POWER = inputLayout.at.power;
const HIGHEST = LOOP.highest;

/** Length of a step of a calm room, and of its surroundings always, s. */
export const STRIDE = 2;

/**
 * Moves all rooms on by a second, in pairs of seconds: in the first of a pair calm rooms take both seconds at once, in
 * the second they wait; the others take each second by itself. Surroundings move in the first. So after each pair all
 * rooms stand at one time, and in between the calm ones a second ahead. A room without a tank takes in each second what
 * its pumps gave in the one before, in a long step too.
 * @param first whether this second is the first of its pair
 * @param strides false keeps every room to single seconds: what long steps are measured against
 */
export function stepCompany(rooms: Rooms, first: boolean, strides: boolean, random: Random): void {
  const { row, count } = rooms;
  for (let k = 0; k < count; k++) {
    const i = roomAt(k);
    if (row[i + R.ahead] === 1) catchUp(rooms, k);
    else if (strides && first && mayStride(rooms, k)) {
      stepInside(rooms, k, STRIDE);
      row[i + R.ahead] = 1;
    } else stepInside(rooms, k, 1);
  }
  if (first) stepSurroundings(rooms, 0, count, STRIDE, random);
}

/** Whether nothing is under way in room `k` that asks for single seconds. */
function mayStride({ row, inputs, inMains, firstSet, setStart }: Rooms, k: number): boolean {
  const i = roomAt(k);
  if (inMains[k] === 1 || inputs[k * TOLD + POWER] !== 1 || row[i + R.mains] !== 1) return false;
  if (row[i + R.dry] === 1 || row[i + R.dryTime]! > 0 || row[i + R.speedCap]! < HIGHEST) return false;
  const end = setStart + firstSet[k + 1]! * SET;
  for (let s = setStart + firstSet[k]! * SET; s < end; s += SET) if (!seemsCalm(row, s)) return false;
  return true;
}

/** The second second of a room that has been moved on already: without a tank it takes what its pumps have given. */
function catchUp(rooms: Rooms, k: number): void {
  const { row, constants, firstSet } = rooms;
  const i = roomAt(k);
  row[i + R.ahead] = 0;
  if (constants.row[k * ROOM_OWN + roomConstants.at.kind] === KIND.tank) return;
  const end = setAt(rooms, firstSet[k + 1]!);
  const before = row[i + R.inflow]!;
  let flow = 0;
  for (let s = setAt(rooms, firstSet[k]!); s < end; s += SET) flow += row[s + W.pumped]!;
  flow = Math.max(0, flow);
  row[i + R.inflow] = flow;
  row[i + R.inletTotal] = row[i + R.inletTotal]! + overSeconds(flow - before, 1);
}
