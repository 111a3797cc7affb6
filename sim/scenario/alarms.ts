import type { City } from '#sim/city/model.ts';
import type { Rule } from '#twin/rules/load.ts';
import { SECOND } from '#twin/units.ts';
import type { Force } from './force.ts';
import { gatewaysOf } from './readings.ts';
import { type AlarmEntry, type Watch, type Watched, watchOf } from './watch.ts';

/** The alarms of a run. */
export interface Alarms {
  readonly rules: readonly Rule[];
  /** complete once whoever watches has taken all looks */
  readonly log: readonly AlarmEntry[];
  readonly stations: number;
  /** ms between two looks */
  readonly interval: number;
  /** once a second, after the city has moved. @param t s after the start */
  see: (t: number) => void;
}

/** What a run's report says of them. */
export interface AlarmReport {
  stations: number;
  /** s between two looks */
  interval: number;
  rules: number;
  /** how often people were told something */
  annunciations: number;
  log: readonly AlarmEntry[];
  /** names of the rules in the log */
  names: Record<string, { zh: string; en: string }>;
}

/**
 * Rules over the telemetry of some rooms.
 * @param interval ms between two looks
 * @param watch who looks; here and at once when absent
 */
export function alarmsOf(
  city: City,
  rules: readonly Rule[],
  rooms: readonly number[],
  seed: number,
  force: Pick<Force, 'standing' | 'offline'>,
  interval: number,
  watch: (watched: Watched) => Watch = (watched) => watchOf(rules, watched),
): Alarms {
  const gateways = gatewaysOf(city, rooms, seed, force);
  const watcher = watch({ rooms: gateways.rooms, interval });
  return {
    rules,
    log: watcher.log,
    stations: rooms.length,
    interval,
    see: (t) => {
      if (rooms.length > 0 && city.time % interval === 0) watcher.look(t, gateways.read());
    },
  };
}

export function reportAlarms({ rules, log, stations, interval }: Alarms): AlarmReport {
  const seen = new Set(log.map(({ rule }) => rule));
  return {
    stations,
    interval: interval / SECOND,
    rules: rules.length,
    annunciations: log.filter(({ annunciates }) => annunciates).length,
    log,
    names: Object.fromEntries(
      rules.filter(({ text }) => seen.has(text.id)).map(({ text }) => [text.id, text.name]),
    ),
  };
}
