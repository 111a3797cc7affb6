import type { AlarmEvent } from '#twin/alarm/alarm.ts';
import type { AreaOf } from '#twin/alarm/area.ts';
import { createEngine, tick } from '#twin/alarm/engine.ts';
import { createBaselines, learn } from '#twin/baseline/city.ts';
import { type CleaningMemory, clean, freshMemory } from '#twin/cleaning/clean.ts';
import type { Rule } from '#twin/rules/load.ts';
import { addStation, emptyState } from '#twin/state/columns.ts';
import { sweepStale } from '#twin/state/freshness.ts';
import { DAY, SECOND } from '#twin/units.ts';
import type { Reading } from './readings.ts';

/** The engine looks this often, as the live one does. */
const LOOK_EVERY = 2 * SECOND;

/**
 * After so long without any value everything is stale and every delay is over: the engine looks again when the next
 * value comes. One row of a wrong year costs a day, not the years.
 */
const LONGEST_SILENCE = DAY;

export interface ReplayOptions {
  /** of the stations' reports, ms */
  interval: number;
  /** where stations lie; nobody knows when absent */
  areaOf?: AreaOf;
}

const NOWHERE: AreaOf = () => ({ district: '', zone: '' });

/**
 * What rules would have raised over recorded readings: the same cleaning, state and engine as live.
 * @param stations template id by station code
 * @param readings in the order of time
 */
export function replayAlarms(
  rules: readonly Rule[],
  stations: Readonly<Record<string, string>>,
  readings: readonly Reading[],
  { interval, areaOf = NOWHERE }: ReplayOptions,
): AlarmEvent[] {
  const state = emptyState();
  for (const [code, id] of Object.entries(stations)) addStation(state, code, id);
  const baselines = createBaselines();
  const engine = createEngine(rules, state, { areaOf, baselines });
  const memories = new Map<string, CleaningMemory>();
  const log: AlarmEvent[] = [];
  const first = readings[0]?.time ?? 0;
  const last = readings.at(-1)?.time ?? -1;
  let next = 0;
  for (let now = first; now < last + LOOK_EVERY; now = following(now)) {
    for (; next < readings.length && readings[next]!.time <= now; next++) take(readings[next]!);
    for (const columns of state.byTemplate.values()) sweepStale(columns, { interval, now });
    learn(baselines, state, now);
    log.push(...tick(engine, now));
  }
  return log;

  function following(now: number): number {
    const looks = ((readings[next]?.time ?? last) - now) / LOOK_EVERY;
    const silence = now - readings[next - 1]!.time;
    return now + LOOK_EVERY * (silence < LONGEST_SILENCE ? 1 : Math.max(1, Math.ceil(looks)));
  }

  function take({ time, station, point, value }: Reading): void {
    const { columns, row } = state.places.get(station)!;
    const index = columns.template.index.get(point);
    // a mapping may serve several kinds of station
    if (index === undefined) return;
    const memory = memories.get(station) ?? freshMemory(columns.template);
    memories.set(station, memory);
    columns.qualities[index]![row] = clean(memory, index, value, time);
    columns.values[index]![row] = value;
    columns.times[index]![row] = time;
    columns.lastMessage[row] = time;
  }
}
