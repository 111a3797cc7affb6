import type { Template, TemplatePoint } from '#twin/catalogue/template.ts';
import { Quality } from '#twin/state/quality.ts';
import { MINUTE } from '#twin/units.ts';
import type { HistorySeries } from '#twin/wire/api.ts';
import { STATION_SHEET } from '#twin/wire/live.ts';
import type { Sheet } from '#twin/wire/sheet.ts';

/** One value of a station with everything that must stand beside it. */
export interface PointValue {
  point: TemplatePoint;
  value: number;
  /** code of twin/state/quality */
  quality: number;
  /** when it was measured, ms since epoch; NaN when never */
  time: number;
}

/** All values of a station at one moment. */
export interface StationValues {
  template: Template;
  source: 'live' | 'past';
  /** false: the link is lost or the moment is past: nothing moves, values are shown as old */
  moving: boolean;
  /** age that every value is allowed, whatever its interval, ms */
  patience: number;
  /** what ages are counted from, ms since epoch */
  now: number;
  read(name: string): PointValue | undefined;
}

/** Values of a station's live sheet. */
export function sheetReader(template: Template, sheet: Sheet): StationValues['read'] {
  return (name) => {
    const index = template.index.get(name);
    if (index === undefined) return undefined;
    const cell = index * sheet.columns;
    return {
      point: template.points[index]!,
      value: sheet.values[cell + STATION_SHEET.value] ?? Number.NaN,
      quality: sheet.values[cell + STATION_SHEET.quality] ?? Quality.bad,
      time: sheet.values[cell + STATION_SHEET.time] ?? Number.NaN,
    };
  };
}

/** How far before a past minute its values are looked for: the longest silence of the catalogue. */
export const LOOK_BACK = 15 * MINUTE;

/** The values that stood at the end of a past minute: the last bucket of each series. */
export function historyReader(template: Template, series: readonly HistorySeries[]): StationValues['read'] {
  const byName = new Map(series.map((one) => [one.point, one]));
  return (name) => {
    const index = template.index.get(name);
    if (index === undefined) return undefined;
    const point = template.points[index]!;
    const found = byName.get(name);
    const last = (found?.t.length ?? 0) - 1;
    if (!found || last < 0) return { point, value: Number.NaN, quality: Quality.bad, time: Number.NaN };
    const mean = found.mean[last]!;
    const value = point.type === 'analog' || point.type === 'total' ? mean : Math.round(mean);
    return { point, value, quality: found.quality[last]!, time: found.t[last]! + MINUTE };
  };
}

/** The value alone, NaN when there is none or it is known to be bad. */
export function usable(read: PointValue | undefined): number {
  return read && read.quality !== Quality.bad ? read.value : Number.NaN;
}

/** One late message is forgiven. */
export const LIVE_PATIENCE = 4000;
/** Back-filled history has a value every five minutes. */
export const PAST_PATIENCE = 6 * MINUTE;

/** Whether a value is old: marked stale, never measured, or silent for twice its own interval. */
export function isOld({ point, time, quality }: PointValue, { now, patience }: StationValues): boolean {
  if (quality === Quality.stale || Number.isNaN(time)) return true;
  return now - time > Math.max(2 * point.interval, patience);
}
