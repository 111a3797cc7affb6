import { MAX_DAY_FACTOR } from '../demand/nodeDemand.ts';

/** A part of the supply tree with one pressure: fed by a works, or by a booster at the edge to `root`. */
export interface PressureZone {
  works: number;
  /** the works' node, or the first node behind the booster */
  root: number;
  boosted: boolean;
  /** head needed at the feed at peak flow, m above sea level */
  head: number;
  /** 24 values: head aimed at, and flow through the feed in m³/h */
  headByHour: number[];
  flowByHour: number[];
  /** head in front of the booster, hour by hour (estimate); of a works the clear-water level */
  suctionByHour: number[];
  /** head in front of the booster at the peak of the maximum day (estimate), for which its pumps are chosen; of a works as above */
  leastSuction: number;
  meanDemand: number;
}

export interface ZonePlan {
  zones: PressureZone[];
  /** index of the zone per node */
  zone: Int32Array;
}

/** Pressure that every served node should have at peak flow, m. */
export const LEAST_PRESSURE = 18;
/** Widest span between the head of a zone and its lowest ground, m: keeps the night below 0.60 MPa. */
export const WIDEST_SPAN = 56;
/**
 * Head lost at the peak of the maximum day, share of the supply tree's on a mean day: by the flow, by fittings and age of
 * the mains, and since tanks fill in the same minutes. Simulated days of 1.28 times the mean flow lose 1.3 to 1.85 times
 * the tree's; `test/sim/city/maximumDay.test.ts` lives its morning peak.
 */
export const MAX_DAY_LOSS = 1.2 * MAX_DAY_FACTOR ** 1.852;
/** At no flow a works or a booster holds this much less head than at its peak, m. */
export const NIGHT_SETBACK = 4;
