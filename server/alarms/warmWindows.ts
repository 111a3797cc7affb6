import { setTimeout as pause } from 'node:timers/promises';
import type { FleetWindows } from '#twin/alarm/windows.ts';
import type { Stretch } from '#twin/backtest/spans.ts';
import type { Rule } from '#twin/rules/load.ts';
import { HOUR, MINUTE } from '#twin/units.ts';
import type { ReplayThread } from '../backtest/replayThread.ts';
import type { Stride } from '../backtest/worker.ts';
import type { History } from '../history/history.ts';
import type { RegisteredStation } from '../registry/registry.ts';
import { isOfOneStation, playRecord, type RecordPart } from './playRecord.ts';

export interface WarmingContext {
  history: Pick<History, 'read' | 'heard' | 'earlier'>;
  stations: readonly RegisteredStation[];
  rules: readonly Rule[];
  /** reporting interval of the stations, ms */
  interval: number;
  /** is given what windows knew, some stations at once */
  recall: (known: readonly FleetWindows[]) => void;
  now: () => number;
  note: (note: string) => void;
}

/**
 * How far back is read, of all stations first for short windows, which would be full by themselves before an hour is
 * read; a point may have been silent for the 15 minutes before the window.
 */
const REACHES = [20 * MINUTE, HOUR + 15 * MINUTE];
/** Many at once, since most of what a look costs is the same for few; less of each, since it is held in memory. */
const AT_ONCE = 200;
const STRIDE = 15 * MINUTE;

/**
 * Reads again what moving windows knew when the last server ended, and gives it to those that began anew. It goes on
 * beside live work: until then a window is unknown, and neither raises nor clears. Never rejects.
 */
export async function warmWindows(context: WarmingContext, cancelled: AbortSignal): Promise<void> {
  const { history, stations, rules, now } = context;
  const { until, heard } = history.earlier;
  if (until === null) return;
  const known = stations.filter(({ id }) => heard.has(id));
  const own = rules.filter(isOfOneStation);
  for (const reach of REACHES) {
    if (now() - until >= reach) continue;
    const time = { from: until - reach, to: until };
    const alive = await byLiveSince(context, known, time, cancelled);
    for (let at = 0; at < alive.length && !cancelled.aborted; at += AT_ONCE) {
      const began = now();
      const some = alive.slice(at, at + AT_ONCE);
      const part = { stations: some.map(({ station }) => station), rules: own };
      await warm(context, { ...part, time: { ...time, from: some.at(-1)!.since } }, cancelled);
      // half of the time is left to what is alive
      await pause(now() - began, undefined, { signal: cancelled }).catch(() => undefined);
    }
  }
}

/**
 * Stations and since when they were heard live, those of old first. What was filled in before may be minutes apart: a mean
 * would stand on the few values since, and tell what swings while a city starts.
 */
async function byLiveSince(
  { history, note }: Pick<WarmingContext, 'history' | 'note'>,
  stations: readonly RegisteredStation[],
  time: Stretch,
  cancelled: AbortSignal,
): Promise<{ station: RegisteredStation; since: number }[]> {
  const alive: { station: RegisteredStation; since: number }[] = [];
  try {
    for (const station of stations) {
      if (cancelled.aborted) return [];
      const since = await liveSince(history, station, time);
      if (since < time.to) alive.push({ station, since });
    }
  } catch (error) {
    note(`moving windows begin anew: ${(error as Error).message}`);
    return [];
  }
  return alive.sort((a, b) => a.since - b.since);
}

/** Since which minute on a station was heard live in every one, ms since epoch. */
async function liveSince(
  history: Pick<History, 'heard'>,
  { id, place }: RegisteredStation,
  { from, to }: Stretch,
): Promise<number> {
  const { template } = place.columns;
  const minutes = new Set(await history.heard({ station: id, template, from, to, width: MINUTE }));
  let since = from + MINUTE * Math.floor((to - from) / MINUTE);
  while (since > from && minutes.has(since - MINUTE)) since -= MINUTE;
  // the first of them may have begun late
  return since === from ? from : since + MINUTE;
}

async function warm(
  { history, interval, recall, note }: WarmingContext,
  part: Pick<RecordPart, 'stations' | 'rules' | 'time'>,
  cancelled: AbortSignal,
): Promise<void> {
  try {
    recall(await playRecord(history, { ...part, stride: STRIDE, interval }, cancelled, windowsAfter));
  } catch (error) {
    if (!cancelled.aborted)
      note(`moving windows of ${part.stations.length} stations begin anew: ${(error as Error).message}`);
  }
}

async function windowsAfter(replay: ReplayThread, strides: AsyncIterable<Stride>): Promise<FleetWindows[]> {
  for await (const stride of strides) await replay.fill(stride);
  return replay.windows();
}
