import { setTimeout as pause } from 'node:timers/promises';
import type { AlarmEvent } from '#twin/alarm/alarm.ts';
import { warmingOf } from '#twin/backtest/needs.ts';
import { type AlarmSpan, spansOf } from '#twin/backtest/spans.ts';
import type { Rule } from '#twin/rules/load.ts';
import { HOUR } from '#twin/units.ts';
import type { History } from '../history/history.ts';
import type { Registry } from '../registry/registry.ts';
import type { LateArrivals, Missed } from './lateArrivals.ts';
import type { LateStretches } from './lateStretches.ts';
import { isOfOneStation, playRecord } from './playRecord.ts';

/** An alarm that people would have been told of, had its values come in time. */
export interface LateAlarm extends AlarmSpan {
  rule: string;
  /** where what is known ends, when it stood until then */
  clearedAt: number;
  evidence: Record<string, number | null>;
}

export interface LateAlarmsContext {
  arrivals: LateArrivals;
  /** where what waits outlives the server */
  stretches: LateStretches;
  history: Pick<History, 'read'>;
  registry: Registry;
  rules: () => readonly Rule[];
  /** keeps what was found; what is known already is passed over */
  keep: (found: readonly LateAlarm[], missed: readonly Missed[]) => Promise<void>;
  now: () => number;
  /** reporting interval of the stations, ms */
  interval: number;
  note: (note: string) => void;
}

/** So much before the stretch is played too: longer windows say nothing until they are full. */
const LONGEST_WARMING = 2 * HOUR;
const STRIDE = HOUR / 2;

/**
 * What would have been told of a time whose values came late: replayed with the rules of now, some stations at once,
 * and written to the history of alarms. Nobody is told.
 */
export class LateAlarms {
  private readonly context: LateAlarmsContext;
  private readonly closed = new AbortController();
  private running: Promise<void> = Promise.resolve();
  private busy = false;
  /** taken, and not done yet */
  private underWay: readonly Missed[] = [];
  private keeping: Promise<void> = Promise.resolve();
  private failing = false;

  private constructor(context: LateAlarmsContext) {
    this.context = context;
  }

  /** Takes up what waited when the last server ended. */
  static async begin(context: LateAlarmsContext): Promise<LateAlarms> {
    const { arrivals, stretches, now } = context;
    for (const { station, from, to } of await stretches.load()) arrivals.note(station, from, to, now());
    return new LateAlarms(context);
  }

  /** To be called every few seconds: looks at what has arrived since. Resolves when that is done; never rejects. */
  async turn(): Promise<void> {
    await this.keepWaiting();
    if (!this.busy) {
      this.busy = true;
      this.running = this.work().finally(() => {
        this.busy = false;
      });
    }
    return this.running;
  }

  async close(): Promise<void> {
    this.closed.abort();
    await this.running;
    await this.keepWaiting();
  }

  /** Writes down what waits; what cannot be written is tried at the next turn. */
  private keepWaiting(): Promise<void> {
    this.keeping = this.keeping.then(async () => {
      const { arrivals, stretches, note } = this.context;
      try {
        await stretches.save([...this.underWay, ...arrivals.waiting()]);
        this.failing = false;
      } catch (error) {
        if (!this.failing) note(`late stretches cannot be written: ${(error as Error).message}`);
        this.failing = true;
      }
    });
    return this.keeping;
  }

  private async work(): Promise<void> {
    const { arrivals, registry, now, note, keep } = this.context;
    const { signal } = this.closed;
    while (!signal.aborted) {
      const arrived = arrivals.takeArrived(now());
      if (arrived.length === 0) return;
      // one may have been removed meanwhile
      const missed = arrived.filter(({ station }) => registry.byCode.has(station));
      this.underWay = missed;
      if (missed.length === 0) continue;
      const began = now();
      try {
        await keep(await this.alarmsIn(missed), missed);
      } catch (error) {
        if (signal.aborted) return;
        const who = missed.map(({ station }) => station).join(', ');
        note(`alarms of what came late are not known of ${who}: ${(error as Error).message}`);
      }
      this.underWay = [];
      await this.keepWaiting();
      // half of the time is left to what is alive
      await pause(now() - began, undefined, { signal }).catch(() => undefined);
    }
  }

  private async alarmsIn(missed: readonly Missed[]): Promise<LateAlarm[]> {
    const { history, interval, registry } = this.context;
    const stations = missed.map(({ station }) => registry.byCode.get(station)!);
    const rules = this.context.rules().filter(isOfOneStation);
    const time = {
      from: Math.min(...missed.map((one) => one.from)) - warmingOf(rules, LONGEST_WARMING),
      to: Math.max(...missed.map((one) => one.to)),
    };
    const part = { stations, rules, time, stride: STRIDE, interval };
    const log: AlarmEvent[] = [];
    await playRecord(history, part, this.closed.signal, async (replay, strides) => {
      for await (const stride of strides) log.push(...(await replay.play(stride))[0]!);
    });
    return missed.flatMap((one) => lateAlarmsOf(log, one));
  }
}

/** What people would have been told of in a stretch of a station, in the order in which it was raised. */
function lateAlarmsOf(all: readonly AlarmEvent[], { station, from, to }: Missed): LateAlarm[] {
  const log = all.filter((event) => event.station === station);
  const rules = [...new Set(log.map(({ rule }) => rule))];
  return rules
    .flatMap((rule) =>
      spansOf(log, rule)
        .filter(({ told, raisedAt }) => told && raisedAt >= from && raisedAt < to)
        .map((span) => ({
          ...span,
          rule,
          clearedAt: Math.min(span.clearedAt ?? to, to),
          evidence: evidenceOf(log, rule, span),
        })),
    )
    .sort((a, b) => a.raisedAt - b.raisedAt);
}

const evidenceOf = (log: readonly AlarmEvent[], rule: string, { spot, raisedAt }: AlarmSpan) =>
  log.find((one) => one.rule === rule && one.spot === spot && one.time === raisedAt && one.annunciates)
    ?.evidence ?? {};
