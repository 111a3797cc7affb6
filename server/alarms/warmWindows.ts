import { setTimeout as pause } from 'node:timers/promises';
import type { FleetWindows } from '#twin/alarm/windows.ts';
import { pointsOfWindows } from '#twin/backtest/needs.ts';
import type { RecordedStation } from '#twin/backtest/recorded.ts';
import type { Stretch } from '#twin/backtest/spans.ts';
import type { Rule } from '#twin/rules/load.ts';
import { HOUR, MINUTE } from '#twin/units.ts';
import { sliceColumn } from '#twin/wire/chunk-columns.ts';
import { openReplay, type ReplayThread } from '../backtest/replayThread.ts';
import type { Setting } from '../backtest/worker.ts';
import type { History, StationRecord } from '../history/history.ts';
import type { RegisteredStation } from '../registry/registry.ts';
import { motorsByCode } from './motors.ts';
import { isOfOneStation } from './playRecord.ts';

export interface WarmingContext {
  history: Pick<History, 'records' | 'earlier'>;
  stations: readonly RegisteredStation[];
  rules: readonly Rule[];
  /** reporting interval of the stations, ms */
  interval: number;
  /** is given what windows knew, some stations at once */
  recall: (known: readonly FleetWindows[]) => void;
  now: () => number;
  note: (note: string) => void;
}

/** How far back is read: windows of an hour, and a point may have been silent for the 15 minutes before. */
const REACH = HOUR + 15 * MINUTE;
/** Stations played together: most of what a look costs is the same for few, but all they measured is held in memory. */
const AT_ONCE = 50;
/** Stations read in one task of the history's thread, which must not be kept from sealing. */
const READ_AT_ONCE = 10;
/** A station that says nothing live for longer was not there. */
const LONGEST_GAP = MINUTE;

/**
 * Reads again what moving windows knew when the last server ended, and gives it to those that began anew. It goes on
 * beside live work: until then a window is unknown, and neither raises nor clears. Never rejects.
 */
export async function warmWindows(context: WarmingContext, cancelled: AbortSignal): Promise<void> {
  const { history, rules, interval, recall, now, note } = context;
  const { until, heard } = history.earlier;
  if (until === null || now() - until >= REACH) return;
  const time = { from: alignedTo(interval, until - REACH), to: alignedTo(interval, until) + interval };
  const own = rules.filter(isOfOneStation);
  // those of one template stand together, in the thread as in the statement
  const stations = context.stations
    .filter(({ id }) => heard.has(id))
    .sort((a, b) => (a.templateId < b.templateId ? -1 : Number(a.templateId > b.templateId)));
  let replay: ReplayThread | undefined;
  for (let at = 0; at < stations.length && !cancelled.aborted; at += AT_ONCE) {
    const began = now();
    const some = stations.slice(at, at + AT_ONCE);
    try {
      const recorded = await recordedSinceLive(history, some, own, time, cancelled);
      const setting: Setting = {
        sets: [own],
        interval,
        from: time.from,
        stations: Object.fromEntries(some.map(({ code, templateId }) => [code, templateId])),
        areas: {},
        motors: motorsByCode(some),
      };
      if (replay) await replay.renew(setting);
      else replay = openReplay(setting, cancelled);
      await replay.fill({ recorded, until: time.to });
      recall(await replay.windows());
    } catch (error) {
      if (!cancelled.aborted)
        note(`moving windows of ${some.length} stations begin anew: ${(error as Error).message}`);
      replay?.end();
      replay = undefined;
    }
    // half of the time is left to what is alive
    await pause(now() - began, undefined, { signal: cancelled }).catch(() => undefined);
  }
  replay?.end();
}

const alignedTo = (interval: number, time: number): number => Math.floor(time / interval) * interval;

/** What windows take of stations, as far as they were heard live without a gap until the last server ended. */
async function recordedSinceLive(
  history: Pick<History, 'records'>,
  stations: readonly RegisteredStation[],
  rules: readonly Rule[],
  time: Stretch,
  cancelled: AbortSignal,
): Promise<RecordedStation[]> {
  const recorded: RecordedStation[] = [];
  for (const some of batchesOf(stations)) {
    cancelled.throwIfAborted();
    const { template } = some[0]!.place.columns;
    const points = pointsOfWindows(rules, template);
    const records = await history.records({ stations: some.map(({ id }) => id), template, points, ...time });
    some.forEach(({ code }, k) => {
      recorded.push(sinceLive(code, points, records[k]!, time.to));
    });
  }
  return recorded;
}

/** Stations that are read together: of one template. */
function batchesOf(stations: readonly RegisteredStation[]): RegisteredStation[][] {
  const batches: RegisteredStation[][] = [];
  for (const station of stations) {
    const last = batches.at(-1);
    if (last && last.length < READ_AT_ONCE && last[0]!.place.columns === station.place.columns)
      last.push(station);
    else batches.push([station]);
  }
  return batches;
}

/**
 * What was filled in before a station was heard live may be minutes apart: a mean would stand on the few values since,
 * and tell what swings while a city starts.
 */
function sinceLive(
  code: string,
  points: readonly string[],
  { columns, live, heard }: StationRecord,
  to: number,
): RecordedStation {
  let since = to;
  for (let i = live.length - 1; i >= 0 && since - live[i]! <= LONGEST_GAP; i--) since = live[i]!;
  const series = columns.flatMap((column, k) => {
    const part = sliceColumn(column, since, to);
    return part ? [{ point: points[k]!, t: part.t, values: part.values, qualities: part.qualities }] : [];
  });
  return { code, heard: heard.filter((t) => t >= since), series };
}
