import type { PointScope } from '#twin/catalogue/definition.ts';
import type { PressureZone } from '#twin/model/station.ts';
import type { QualityCode } from '#twin/state/quality.ts';
import type { Arithmetic, Comparison } from './expression.ts';

/**
 * A checked expression: every name resolved, every unit fitting, times in seconds. Flags are 0 and 1; what is not
 * known is NaN.
 */
export type Condition =
  | { kind: 'constant'; value: number }
  | { kind: 'varied'; value: number /** by code: where it is another */; stations: StationValues }
  | ({ kind: 'point' } & PointRef)
  | ({ kind: 'age' } & PointRef)
  | ({ kind: 'hasQuality'; quality: QualityCode } & PointRef)
  | ({ kind: 'usual'; what: Usual /** s ahead, of a forecast */; ahead: number } & PointRef)
  | { kind: 'energy'; of: Condition }
  | { kind: 'curve'; what: CurveShare }
  | { kind: 'ratedCurrent' }
  | { kind: 'neighbours'; of: Condition }
  | { kind: 'silence' }
  | { kind: 'offline' }
  | { kind: 'hour' }
  | { kind: 'not' | 'minus' | 'abs'; of: Condition }
  | { kind: 'logic'; op: 'and' | 'or'; left: Condition; right: Condition }
  | { kind: 'compare'; op: Comparison; left: Condition; right: Condition }
  | { kind: 'arithmetic'; op: Arithmetic; left: Condition; right: Condition }
  | { kind: 'gather'; how: Gathering; over: 'set' | 'pump'; of: Condition }
  | { kind: 'window'; how: Windowing; seconds: number; of: Condition };

/** A number of some stations, by their codes. */
export type StationValues = Readonly<Record<string, number>>;

/** What of a pump's curve is compared with when it was first seen. */
export type CurveShare = 'head' | 'shutoff' | 'slope';

/** A point by tag; without zone and pump it is that of the set or pump being looked at. */
export interface PointRef {
  tag: string;
  scope: PointScope;
  zone: PressureZone | null;
  pump: string | null;
}

/** What is usual of a point: at this hour, how far around it, in an hour to come, last night, on other nights. */
export type Usual = 'now' | 'spread' | 'forecast' | 'lastNight' | 'night';
export type Gathering = 'any' | 'all' | 'count' | 'sum' | 'largest' | 'smallest';
export type Windowing = 'change' | 'mean' | 'min' | 'max' | 'sd';
