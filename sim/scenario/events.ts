import type { City } from '#sim/city/model.ts';
import { secondsOf } from './duration.ts';
import { type Effect, effectOf } from './effects.ts';
import { probe } from './measure.ts';
import type { Scenario, ScenarioEvent } from './schema.ts';
import { parseCondition } from './statement.ts';

/** Something that happened in a run. */
export interface LogEntry {
  /** s after the start */
  at: number;
  text: string;
}

/** Lets a scenario's events happen. */
export interface EventPlayer {
  /** once a second, before the city moves. @param t s after the start */
  play: (t: number) => void;
  log: LogEntry[];
}

export function eventPlayer(city: City, events: Scenario['events']): EventPlayer {
  const log: LogEntry[] = [];
  const offline = new Set<string>();
  let now = 0;
  const note = (text: string) => log.push({ at: now, text });
  const waiting = events.map((event) => ({
    due: dueTest(city, event),
    effect: effectOf(city, event, offline, note),
    lasts: event.for === undefined ? Number.POSITIVE_INFINITY : secondsOf(event.for)!,
    name: describe(event),
    began: Number.NaN,
    over: false,
  }));
  return {
    log,
    play: (t) => {
      now = t;
      for (const one of waiting) {
        if (one.over) continue;
        if (Number.isNaN(one.began)) {
          if (!one.due(t)) continue;
          one.began = t;
          one.effect.begin();
          note(one.name);
        }
        const lasted = t - one.began;
        if (lasted < one.lasts) go(one.effect, lasted);
        else {
          one.effect.end();
          one.over = true;
          note(`over: ${one.name}`);
        }
      }
    },
  };
}

function go({ go: move }: Effect, seconds: number): void {
  move?.(seconds);
}

function dueTest(city: City, event: ScenarioEvent): (t: number) => boolean {
  if (event.at !== undefined) {
    const at = secondsOf(event.at)!;
    return (t) => t >= at;
  }
  const condition = parseCondition(event.when!);
  const { places, read } = probe(city, condition);
  return () => {
    for (let i = 0; i < places.length; i++) {
      const value = read(i);
      if (condition.side === 'above' ? value > condition.value : value < condition.value) return true;
    }
    return false;
  };
}

/** `burst node J-00037 flow 900` */
function describe({ do: what, ...rest }: ScenarioEvent): string {
  const facts = Object.entries(rest).flatMap(([key, value]) =>
    ['at', 'when', 'for'].includes(key) || value === undefined ? [] : [`${key} ${value}`],
  );
  return [what, ...facts].join(' ');
}
