import { kindsIn } from '#twin/backtest/needs.ts';
import type { RecordedStation } from '#twin/backtest/recorded.ts';
import type { Stretch } from '#twin/backtest/spans.ts';
import type { Condition } from '#twin/rules/condition.ts';
import type { Rule } from '#twin/rules/load.ts';
import { seriesOf } from '../backtest/record.ts';
import { openReplay, type ReplayThread } from '../backtest/replayThread.ts';
import type { Stride } from '../backtest/worker.ts';
import type { History } from '../history/history.ts';
import type { RegisteredStation } from '../registry/registry.ts';
import { motorsByCode } from './motors.ts';

/** What of the record is played. */
export interface RecordPart {
  stations: readonly RegisteredStation[];
  rules: readonly Rule[];
  time: Stretch;
  /** what is read of the stations at once, ms: the history's thread must not be kept from sealing */
  stride: number;
  /** reporting interval of the stations, ms */
  interval: number;
}

/**
 * Plays what is recorded of stations in a thread of its own: `play` is given the thread, which ends after it, and the
 * record stride by stride. Rejects when `cancelled` is aborted, or the thread or the database fails.
 */
export async function playRecord<Answer>(
  history: Pick<History, 'read'>,
  { stations, rules, time, stride, interval }: RecordPart,
  cancelled: AbortSignal,
  play: (replay: ReplayThread, strides: AsyncIterable<Stride>) => Promise<Answer>,
): Promise<Answer> {
  const from = Math.floor(time.from / interval) * interval;
  const to = Math.floor(time.to / interval) * interval + interval;
  const templates = Object.fromEntries(stations.map(({ code, templateId }) => [code, templateId]));
  const replay = openReplay(
    { sets: [[...rules]], interval, from, stations: templates, areas: {}, motors: motorsByCode(stations) },
    cancelled,
  );
  async function* strides(): AsyncGenerator<Stride> {
    for (let start = from; start < to; start += stride) {
      const until = Math.min(to, start + stride);
      const recorded: RecordedStation[] = [];
      for (const station of stations) {
        cancelled.throwIfAborted();
        const series = await seriesOf(
          history,
          { station, time: { from: start, to: until }, interval },
          rules,
        );
        // a station whose values have come was there, whenever they came
        const heard = [...new Set(series.flatMap(({ t }) => Array.from(t)))].sort((a, b) => a - b);
        recorded.push({ code: station.code, heard, series });
      }
      yield { recorded, until };
    }
  }
  try {
    return await play(replay, strides());
  } finally {
    replay.end();
  }
}

/** Whether one station's values alone decide: neither others of its area nor what is usual are replayed. */
export function isOfOneStation({ text, when, clear, gather }: Rule): boolean {
  const conditions = [when, clear].filter((one): one is Condition => one !== null);
  return !gather && !text.platform && !conditions.flatMap(kindsIn).some((kind) => NOT_REPLAYED.has(kind));
}

const NOT_REPLAYED: ReadonlySet<Condition['kind']> = new Set([
  'neighbours',
  'usual',
  'energy',
  'curve',
  'offline',
  'silence',
]);
