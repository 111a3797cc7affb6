import { type Constants, constantsOf } from './constants.ts';
import { inputLayout, type Layout, pumpLayout, roomLayout, setLayout } from './fields.ts';
import type { RoomSpec, SetSpec } from './spec.ts';

/**
 * Many pump rooms side by side, as numbers in three rows: state, inputs and constants. Each room, pump set and pump
 * is a record of its own stretch; a step walks along them in order, so that memory is read ahead of it. (A column
 * per field would be some seventy places at once, more than a processor reads ahead.) A single room is a company
 * of one.
 */
export interface Rooms {
  readonly specs: readonly RoomSpec[];
  /** of rooms, pump sets and pumps */
  readonly count: number;
  readonly sets: number;
  readonly pumps: number;
  /** all state: the records of the rooms, from `setStart` of the sets, from `pumpStart` of the pumps */
  readonly row: Float64Array;
  readonly setStart: number;
  readonly pumpStart: number;
  /** sets of room i: `firstSet[i] … firstSet[i + 1]`; pumps of set s likewise */
  readonly firstSet: Int32Array;
  readonly firstPump: Int32Array;
  /** 1 where the pumps are links of the mains: the room then follows what a solve has found */
  readonly inMains: Uint8Array;
  readonly constants: Constants;
  /** records of what reaches each room from outside; per set, what its building would take, m³/h */
  readonly inputs: Float64Array;
  readonly demand: Float64Array;
}

/** Level at which a tank starts, share of its volume. */
const START_LEVEL = 0.75;

/**
 * Rooms at rest with filled tanks.
 * @param options.row where their state lives, from `at` on: a row of their own when absent
 * @param options.inMains which of them have their pumps in the mains: none when absent
 */
export function makeRooms(
  specs: readonly RoomSpec[],
  options: {
    row?: Float64Array | undefined;
    at?: number;
    inMains?: (room: number) => boolean;
  } = {},
): Rooms {
  const ofSets = specs.flatMap((spec) => spec.sets);
  const firstSet = starts(specs.map((spec) => spec.sets.length));
  const firstPump = starts(ofSets.map((set) => set.pumps.length));
  const count = specs.length;
  const sets = ofSets.length;
  const pumps = firstPump[sets]!;
  const setStart = count * roomLayout.size;
  const pumpStart = setStart + sets * setLayout.size;
  const length = pumpStart + pumps * pumpLayout.size;
  const { row: given, at = 0, inMains = () => false } = options;
  const row = given ? given.subarray(at, at + length) : new Float64Array(length);
  const inputs = new Float64Array(count * inputLayout.size);
  fill(row, 0, count, roomLayout);
  fill(row, setStart, sets, setLayout);
  fill(row, pumpStart, pumps, pumpLayout);
  fill(inputs, 0, count, inputLayout);
  const rooms: Rooms = {
    specs,
    count,
    sets,
    pumps,
    row,
    setStart,
    pumpStart,
    firstSet,
    firstPump,
    inMains: Uint8Array.from(specs, (_, i) => (inMains(i) ? 1 : 0)),
    constants: constantsOf(specs),
    inputs,
    demand: new Float64Array(sets),
  };
  putToRest(rooms, ofSets);
  return rooms;
}

/** Where the record of a room, a pump set, a pump stands in the row of states. */
const ROOM = roomLayout.size;
const SET = setLayout.size;
const PUMP = pumpLayout.size;
export const roomAt = (i: number): number => i * ROOM;
export const setAt = ({ setStart }: Rooms, s: number): number => setStart + s * SET;
export const pumpAt = ({ pumpStart }: Rooms, p: number): number => pumpStart + p * PUMP;

function putToRest(rooms: Rooms, ofSets: readonly SetSpec[]): void {
  const { row, specs, firstPump } = rooms;
  const r = roomLayout.at;
  const w = setLayout.at;
  specs.forEach(({ tank, condition: { source } }, i) => {
    const at = roomAt(i);
    if (tank) row[at + r.volume] = START_LEVEL * tank.volume;
    row[at + r.chlorine] = 0.85 * source.chlorine;
    row[at + r.turbidity] = source.turbidity;
  });
  ofSets.forEach(({ setpoint, topStatic, pumps }, s) => {
    const at = setAt(rooms, s);
    row[at + w.setpoint] = setpoint;
    row[at + w.target] = setpoint;
    row[at + w.pressure] = setpoint;
    row[at + w.critical] = setpoint - topStatic;
    pumps.forEach(({ condition }, k) => {
      row[pumpAt(rooms, firstPump[s]! + k) + pumpLayout.at.checkLeak] = condition.checkLeak;
    });
  });
}

/** Where each of some stretches begins, and where the last ends. */
function starts(lengths: readonly number[]): Int32Array {
  const first = new Int32Array(lengths.length + 1);
  lengths.forEach((length, i) => {
    first[i + 1] = first[i]! + length;
  });
  return first;
}

function fill(row: Float64Array, at: number, count: number, { size, start }: Layout<string>): void {
  for (let i = 0; i < count; i++) row.set(start, at + i * size);
}
