import { setTimeout as pause } from 'node:timers/promises';
import type { TemplateWindows } from '#twin/alarm/windows.ts';
import type { Rule } from '#twin/rules/load.ts';
import { HOUR, MINUTE } from '#twin/units.ts';
import type { History } from '../history/history.ts';
import type { RegisteredStation } from '../registry/registry.ts';
import { isOfOneStation, playRecord } from './playRecord.ts';

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

/** Windows of an hour, and the longest silence of a point before them: so much is read again. */
const REACH = HOUR + 15 * MINUTE;
const AT_ONCE = 50;

/**
 * Reads again what moving windows knew when the last server ended, and gives it to those that began anew. It goes on
 * beside live work: until then a window is unknown, and neither raises nor clears. Never rejects.
 */
export async function warmWindows(
  { history, stations, rules, interval, recall, now, note }: WarmingContext,
  cancelled: AbortSignal,
): Promise<void> {
  const { until, heard } = history.earlier;
  if (until === null || now() - until >= REACH) return;
  const time = { from: until - REACH, to: until };
  const known = stations.filter(({ id }) => heard.has(id));
  const own = rules.filter(isOfOneStation);
  for (let at = 0; at < known.length; at += AT_ONCE) {
    const some = known.slice(at, at + AT_ONCE);
    const began = now();
    try {
      const part = { stations: some, rules: own, time, interval };
      recall(await playRecord(history, part, cancelled, (_, replay) => replay.windows()));
    } catch (error) {
      if (cancelled.aborted) return;
      note(`moving windows of ${some.length} stations begin anew: ${(error as Error).message}`);
    }
    // half of the time is left to what is alive
    await pause(now() - began, undefined, { signal: cancelled }).catch(() => undefined);
    if (cancelled.aborted) return;
  }
}
