import type { z } from 'zod';
import type { RuleIssue } from '#twin/rules/load.ts';
import type { BacktestJob, backtestRequest } from '#twin/wire/rules.ts';
import type { RuleBook } from '../alarms/ruleBook.ts';
import type { History } from '../history/history.ts';
import type { RegisteredStation, Registry } from '../registry/registry.ts';
import { runBacktest } from './run.ts';
import { drawStations } from './sample.ts';

export interface BacktestContext {
  book: RuleBook;
  history: Pick<History, 'read' | 'heard'>;
  registry: Registry;
  now: () => number;
  /** reporting interval of the stations, ms */
  interval: number;
}

/** Why a back-test does not begin. */
export type NotBegun =
  | { refused: 'invalid'; issues: readonly RuleIssue[] }
  | { refused: 'stations' | 'busy'; details: string[] };

const SAMPLE = 20;
const MOST_WAITING = 4;
/** Finished ones that are remembered. */
const MOST_KEPT = 20;
const HOUR = 3_600_000;

interface Kept {
  job: BacktestJob;
  stop: AbortController;
}

/** Back-tests, one after the other: two at once would only be slower, and what arrives goes first. */
export class Backtests {
  private readonly context: BacktestContext;
  private readonly kept = new Map<number, Kept>();
  private last: Promise<unknown> = Promise.resolve();
  private next = 1;

  constructor(context: BacktestContext) {
    this.context = context;
  }

  /** Begins one, or has it wait. */
  begin(rule: string, request: z.output<typeof backtestRequest>): BacktestJob | NotBegun {
    const { book, registry, history, interval, now } = this.context;
    const { rules, rule: tried, issues } = book.check(rule, request.yaml);
    if (!tried || issues.length > 0) return { refused: 'invalid', issues };
    const unfinished = [...this.kept.values()].filter(({ job }) => isUnfinished(job));
    if (unfinished.length >= MOST_WAITING) return { refused: 'busy', details: [] };
    const stations = this.stationsFor(tried.gather?.rule ?? rule, rules, tried, request);
    const unknown = request.stations?.filter((code) => !registry.byCode.has(code)) ?? [];
    if (unknown.length > 0) return { refused: 'stations', details: unknown };
    if (stations.length === 0) return { refused: 'stations', details: [] };
    const job: BacktestJob = {
      job: this.next++,
      state: 'waiting',
      progress: 0,
      error: null,
      answer: null,
    };
    const stop = new AbortController();
    this.kept.set(job.job, { job, stop });
    this.forgetOld();
    const to = now();
    const plan = {
      rule,
      inForce: book.rules,
      candidate: rules,
      stations,
      seed: request.stations ? null : request.seed,
      from: to - request.hours * HOUR,
      to,
      interval,
    };
    const work = async () => {
      if (stop.signal.aborted) return;
      job.state = 'running';
      try {
        job.answer = await runBacktest(history, plan, (part) => (job.progress = part), stop.signal);
        job.state = 'done';
        job.progress = 1;
      } catch (error) {
        if (stop.signal.aborted) return;
        job.state = 'failed';
        job.error = (error as Error).message;
      }
    };
    this.last = this.last.then(work);
    return job;
  }

  find(id: number): BacktestJob | undefined {
    return this.kept.get(id)?.job;
  }

  /** Ends one that waits or runs; one that is over stays as it is. */
  cancel(id: number): BacktestJob | undefined {
    const kept = this.kept.get(id);
    if (!kept) return undefined;
    if (isUnfinished(kept.job)) {
      kept.job.state = 'cancelled';
      kept.stop.abort();
    }
    return kept.job;
  }

  async close(): Promise<void> {
    for (const id of this.kept.keys()) this.cancel(id);
    await this.last;
  }

  private stationsFor(
    id: string,
    rules: ReturnType<RuleBook['check']>['rules'],
    { gather }: NonNullable<ReturnType<RuleBook['check']>['rule']>,
    request: z.output<typeof backtestRequest>,
  ): RegisteredStation[] {
    const { registry } = this.context;
    if (request.stations)
      return [...new Set(request.stations)].flatMap((code) => registry.byCode.get(code) ?? []);
    const of = rules.find(({ text }) => text.id === id);
    return of ? drawStations(registry.stations, { of, gather }, SAMPLE, request.seed) : [];
  }

  private forgetOld(): void {
    for (const [id, { job }] of this.kept) {
      if (this.kept.size <= MOST_KEPT) return;
      if (!isUnfinished(job)) this.kept.delete(id);
    }
  }
}

const isUnfinished = ({ state }: BacktestJob): boolean => state === 'waiting' || state === 'running';
