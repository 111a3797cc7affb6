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
  /** its number among the rooms, and its first reading among theirs */
  room: number;
  at: number;
  place: Place;
  memory: ReportMemory;
  rule: ReportRule;
  cleaning: CleaningMemory;
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
  let at = 0;
  const known = rooms.map(({ code, template: id }, room): Known => {
    const place = addStation(state, code, id);
    const { template } = place.columns;
    const rule = rules.get(template) ?? reportRule(template, 1);
    rules.set(template, rule);
    const first = at;
    at += template.points.length;
    const cleaning = freshMemory(template);
    return { room, at: first, place, memory: freshReportMemory(template), rule, cleaning };
  });
  // rooms whose columns lie side by side are heard one after the other
  const inTurn = [...state.byTemplate.values()].flatMap((columns) =>
    known.filter(({ place }) => place.columns === columns),
  );
  const most = Math.max(0, ...known.map(({ place }) => place.columns.template.points.length));
  const indexes = new Uint16Array(most);
  return {
    state,
    take: ({ now, values, clocks, heard }) => {
      for (const one of inTurn) {
        if (heard[one.room] !== 1) continue;
        const end = one.at + one.place.columns.template.points.length;
        hear(one, values.subarray(one.at, end), now, clocks[one.room]!, indexes);
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
    columns.qualities[index]![row] = clean(cleaning, points[index]!, value, stamped);
    columns.values[index]![row] = value;
    columns.times[index]![row] = stamped;
  }
  columns.lastMessage[row] = now;
}
