import type { Station } from '#twin/model/station.ts';
import type { Trial } from './trials.ts';

/** What the page tells the worker. */
export type LabOrder =
  /** @param time ms since epoch at which the room begins */
  | { start: Station; time: number; seed: number }
  /** simulated seconds a second; 0 stands still */
  | { speed: number }
  | { begin: Trial }
  | { end: Trial };

/** One look at the room: ms since epoch, then by pump set. Units of the field; NaN where it has none. */
export interface LabSample {
  time: number;
  pressure: number[];
  hz: number[];
  level: number;
  inflow: number;
  kw: number;
}

/** What the worker tells the page. */
export type LabNews = { samples: LabSample[] } | { failed: string };
