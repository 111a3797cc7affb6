import type { z } from 'zod';
import { inOrderFor, proposedFor } from '#sim/scenario/proposal.ts';
import { leaningOn } from '#twin/backtest/needs.ts';
import type { RuleIssue } from '#twin/rules/load.ts';
import type {
  ScenarioBacktestJob,
  ScenarioEntry,
  ScenarioTrial,
  scenarioBacktestRequest,
} from '#twin/wire/scenarios.ts';
import type { RuleBook } from '../alarms/ruleBook.ts';
import type { Registry } from '../registry/registry.ts';
import { type ScenarioLibrary, scenarioEntryOf } from '../runs/library.ts';
import type { TrialSetting } from '../runs/worker.ts';
import { Jobs, type Turns } from './jobs.ts';
import { limitsOf } from './limits.ts';
import { TrialThread } from './trialThread.ts';

export interface ScenarioBacktestContext {
  book: Pick<RuleBook, 'check' | 'rules'>;
  registry: Pick<Registry, 'stations'>;
  library: ScenarioLibrary;
  /** shared with all that may run at a time */
  turns: Turns;
}

/** Why a back-test over scenarios does not begin. */
export type ScenariosNotBegun =
  | { refused: 'invalid'; issues: readonly RuleIssue[] }
  | { refused: 'scenarios'; details: string[] }
  | { refused: 'busy' };

/** What a rule would have raised over the scenario library, beside the rule in force. */
export class ScenarioBacktests {
  private readonly context: ScenarioBacktestContext;
  private readonly jobs: Jobs<ScenarioBacktestJob>;

  constructor(context: ScenarioBacktestContext) {
    this.context = context;
    this.jobs = new Jobs(context.turns);
  }

  get library(): ScenarioLibrary {
    return this.context.library;
  }

  /** Every scenario as people choose it. */
  entries(): ScenarioEntry[] {
    const stations = this.context.registry.stations.map(({ station }) => station);
    return [...this.library.scenarios].map(([id, { scenario }]) => scenarioEntryOf(id, scenario, stations));
  }

  /** Begins one, or has it wait. */
  begin(
    rule: string,
    { yaml, scenarios }: z.output<typeof scenarioBacktestRequest>,
  ): ScenarioBacktestJob | ScenariosNotBegun {
    const { book } = this.context;
    const { rules, rule: tried, issues } = book.check(rule, yaml);
    if (!tried || issues.length > 0) return { refused: 'invalid', issues };
    const unknown = scenarios?.filter((id) => !this.library.scenarios.has(id)) ?? [];
    if (unknown.length > 0) return { refused: 'scenarios', details: unknown };
    const chosen = this.chosen(rule, scenarios);
    if (chosen.length === 0) return { refused: 'scenarios', details: [] };
    if (this.jobs.full) return { refused: 'busy' };
    const setting = { rule, inForce: book.rules, candidate: rules };
    const about = {
      limits: limitsOf([...leaningOn(rules, rule), ...leaningOn(book.rules, rule)]),
      scenarios: chosen.map(({ id }) => waiting(id)),
    };
    const weights = chosen.map(({ estimateSeconds }) => estimateSeconds);
    return this.jobs.begin(about, (job, cancelled) => this.run(job, setting, weights, cancelled));
  }

  find(id: number): ScenarioBacktestJob | undefined {
    return this.jobs.find(id);
  }

  /** Ends one; what was found out stays. */
  cancel(id: number): ScenarioBacktestJob | undefined {
    const job = this.jobs.cancel(id);
    if (job?.state === 'cancelled') leaveOff(job);
    return job;
  }

  close(): Promise<void> {
    return this.jobs.close();
  }

  private async run(
    job: ScenarioBacktestJob,
    setting: TrialSetting,
    weights: readonly number[],
    cancelled: AbortSignal,
  ): Promise<void> {
    const { folder, scenarios } = this.library;
    const whole = weights.reduce((sum, weight) => sum + weight, 0);
    const thread = new TrialThread(setting, cancelled);
    let past = 0;
    try {
      for (const [i, trial] of job.scenarios.entries()) {
        cancelled.throwIfAborted();
        trial.state = 'running';
        const begun = performance.now();
        const ask = { file: `${trial.id}.yaml`, text: scenarios.get(trial.id)!.text, folder };
        const came = await thread.live(ask, (progress) => {
          trial.progress = progress;
          job.progress = (past + progress * weights[i]!) / whole;
        });
        Object.assign(trial, came, { progress: 1, seconds: (performance.now() - begun) / 1000 });
        trial.state = trial.answer ? 'done' : 'failed';
        past += weights[i]!;
        job.progress = past / whole;
      }
    } finally {
      thread.end();
      leaveOff(job);
    }
  }

  private chosen(rule: string, ids: readonly string[] | undefined): ScenarioEntry[] {
    const entries = this.entries();
    if (!ids) return proposedFor(rule, entries);
    return inOrderFor(
      rule,
      entries.filter(({ id }) => ids.includes(id)),
    );
  }
}

const waiting = (id: string): ScenarioTrial => ({
  id,
  state: 'waiting',
  progress: 0,
  seconds: null,
  error: null,
  answer: null,
});

/** What was not lived to its end will not be. */
function leaveOff({ scenarios }: ScenarioBacktestJob): void {
  for (const trial of scenarios)
    if (trial.state === 'waiting' || trial.state === 'running') trial.state = 'cancelled';
}
