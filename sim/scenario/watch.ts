import type { AlarmEvent } from '#twin/alarm/alarm.ts';
import { createEngine, tick } from '#twin/alarm/engine.ts';
import { type Baselines, createBaselines, learn } from '#twin/baseline/city.ts';
import type { Rule } from '#twin/rules/load.ts';
import type { Readings, WatchedRoom } from './readings.ts';
import { telemetryOf } from './telemetry.ts';

/** One line of a run's alarm log. */
export type AlarmEntry = Omit<AlarmEvent, 'time'> & {
  /** s after the start */
  at: number;
};

/** What is looked at, as plain data. */
export interface Watched {
  rooms: readonly WatchedRoom[];
  /** ms between two looks */
  interval: number;
}

/** Who looks at readings for alarms: here, or a thread that takes them. */
export interface Watch {
  /** @param at s after the start @param readings valid until the next ones: who keeps them copies them */
  look: (at: number, readings: Readings) => void;
  /** complete once all looks have been taken */
  readonly log: readonly AlarmEntry[];
}

/**
 * Rules over the telemetry of some rooms, by the engine that serves live values.
 * @param baselines what is usual, learnt from on; nothing at the beginning unless given
 */
export function watchOf(rules: readonly Rule[], watched: Watched, baselines?: Baselines): Watch {
  const { look, logs } = watchUnder([rules], watched, baselines);
  return { look, log: logs[0]! };
}

/** The same readings under several sets of rules at once; a log by set. */
export function watchUnder(
  sets: readonly (readonly Rule[])[],
  { rooms, interval }: Watched,
  baselines: Baselines = createBaselines(),
): Pick<Watch, 'look'> & { readonly logs: readonly (readonly AlarmEntry[])[] } {
  const telemetry = telemetryOf(rooms, interval);
  const places = new Map(rooms.map((room) => [room.code, room]));
  const engines = sets.map((rules) => ({
    engine: createEngine(rules, telemetry.state, {
      baselines,
      areaOf: (code) => places.get(code)!,
      motorsOf: (code) => places.get(code)!.motors,
    }),
    log: [] as AlarmEntry[],
  }));
  return {
    logs: engines.map(({ log }) => log),
    look: (at, readings) => {
      telemetry.take(readings);
      learn(baselines, telemetry.state, readings.now);
      for (const { engine, log } of engines)
        for (const { time: _, ...event } of tick(engine, readings.now)) log.push({ at, ...event });
    },
  };
}
