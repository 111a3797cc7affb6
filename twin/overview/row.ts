import type { Template } from '#twin/catalogue/template.ts';
import type { TemplateColumns } from '#twin/state/columns.ts';
import { Quality } from '#twin/state/quality.ts';
import { OVERVIEW_INDEX as AT, OVERVIEW_COLUMNS, StationFlag } from './columns.ts';

/** Which points of a template feed the overview; −1 where the kind has none. Made once per template. */
export interface OverviewPoints {
  inletPressure: number;
  outletPressures: number[];
  setpoints: number[];
  inflow: number;
  outflows: number[];
  levels: number[];
  power: number;
  runs: number[];
  faults: number[];
  mains: number;
  flood: number;
}

const byTemplate = new WeakMap<Template, OverviewPoints>();

export function overviewPoints(template: Template): OverviewPoints {
  const known = byTemplate.get(template);
  if (known) return known;
  const one = (name: string) => template.index.get(name) ?? -1;
  const all = (tag: string) =>
    template.points.filter((point) => point.tag === tag).map((point) => point.index);
  const made: OverviewPoints = {
    inletPressure: one('P_IN'),
    outletPressures: all('P_OUT'),
    setpoints: all('P_SET'),
    inflow: one('F_IN'),
    outflows: all('F_OUT'),
    levels: [...all('L1'), ...all('L2')],
    power: one('P_TOT'),
    runs: all('RUN'),
    faults: all('FLT'),
    mains: one('MAINS_OK'),
    flood: one('FLOOD'),
  };
  byTemplate.set(template, made);
  return made;
}

/** What the overview reads of a station: value by point index, NaN when there is none or it is not usable. */
export type ReadPoint = (point: number) => number;

/** Values of a row that may be shown as current or last known (good, substituted or stale). */
export const readRow =
  (columns: TemplateColumns, row: number): ReadPoint =>
  (point) => {
    const quality = columns.qualities[point]![row]!;
    return quality === Quality.good || quality === Quality.substituted || quality === Quality.stale
      ? columns.values[point]![row]!
      : Number.NaN;
  };

/**
 * Fills one row of the overview sheet. `tankHeight` (m) turns levels into percent, NaN where there is no tank;
 * `extraFlags` are bits the caller knows (unregistered).
 */
export function fillOverviewRow(
  target: Float64Array,
  row: number,
  template: Template,
  read: ReadPoint,
  station: { state: number; lastMessage: number; tankHeight: number; extraFlags: number },
): void {
  const points = overviewPoints(template);
  const start = row * OVERVIEW_COLUMNS.length;
  const lowest = points.outletPressures[0];
  target[start + AT.state] = station.state;
  target[start + AT.inletPressure] = points.inletPressure < 0 ? Number.NaN : read(points.inletPressure);
  target[start + AT.outletPressure] = lowest === undefined ? Number.NaN : read(lowest);
  target[start + AT.pressureError] = worstError(points, read);
  target[start + AT.inflow] = points.inflow < 0 ? Number.NaN : read(points.inflow);
  target[start + AT.outflow] = sum(points.outflows, read);
  target[start + AT.level] = (100 * mean(points.levels, read)) / station.tankHeight;
  target[start + AT.power] = points.power < 0 ? Number.NaN : read(points.power);
  target[start + AT.pumpsRunning] = sum(points.runs, read);
  target[start + AT.flags] = flags(points, read) | limitFlag(template, points, read) | station.extraFlags;
  target[start + AT.lastMessage] = station.lastMessage > 0 ? station.lastMessage / 1000 : Number.NaN;
}

function worstError(points: OverviewPoints, read: ReadPoint): number {
  let worst = Number.NaN;
  for (let i = 0; i < points.outletPressures.length; i++) {
    const error = read(points.outletPressures[i]!) - read(points.setpoints[i]!);
    if (!Number.isNaN(error) && !(Math.abs(error) <= Math.abs(worst))) worst = error;
  }
  return worst;
}

function flags(points: OverviewPoints, read: ReadPoint): number {
  let bits = 0;
  for (const point of points.faults) if (read(point) === 1) bits |= StationFlag.pumpFault;
  if (points.mains >= 0 && read(points.mains) === 0) bits |= StationFlag.powerLost;
  if (points.flood >= 0 && read(points.flood) === 1) bits |= StationFlag.flooded;
  return bits;
}

/** A pressure beyond its low-low, low, high or high-high limit. */
function limitFlag(template: Template, points: OverviewPoints, read: ReadPoint): number {
  const beyond = (point: number, base: number) => {
    const limits = template.points[point]?.limits;
    const value = read(point) - base;
    return (
      limits !== undefined &&
      (value < (limits.l ?? limits.ll ?? -Infinity) || value > (limits.h ?? limits.hh ?? Infinity))
    );
  };
  const outside =
    (points.inletPressure >= 0 && beyond(points.inletPressure, 0)) ||
    points.outletPressures.some((point, i) => beyond(point, read(points.setpoints[i]!)));
  return outside ? StationFlag.limit : 0;
}

/** Whether a value the overview stands on is not to be trusted; a station that never reported says nothing wrong. */
export function hasBadData(columns: TemplateColumns, row: number): boolean {
  if (columns.lastMessage[row] === 0) return false;
  const { inletPressure, inflow, outletPressures, outflows, levels } = overviewPoints(columns.template);
  return [inletPressure, inflow, ...outletPressures, ...outflows, ...levels].some((point) => {
    const quality = point < 0 ? Quality.good : columns.qualities[point]![row]!;
    return (
      quality === Quality.outOfRange ||
      quality === Quality.frozen ||
      quality === Quality.spike ||
      quality === Quality.bad
    );
  });
}

/** NaN when no value is there at all. */
function sum(indexes: readonly number[], read: ReadPoint): number {
  let total = 0;
  let any = false;
  for (const point of indexes) {
    const value = read(point);
    if (Number.isNaN(value)) continue;
    total += value;
    any = true;
  }
  return any ? total : Number.NaN;
}

function mean(indexes: readonly number[], read: ReadPoint): number {
  let count = 0;
  for (const point of indexes) if (!Number.isNaN(read(point))) count++;
  return sum(indexes, read) / count;
}
