import { parentPort } from 'node:worker_threads';
import type { Area } from '#twin/alarm/area.ts';
import { type RecordedOptions, RecordedReplay, type RecordedStation } from '#twin/backtest/recorded.ts';
import type { Motors } from '#twin/curves/motor.ts';
import type { Rule } from '#twin/rules/load.ts';
import { giveWayToLiveWork, threadData } from '../threads.ts';

/** What a back-test's thread is started with. */
export interface Setting extends Omit<RecordedOptions, 'areaOf' | 'motorsOf'> {
  sets: Rule[][];
  /** the rule whose events are asked for; all when absent */
  rule?: string;
  /** template id by code */
  stations: Record<string, string>;
  areas: Record<string, Area>;
  motors: Record<string, Motors>;
}

/** The next stretch of the record. */
export interface Stride {
  recorded: RecordedStation[];
  until: number;
}

giveWayToLiveWork();
let { rule } = threadData as Setting;
let replay = replayOf(threadData as Setting);

/**
 * What a thread is asked: to play a stretch, for alarms or for moving windows alone, to begin anew, or what windows know
 * then.
 */
export type Asked = { play: Stride } | { fill: Stride } | { renew: Setting } | 'windows';

parentPort?.on('message', (asked: Asked) => {
  parentPort?.postMessage(answer(asked));
});

function answer(asked: Asked): unknown {
  if (asked === 'windows') return replay.windows();
  if ('fill' in asked) return replay.fill(asked.fill.recorded, asked.fill.until);
  if ('renew' in asked) {
    rule = asked.renew.rule;
    replay = replayOf(asked.renew);
    return undefined;
  }
  const logs = replay.play(asked.play.recorded, asked.play.until);
  return rule ? logs.map((log) => log.filter((event) => event.rule === rule)) : logs;
}

function replayOf({ sets, stations, areas, motors, interval, from }: Setting): RecordedReplay {
  const areaOf: RecordedOptions['areaOf'] = (station) => areas[station] ?? { district: '', zone: '' };
  return new RecordedReplay(sets, stations, {
    interval,
    from,
    areaOf,
    motorsOf: (station) => motors[station],
  });
}
