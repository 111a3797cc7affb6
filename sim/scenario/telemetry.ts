import type { Template } from '#twin/catalogue/template.ts';
import { type CleaningMemory, clean, freshMemory } from '#twin/cleaning/clean.ts';
import {
  freshReportMemory,
  type ReportMemory,
  type ReportRule,
  reportRule,
  selectReport,
} from '#twin/report/report.ts';
import { addStation, emptyState, type Place, type TwinState } from '#twin/state/columns.ts';
import { sweepStale } from '#twin/state/freshness.ts';
import type { Readings, WatchedRoom } from './readings.ts';

/** A room as the city's side has it. */
interface Known {
  place: Place;
  memory: ReportMemory;
  rule: ReportRule;
  cleaning: (CleaningMemory | undefined)[];
}

/** The telemetry of rooms of a run, as the city's side has it. */
export interface Telemetry {
  readonly state: TwinState;
  /** What gateways read goes through reports by exception and cleaning. */
  take: (readings: Readings) => void;
}

/** @param interval ms between two reports */
export function telemetryOf(rooms: readonly WatchedRoom[], interval: number): Telemetry {
  const state = emptyState();
  const rules = new Map<Template, ReportRule>();
  const known = rooms.map(({ code, template: id }): Known => {
    const place = addStation(state, code, id);
    const { template } = place.columns;
    const rule = rules.get(template) ?? reportRule(template, 1);
    rules.set(template, rule);
    return { place, memory: freshReportMemory(template), rule, cleaning: [] };
  });
  const most = Math.max(0, ...known.map(({ place }) => place.columns.template.points.length));
  const indexes = new Uint16Array(most);
  return {
    state,
    take: ({ now, values, clocks, heard }) => {
      let at = 0;
      for (let i = 0; i < known.length; i++) {
        const one = known[i]!;
        const end = at + one.place.columns.template.points.length;
        if (heard[i] === 1) hear(one, values.subarray(at, end), now, clocks[i]!, indexes);
        at = end;
      }
      for (const columns of state.byTemplate.values()) sweepStale(columns, { interval, now });
    },
  };
}

/** @param fast ms by which the gateway's clock is fast */
function hear(
  { place, memory, rule, cleaning }: Known,
  readings: Float64Array,
  now: number,
  fast: number,
  indexes: Uint16Array,
): void {
  const { columns, row } = place;
  const { points } = columns.template;
  const stamped = now + fast;
  const count = selectReport(memory, rule, readings, now, indexes);
  for (let i = 0; i < count; i++) {
    const index = indexes[i]!;
    const value = readings[index]!;
    cleaning[index] ??= freshMemory();
    columns.qualities[index]![row] = clean(cleaning[index], points[index]!, value, stamped);
    columns.values[index]![row] = value;
    columns.times[index]![row] = stamped;
  }
  columns.lastMessage[row] = now;
}
