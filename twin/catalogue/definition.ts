import type { StationKind } from '#twin/model/station.ts';

/** analog: measured number; total: counter that only grows; bool: 0 or 1; code: number of a table. */
export type PointType = 'analog' | 'total' | 'bool' | 'code';

/** Where a point repeats: once per station, per pump set, or per pump. */
export type PointScope = 'station' | 'set' | 'pump';

/** Low-low, low, high, high-high limits in the point's unit, absolute or as a distance from the set-point. */
export interface Limits {
  relativeTo?: 'P_SET';
  ll?: number;
  l?: number;
  h?: number;
  hh?: number;
}

/** What a point means, once for the whole city. Point names are built from it by the template. */
export interface PointDefinition {
  tag: string;
  scope: PointScope;
  zh: string;
  en: string;
  type: PointType;
  /** '' for booleans, codes and plain counts */
  unit: string;
  /** physical range of the sensor; outside it a value is out-of-range */
  min: number;
  max: number;
  /** smallest step that means something; wire and history encode by it */
  resolution: number;
  /** a change smaller than this is not reported */
  deadband: number;
  /** sampling interval at the gateway, ms */
  scan: number;
  /** longest silence: an unchanged value is reported again after it, ms */
  interval: number;
  limits?: Limits;
  /** a healthy sensor of this kind is never still: 30 min without movement means frozen */
  lively?: boolean;
  /** may be written through the gate */
  writable?: boolean;
  /** kinds of station that have it; all when absent */
  kinds?: readonly StationKind[];
}
