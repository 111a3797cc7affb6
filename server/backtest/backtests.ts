import type { z } from 'zod';
import type { RuleIssue } from '#twin/rules/load.ts';
import type { BacktestJob, backtestRequest } from '#twin/wire/rules.ts';
import type { RuleBook } from '../alarms/ruleBook.ts';
import type { History } from '../history/history.ts';
import type { RegisteredStation, Registry } from '../registry/registry.ts';
import { Jobs, type Turns } from './jobs.ts';
import { runBacktest } from './run.ts';
import { drawStations } from './sample.ts';

export interface BacktestContext {
  book: RuleBook;
  history: Pick<History, 'read' | 'heard'>;
  registry: Registry;
  now: () => number;
  /** reporting interval of the stations, ms */
  interval: number;
  /** shared with all that may run at a time */
  turns: Turns;
}

/** Why a back-test does not begin. */
export type NotBegun =
  | { refused: 'invalid'; issues: readonly RuleIssue[] }
  | { refused: 'stations' | 'busy'; details: string[] };

const SAMPLE = 20;
const HOUR = 3_600_000;

/** Back-tests over the recorded history. */
export class Backtests {
  private readonly context: BacktestContext;
  private readonly jobs: Jobs<BacktestJob>;

  constructor(context: BacktestContext) {
    this.context = context;
    this.jobs = new Jobs(context.turns);
  }

  /** Begins one, or has it wait. */
  begin(rule: string, request: z.output<typeof backtestRequest>): BacktestJob | NotBegun {
    const { book, registry, history, interval, now } = this.context;
    const { rules, rule: tried, issues } = book.check(rule, request.yaml);
    if (!tried || issues.length > 0) return { refused: 'invalid', issues };
    // the platform itself is not in the history of stations
    if (tried.text.platform) return { refused: 'stations', details: [] };
    if (this.jobs.full) return { refused: 'busy', details: [] };
    const stations = this.stationsFor(tried.gather?.rule ?? rule, rules, tried, request);
    const unknown = request.stations?.filter((code) => !registry.byCode.has(code)) ?? [];
    if (unknown.length > 0) return { refused: 'stations', details: unknown };
    if (stations.length === 0) return { refused: 'stations', details: [] };
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
    return this.jobs.begin({ answer: null }, async (job, cancelled) => {
      job.answer = await runBacktest(history, plan, (part) => (job.progress = part), cancelled);
    });
  }

  find(id: number): BacktestJob | undefined {
    return this.jobs.find(id);
  }

  /** Ends one that waits or runs; one that is over stays as it is. */
  cancel(id: number): BacktestJob | undefined {
    return this.jobs.cancel(id);
  }

  close(): Promise<void> {
    return this.jobs.close();
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
}
