import type { AlarmEvent } from '#twin/alarm/alarm.ts';
import { areaOfStation } from '#twin/alarm/area.ts';
import { countsOf } from '#twin/backtest/counts.ts';
import { leaningOn, warmingOf } from '#twin/backtest/needs.ts';
import type { RecordedStation } from '#twin/backtest/recorded.ts';
import { gapsOf, type Stretch, spansOf } from '#twin/backtest/spans.ts';
import type { Rule } from '#twin/rules/load.ts';
import { DAY, HOUR, MINUTE } from '#twin/units.ts';
import type { BacktestAnswer, BacktestVersion } from '#twin/wire/rules.ts';
import { motorsByCode } from '../alarms/motors.ts';
import type { History } from '../history/history.ts';
import type { RegisteredStation } from '../registry/registry.ts';
import { limitsOf } from './limits.ts';
import { heardLive, seriesOf } from './record.ts';
import { openReplay } from './replayThread.ts';
import type { Setting } from './worker.ts';

export interface BacktestPlan {
  rule: string;
  /** the rules in force, and the same with the text that is tried */
  inForce: readonly Rule[];
  candidate: readonly Rule[];
  stations: readonly RegisteredStation[];
  /** null: the stations were named */
  seed: number | null;
  from: number;
  to: number;
  /** reporting interval, ms */
  interval: number;
}

/** A task for the history's thread must not keep it from sealing: so much of one station at a time. */
const STRIDE = 2 * HOUR;
const LONGEST_WARMING = DAY;
const LONGEST_GAP = MINUTE;
const MOST_SPANS = 2000;
const MOST_GAPS = 50;

/**
 * What a rule would have raised over the recorded history, beside the rule in force: read through the history stretch
 * by stretch, judged in a thread of its own.
 * @param progress is told 0 to 1
 * @throws when `cancelled` is aborted, or a thread or the database fails
 */
export async function runBacktest(
  history: Pick<History, 'read' | 'heard'>,
  plan: BacktestPlan,
  progress: (part: number) => void,
  cancelled: AbortSignal,
): Promise<BacktestAnswer> {
  const { rule, interval, stations } = plan;
  const sets = [leaningOn(plan.candidate, rule), leaningOn(plan.inForce, rule)];
  const every = sets.flat();
  const aligned = (time: number) => Math.floor(time / interval) * interval;
  const from = aligned(plan.from);
  const to = aligned(plan.to);
  const warmedFrom = aligned(from - warmingOf(every, LONGEST_WARMING));
  const setting: Setting = {
    sets,
    rule,
    interval,
    from: warmedFrom,
    stations: Object.fromEntries(stations.map(({ code, templateId }) => [code, templateId])),
    areas: Object.fromEntries(stations.map(({ code, station }) => [code, areaOfStation(station)])),
    motors: motorsByCode(stations),
  };
  const replay = openReplay(setting, cancelled);
  const logs: AlarmEvent[][] = sets.map(() => []);
  const heard = new Map<string, number[]>(stations.map(({ code }) => [code, []]));
  try {
    for (let start = warmedFrom; start < to; start += STRIDE) {
      const until = Math.min(to, start + STRIDE);
      const recorded: RecordedStation[] = [];
      for (const [i, station] of stations.entries()) {
        cancelled.throwIfAborted();
        const one = { station, time: { from: start, to: until }, interval };
        const times = await heardLive(history, one);
        for (const time of times) heard.get(station.code)!.push(time);
        recorded.push({ code: station.code, heard: times, series: await seriesOf(history, one, every) });
        progress((start - warmedFrom + ((until - start) * i) / stations.length) / (to - warmedFrom));
      }
      const events = await replay.play({ recorded, until });
      events.forEach((log, i) => {
        logs[i]!.push(...log);
      });
    }
  } finally {
    replay.end();
  }
  const time = { from, to };
  const recordedMs = new Map(stations.map(({ code }) => [code, to - from - silent(heard.get(code)!, time)]));
  const roomDays = [...recordedMs.values()].reduce((sum, ms) => sum + ms, 0) / DAY;
  const [candidate, inForce] = logs.map((log) => versionOf(log, rule, time, roomDays));
  return {
    ...time,
    warmedFrom,
    seed: plan.seed,
    candidate: candidate!,
    inForce: sets[1]!.length > 0 ? inForce! : null,
    stations: stations.map(({ code }) => ({
      code,
      recordedMs: recordedMs.get(code)!,
      missing: gapsOf(heard.get(code)!, time, LONGEST_GAP).slice(0, MOST_GAPS),
      candidate: toldAt(candidate!, code, time),
      inForce: sets[1]!.length > 0 ? toldAt(inForce!, code, time) : 0,
    })),
    limits: limitsOf(every),
  };
}

const silent = (heard: readonly number[], time: Stretch): number =>
  gapsOf(heard, time, LONGEST_GAP).reduce((sum, gap) => sum + gap.to - gap.from, 0);

function versionOf(
  log: readonly AlarmEvent[],
  rule: string,
  { from }: Stretch,
  roomDays: number,
): BacktestVersion {
  // what ended while the replay warmed up is not of the time asked for
  const spans = spansOf(log, rule).filter(({ clearedAt }) => clearedAt === null || clearedAt > from);
  const within = spans.filter(({ raisedAt }) => raisedAt >= from);
  const counts = countsOf(within);
  return {
    ...counts,
    per100RoomsAndDay: roomDays > 0 ? (100 * counts.annunciations) / roomDays : null,
    spans: spans.slice(0, MOST_SPANS),
  };
}

const toldAt = ({ spans }: BacktestVersion, code: string, { from }: Stretch): number =>
  spans.filter(({ station, told, raisedAt }) => station === code && told && raisedAt >= from).length;
