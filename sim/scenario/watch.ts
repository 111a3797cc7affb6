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
  /** @param at s after the start. Readings are handed over: whoever made them lets go of them. */
  look: (at: number, readings: Readings) => void;
  /** complete once all looks have been taken */
  readonly log: readonly AlarmEntry[];
}

/**
 * Rules over the telemetry of some rooms, by the engine that serves live values.
 * @param baselines what is usual, learnt from on; nothing at the beginning unless given
 */
export function watchOf(
  rules: readonly Rule[],
  { rooms, interval }: Watched,
  baselines: Baselines = createBaselines(),
): Watch {
  const telemetry = telemetryOf(rooms, interval);
  const places = new Map(rooms.map((room) => [room.code, room]));
  const engine = createEngine(rules, telemetry.state, { baselines, areaOf: (code) => places.get(code)! });
  const log: AlarmEntry[] = [];
  return {
    log,
    look: (at, readings) => {
      telemetry.take(readings);
      learn(baselines, telemetry.state, readings.now);
      for (const { time: _, ...event } of tick(engine, readings.now)) log.push({ at, ...event });
    },
  };
}
