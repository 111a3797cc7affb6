import type { City } from '#sim/city/model.ts';
import type { ScenarioEvent } from '#sim/scenario/schema.ts';
import type { Station } from '#twin/model/station.ts';

/** How a fault shows: in telemetry, in a feature that sensors work out, over weeks, or in what is kept on record. */
export type FaultClass = 'telemetry' | 'feature' | 'slow' | 'records';

/** A room that a fault is put into, at the moment it is. */
export interface Here {
  city: City;
  /** number of the room */
  room: number;
  station: Station;
  /** pump set with the most homes, and in it a pump that runs (or the first) and one that stands */
  set: 'LO' | 'MI' | 'HI' | 'SP';
  running: string;
  standing: string;
}

/** One fault of the knowledge base and how it is tried. */
export interface FaultTrial {
  /** of the knowledge base, with a word behind it where there are several causes to try: `F10-VOLTAGE` */
  id: string;
  name: { zh: string; en: string };
  class: FaultClass;
  /** local time at which the trial begins */
  start: string;
  /** s of ordinary life before; then the fault; people must be told within */
  before: number;
  within: number;
  /** s of healthy life before all that, from which the rules know what is usual; nothing when absent */
  learns?: number;
  /** rooms it can happen in */
  rooms: (station: Station) => boolean;
  /** brings a room to where the fault can be seen */
  prepare?: (here: Here) => void;
  events: (here: Here) => ScenarioEvent[];
}

/** `F19` of the rule `F19-OVERFLOW`, `F10` of the trial `F10-VOLTAGE`. */
export const codeOf = (id: string): string => id.split('-')[0]!;
