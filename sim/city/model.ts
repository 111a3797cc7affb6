import type { DemandColumns } from '#sim/demand/columns.ts';
import type { DemandProfile } from '#sim/demand/profile.ts';
import type { HydraulicState, Hydraulics, SolveReport } from '#sim/hydraulics/model.ts';
import type { Random } from '#sim/random.ts';
import type { BoosterSeen } from '#sim/station/boosterStep.ts';
import type { Rooms } from '#sim/station/rooms.ts';
import type { RoomSpec } from '#sim/station/spec.ts';
import type { Room } from '#sim/station/state.ts';
import type { RoomInputs } from '#sim/station/step.ts';
import type { Station } from '#twin/model/station.ts';
import type { Dispatch } from './dispatch.ts';

/** A pump room and where it meets the mains. */
export interface RoomPlace {
  readonly station: Station;
  readonly spec: RoomSpec;
  /** node of the mains, in the solver's numbering */
  readonly node: number;
  readonly profile: DemandProfile;
  /** first pump set in the demand columns, and the mean flow of each, m³/h */
  readonly firstSet: number;
  readonly means: readonly number[];
  /** its pumps in the mains, when it is a booster there */
  readonly booster: BoosterPlace | null;
}

export interface BoosterPlace {
  /** links of the pumps in the station's order; node behind them; bypass, or −1 */
  readonly pumps: readonly number[];
  readonly outlet: number;
  readonly bypass: number;
}

/** A pump whose speed follows the clock: those of works, and of boosters that are not simulated. */
export interface ScheduledPump {
  readonly link: number;
  readonly speeds: readonly number[];
  /** null when the clock alone says how it runs */
  readonly dispatch: Dispatch | null;
}

/** A city ready to run: all that does not change while it does. Shared by every run of it. */
export interface CityModel {
  readonly h: Hydraulics;
  readonly rooms: readonly RoomPlace[];
  readonly roomOf: ReadonlyMap<string, number>;
  readonly scheduled: readonly ScheduledPump[];
  readonly sets: number;
}

/** What a scenario may do to a city, as columns so that it is saved and forked with it. */
export interface Circumstances {
  /** per room: 1 while the grid supplies it, factor on its demand, factor on arriving chlorine */
  power: Float64Array;
  demand: Float64Array;
  chlorine: Float64Array;
  /** per node of the mains: conductance of what breaks out there, m³/s/√m */
  leak: Float64Array;
  /** per scheduled pump: factor on its speed */
  speed: Float64Array;
  /** factor on demand that no room stands between; °C added to the air */
  whole: Float64Array;
}
/** Places in `Circumstances.whole`. */
export const WHOLE = { directDemand: 0, warmer: 1 } as const;

/** Water that has passed since the start, m³. */
export interface Ledger {
  /** out of works and tanks of the mains; to users without a room; broken out; into rooms */
  supplied: number;
  direct: number;
  leaked: number;
  rooms: number;
}

/** A running city. */
export interface City {
  readonly model: CityModel;
  readonly mains: HydraulicState;
  /** all rooms side by side; below, one by one: views of the same numbers */
  readonly company: Rooms;
  readonly rooms: readonly Room[];
  /** the state of all rooms */
  readonly row: Float64Array;
  readonly inputs: readonly RoomInputs[];
  readonly boosters: readonly (BoosterSeen | null)[];
  readonly demand: DemandColumns;
  readonly random: Random;
  readonly circumstances: Circumstances;
  /** per room: m³ taken since the last solve */
  readonly taken: Float64Array;
  /** per node: m³/s breaking out, and share of direct demand the pressure lets through */
  readonly leakFlow: Float64Array;
  readonly served: Float64Array;
  readonly ledger: Ledger;
  readonly pace: Pace;
  /** ms since epoch */
  time: number;
  /** s since the last solve; inflow of all rooms at it and now, m³/h; speeds have moved much since */
  sinceSolve: number;
  inflowSolved: number;
  inflow: number;
  upset: boolean;
  solves: number;
  unsolved: number;
  report: SolveReport | null;
}

/** When the mains are solved. */
export interface Pace {
  /** s */
  every: number;
  /** change of all rooms' inflow since the last solve, share of it */
  tolerance: number;
  /** whether calm rooms take two seconds at once */
  strides: boolean;
}
