import {
  inputLayout,
  type Layout,
  type PumpState,
  pumpLayout,
  type RoomState,
  roomLayout,
  type SetState,
  setLayout,
} from './fields.ts';
import type { RoomInputs } from './inputs.ts';
import { makeRooms, pumpAt, type Rooms, roomAt, setAt } from './rooms.ts';
import { seenPressure } from './seen.ts';
import type { RoomSpec } from './spec.ts';

export { type PumpState, type RoomState, type SetState, STATE_FIELDS } from './fields.ts';

/** A simulated pump room: its drawing and a view of its state, which lives in the columns of `rooms`. */
export interface Room {
  readonly spec: RoomSpec;
  readonly state: RoomState;
  readonly sets: readonly SetRoom[];
  readonly rooms: Rooms;
  /** its number among them */
  readonly index: number;
}

export interface SetRoom {
  readonly state: SetState;
  readonly pumps: readonly PumpState[];
}

/** A class whose fields are the numbers of a record: one room seen by itself. */
function viewOf<Field extends string>({ at: places }: Layout<Field>) {
  class View {
    constructor(
      private readonly row: Float64Array,
      private readonly at: number,
    ) {}
    static {
      for (const [field, place] of Object.entries<number>(places)) {
        Object.defineProperty(View.prototype, field, {
          get(this: View) {
            return this.row[this.at + place];
          },
          set(this: View, value: number) {
            this.row[this.at + place] = value;
          },
        });
      }
    }
  }
  return View as unknown as new (
    row: Float64Array,
    at: number,
  ) => Record<Field, number>;
}

const RoomView = viewOf(roomLayout);
const SetView = viewOf(setLayout);
const PumpView = viewOf(pumpLayout);
const InputsView = viewOf(inputLayout);

/** Numbers in the state of a room. */
export function stateLength(spec: RoomSpec): number {
  const pumps = spec.sets.reduce((sum, set) => sum + set.pumps.length, 0);
  return roomLayout.size + spec.sets.length * setLayout.size + pumps * pumpLayout.size;
}

/**
 * A room at rest with a filled tank, by itself.
 * @param row where its state lives, from `at` on: a row of its own when absent
 */
export function newRoom(spec: RoomSpec, row?: Float64Array, at = 0): Room {
  return viewRoom(makeRooms([spec], { row, at }), 0);
}

/** Room `index` of many, to read and write one at a time. */
export function viewRoom(rooms: Rooms, index: number): Room {
  const { row, firstSet, firstPump } = rooms;
  return {
    spec: rooms.specs[index]!,
    rooms,
    index,
    state: new RoomView(row, roomAt(index)),
    sets: range(firstSet[index]!, firstSet[index + 1]!).map((set) => ({
      state: new SetView(row, setAt(rooms, set)),
      pumps: range(firstPump[set]!, firstPump[set + 1]!).map(
        (pump) => new PumpView(row, pumpAt(rooms, pump)),
      ),
    })),
  };
}

/** What reaches room `index` of many, to read and write. */
export function viewInputs({ inputs, demand, firstSet }: Rooms, index: number): RoomInputs {
  const own = { demand: demand.subarray(firstSet[index], firstSet[index + 1]) };
  return Object.assign(new InputsView(inputs, index * inputLayout.size), own);
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, i) => from + i);
}

/** Level of the tank, m; 0 without a tank. */
export function level({ spec, state }: Room): number {
  return spec.tank ? state.volume / spec.tank.area : 0;
}

/** Outlet pressure as the controller of the `k`-th pump set of a room sees it, MPa. */
export function outletSeen({ rooms, index }: Room, k: number): number {
  return seenPressure(rooms.row, setAt(rooms, rooms.firstSet[index]! + k));
}

/** All numbers of a room's state: its own, those of its sets, those of their pumps. */
export function saveRoom(room: Room): Float64Array {
  const saved = new Float64Array(stateLength(room.spec));
  let at = 0;
  for (const part of partsOf(room)) {
    saved.set(part, at);
    at += part.length;
  }
  return saved;
}

/** Takes a saved state back. @throws RangeError when a number is missing or not finite */
export function restoreRoom(room: Room, saved: Float64Array): void {
  const { spec } = room;
  const length = stateLength(spec);
  if (saved.length !== length)
    throw new RangeError(`saved state of ${spec.code} has ${saved.length} numbers instead of ${length}`);
  const bad = saved.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0) throw new RangeError(`saved state of ${spec.code}: number ${bad} is ${saved[bad]}`);
  let at = 0;
  for (const part of partsOf(room)) {
    part.set(saved.subarray(at, at + part.length));
    at += part.length;
  }
}

/** The stretches of the row that hold a room's state. */
function partsOf({ rooms, index }: Room): Float64Array[] {
  const { row, firstSet, firstPump } = rooms;
  const first = firstSet[index]!;
  const last = firstSet[index + 1]!;
  return [
    row.subarray(roomAt(index), roomAt(index + 1)),
    row.subarray(setAt(rooms, first), setAt(rooms, last)),
    row.subarray(pumpAt(rooms, firstPump[first]!), pumpAt(rooms, firstPump[last]!)),
  ];
}
