import type { City } from '#sim/city/model.ts';
import type { AlarmEvent } from '#twin/alarm/alarm.ts';
import { createEngine, tick } from '#twin/alarm/engine.ts';
import type { AlarmEngine } from '#twin/alarm/standing.ts';
import { type Baselines, createBaselines, learn } from '#twin/baseline/city.ts';
import type { Rule } from '#twin/rules/load.ts';
import { SECOND } from '#twin/units.ts';
import type { Force } from './force.ts';
import { telemetryOf } from './telemetry.ts';

/** One line of a run's alarm log. */
export type AlarmEntry = Omit<AlarmEvent, 'time'> & {
  /** s after the start */
  at: number;
};

/** The alarms of a run. */
export interface Alarms {
  readonly engine: AlarmEngine;
  readonly log: AlarmEntry[];
  readonly stations: number;
  /** ms between two looks */
  readonly interval: number;
  /** once a second, after the city has moved. @param t s after the start @returns what happened now */
  see: (t: number) => readonly AlarmEntry[];
}

/** What a run's report says of them. */
export interface AlarmReport {
  stations: number;
  /** s between two looks */
  interval: number;
  rules: number;
  /** how often people were told something */
  annunciations: number;
  log: AlarmEntry[];
  /** names of the rules in the log */
  names: Record<string, { zh: string; en: string }>;
}

const NOTHING: readonly AlarmEntry[] = [];

/**
 * Rules over the telemetry of some rooms, by the engine that serves live values.
 * @param interval ms between two looks
 * @param baselines what is usual; nothing at the beginning unless given
 */
export function alarmsOf(
  city: City,
  rules: readonly Rule[],
  rooms: readonly number[],
  seed: number,
  force: Pick<Force, 'standing' | 'offline'>,
  interval: number,
  baselines: Baselines = createBaselines(),
): Alarms {
  const telemetry = telemetryOf(city, rooms, seed, force, interval);
  const engine = createEngine(rules, telemetry.state, {
    baselines,
    areaOf: (code) => {
      const { district, supplyZone } = city.model.rooms[city.model.roomOf.get(code)!]!.station;
      return { district, zone: supplyZone };
    },
  });
  const log: AlarmEntry[] = [];
  return {
    engine,
    log,
    stations: rooms.length,
    interval,
    see: (t) => {
      if (city.time % interval !== 0) return NOTHING;
      telemetry.look();
      learn(baselines, telemetry.state, city.time);
      const happened = tick(engine, city.time);
      if (happened.length === 0) return NOTHING;
      const entries = happened.map(({ time: _, ...event }): AlarmEntry => ({ at: t, ...event }));
      log.push(...entries);
      return entries;
    },
  };
}

export function reportAlarms({ engine, log, stations, interval }: Alarms): AlarmReport {
  const seen = new Set(log.map(({ rule }) => rule));
  return {
    stations,
    interval: interval / SECOND,
    rules: engine.rules.length,
    annunciations: log.filter(({ annunciates }) => annunciates).length,
    log,
    names: Object.fromEntries(
      engine.rules.filter(({ text }) => seen.has(text.id)).map(({ text }) => [text.id, text.name]),
    ),
  };
}
