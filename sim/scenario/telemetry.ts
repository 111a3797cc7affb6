import type { City } from '#sim/city/model.ts';
import { Random } from '#sim/random.ts';
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
import type { Force, Standing } from './force.ts';
import { Instruments } from './instruments.ts';

/** Random numbers of sensors are their own: whether a city is watched does not change it. */
const STREAM = 7;

/** A room that is watched. */
interface Watched {
  room: number;
  code: string;
  template: Template;
  place: Place;
  memory: ReportMemory;
  rule: ReportRule;
  cleaning: (CleaningMemory | undefined)[];
}

/** The telemetry of rooms of a run, as the city's side has it. */
export interface Telemetry {
  readonly state: TwinState;
  /** Takes a look: what is true goes through sensors, reports by exception and cleaning. */
  look: () => void;
}

/**
 * @param rooms whose telemetry is taken
 * @param interval ms between two reports
 * @param force events that sensors see, and lines that are down
 */
export function telemetryOf(
  city: City,
  rooms: readonly number[],
  seed: number,
  force: Pick<Force, 'standing' | 'offline'>,
  interval: number,
): Telemetry {
  const state = emptyState();
  const instruments = new Instruments(city, rooms, new Random(seed, STREAM));
  const rules = new Map<Template, ReportRule>();
  const ruleOf = (template: Template): ReportRule => {
    const rule = rules.get(template) ?? reportRule(template, 1);
    rules.set(template, rule);
    return rule;
  };
  const watched = rooms.map((room): Watched => {
    const { spec, station } = city.model.rooms[room]!;
    const { template } = spec;
    return {
      room,
      code: station.code,
      template,
      place: addStation(state, station.code, template.id),
      memory: freshReportMemory(template),
      rule: ruleOf(template),
      cleaning: [],
    };
  });
  const indexes = new Uint16Array(Math.max(0, ...watched.map(({ template }) => template.points.length)));
  const take = ({ room, template, place, memory, rule, cleaning }: Watched, now: number) => {
    const { columns, row } = place;
    const readings = instruments.read(room, now);
    const stamped = now + instruments.clock(room);
    const count = selectReport(memory, rule, readings, now, indexes);
    for (let i = 0; i < count; i++) {
      const index = indexes[i]!;
      const value = readings[index]!;
      cleaning[index] ??= freshMemory();
      columns.qualities[index]![row] = clean(cleaning[index], template.points[index]!, value, stamped);
      columns.values[index]![row] = value;
      columns.times[index]![row] = stamped;
    }
    columns.lastMessage[row] = now;
  };
  let known: readonly Standing[] = [];
  return {
    state,
    look: () => {
      const now = city.time;
      const { standing, offline } = force;
      if (standing.length !== known.length || standing.some((one, i) => one !== known[i])) {
        known = standing;
        instruments.breakBy(standing);
      }
      for (const one of watched) if (!offline.has(one.code)) take(one, now);
      for (const columns of state.byTemplate.values()) sweepStale(columns, { interval, now });
    },
  };
}
