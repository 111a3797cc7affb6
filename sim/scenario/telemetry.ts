import { POINTS } from '#twin/catalogue/points.data.ts';
import { type CleaningMemory, clean, freshMemory } from '#twin/cleaning/clean.ts';
import {
  freshReportMemory,
  type ReportMemory,
  type ReportRule,
  reportRule,
  selectReport,
} from '#twin/report/report.ts';
import {
  addStation,
  emptyState,
  type Place,
  type TemplateColumns,
  type TwinState,
} from '#twin/state/columns.ts';
import { sweepStale } from '#twin/state/freshness.ts';
import type { Readings, WatchedRoom } from './readings.ts';

/** A room as the city's side has it. */
interface Known {
  /** its number among the rooms, and its first reading among theirs */
  room: number;
  at: number;
  place: Place;
}

/** Rooms of one template: they are heard one after the other, since their columns lie side by side. */
interface Alike {
  columns: TemplateColumns;
  rooms: readonly { room: number; at: number; row: number }[];
  /** of all of them, by row */
  memory: ReportMemory;
  rule: ReportRule;
  cleaning: CleaningMemory;
  /** until when something of theirs may be stale, ms since epoch */
  doubtUntil: number;
}

/** Within its longest silence every point of a room that is heard is reported; twice that, to be safe, ms. */
const LONGEST_DOUBT = 2 * Math.max(...POINTS.map(({ interval }) => interval));

/** The telemetry of rooms of a run, as the city's side has it. */
export interface Telemetry {
  readonly state: TwinState;
  /** What gateways read goes through reports by exception and cleaning. */
  take: (readings: Readings) => void;
}

/** @param interval ms between two reports */
export function telemetryOf(rooms: readonly WatchedRoom[], interval: number): Telemetry {
  const state = emptyState();
  let at = 0;
  const known = rooms.map(({ code, template }, room): Known => {
    const place = addStation(state, code, template);
    const first = at;
    at += place.columns.template.points.length;
    return { room, at: first, place };
  });
  const groups = [...state.byTemplate.values()].map((columns): Alike => {
    const { template, codes } = columns;
    return {
      columns,
      rooms: known
        .filter(({ place }) => place.columns === columns)
        .map(({ room, at, place: { row } }) => ({ room, at, row })),
      memory: freshReportMemory(template, codes.length),
      rule: reportRule(template, 1),
      cleaning: freshMemory(template, codes.length),
      doubtUntil: Number.NEGATIVE_INFINITY,
    };
  });
  const most = Math.max(0, ...known.map(({ place }) => place.columns.template.points.length));
  const indexes = new Uint16Array(most);
  return {
    state,
    take: ({ now, values, clocks, heard }) => {
      for (const group of groups) {
        for (const one of group.rooms) {
          const fast = clocks[one.room]!;
          if (heard[one.room] === 1) hear(group, one, values, now, fast, indexes);
          if (heard[one.room] !== 1 || fast !== 0) group.doubtUntil = now + LONGEST_DOUBT;
        }
        // nothing grows stale that is reported in time
        if (now <= group.doubtUntil) sweepStale(group.columns, { interval, now });
      }
    },
  };
}

/** @param fast ms by which the gateway's clock is fast */
function hear(
  { columns, memory, rule, cleaning }: Alike,
  { at, row }: Alike['rooms'][number],
  readings: Float64Array,
  now: number,
  fast: number,
  indexes: Uint16Array,
): void {
  const { values, qualities, times } = columns;
  const stamped = now + fast;
  const count = selectReport(memory, rule, readings, now, indexes, at, row);
  for (let i = 0; i < count; i++) {
    const index = indexes[i]!;
    const value = readings[at + index]!;
    qualities[index]![row] = clean(cleaning, index, value, stamped, row);
    values[index]![row] = value;
    times[index]![row] = stamped;
  }
  columns.lastMessage[row] = now;
}
