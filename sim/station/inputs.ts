import { inputLayout } from './fields.ts';
import type { Rooms } from './rooms.ts';

const IN = inputLayout.at;

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

/** Writes what reaches room `i` into its records. */
export function tellRoom({ inputs, demand, firstSet }: Rooms, i: number, told: RoomInputs): void {
  const at = i * inputLayout.size;
  inputs[at + IN.mains] = told.mains;
  inputs[at + IN.power] = told.power;
  inputs[at + IN.chlorine] = told.chlorine;
  inputs[at + IN.water] = told.water;
  inputs[at + IN.outside] = told.outside;
  inputs[at + IN.hour] = told.hour;
  demand.set(told.demand, firstSet[i]);
}
