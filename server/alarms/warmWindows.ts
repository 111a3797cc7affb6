import { setTimeout as pause } from 'node:timers/promises';
import type { TemplateWindows } from '#twin/alarm/windows.ts';
import type { Rule } from '#twin/rules/load.ts';
import { HOUR, MINUTE } from '#twin/units.ts';
import type { ReplayThread } from '../backtest/replayThread.ts';
import type { Stride } from '../backtest/worker.ts';
import type { History } from '../history/history.ts';
import type { RegisteredStation } from '../registry/registry.ts';
import { isOfOneStation, playRecord, type RecordPart } from './playRecord.ts';

export interface WarmingContext {
  history: Pick<History, 'read' | 'earlier'>;
  stations: readonly RegisteredStation[];
  rules: readonly Rule[];
  /** reporting interval of the stations, ms */
  interval: number;
  /** is given what windows knew, some stations at once */
  recall: (known: readonly TemplateWindows[]) => void;
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
    for (let at = 0; at < known.length && !cancelled.aborted; at += AT_ONCE) {
      const began = now();
      await warm(context, { stations: known.slice(at, at + AT_ONCE), rules: own, time }, cancelled);
      // half of the time is left to what is alive
      await pause(now() - began, undefined, { signal: cancelled }).catch(() => undefined);
    }
  }
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

async function windowsAfter(
  replay: ReplayThread,
  strides: AsyncIterable<Stride>,
): Promise<TemplateWindows[]> {
  for await (const stride of strides) await replay.fill(stride);
  return replay.windows();
}
