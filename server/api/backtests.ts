import { z } from 'zod';
import { backtestJob, backtestRequest, backtestStarted, ruleParams } from '#twin/wire/rules.ts';
import { scenarioBacktestJob, scenarioBacktestRequest, scenarioEntries } from '#twin/wire/scenarios.ts';
import type { Backtests } from '../backtest/backtests.ts';
import type { ScenarioBacktests } from '../backtest/scenarioBacktests.ts';
import { endpoint, HttpError } from './route.ts';
import { refusal } from './rules.ts';

export interface BacktestsContext {
  backtests: Backtests;
  scenarioBacktests: ScenarioBacktests;
}

const jobParams = z.object({ job: z.coerce.number().int().positive() });

/** What a rule would have raised, before it is saved: over the recorded history, and over the scenario library. */
export const backtestEndpoints = ({ backtests, scenarioBacktests }: BacktestsContext) => [
  endpoint({
    method: 'post',
    path: '/api/rules/:id/backtest',
    summary:
      'Begins to look up what a text would have raised over the recorded history, beside the rule in force',
    shapes: { params: ruleParams, body: backtestRequest },
    answer: backtestStarted,
    handle: ({ params: { id }, body }) => {
      const begun = backtests.begin(id, body);
      if ('job' in begun) return { job: begun.job };
      if (begun.refused === 'busy') throw busy();
      if (begun.refused === 'invalid') throw refusal('the text is not a rule', begun.issues);
      const { details } = begun;
      throw new HttpError(422, details.length > 0 ? 'no such stations' : 'it concerns no station', details);
    },
  }),
  endpoint({
    method: 'get',
    path: '/api/backtests/:job',
    summary: 'How far a back-test is, and its answer',
    shapes: { params: jobParams },
    answer: backtestJob,
    handle: ({ params: { job } }) => found(backtests.find(job)),
  }),
  endpoint({
    method: 'post',
    path: '/api/backtests/:job/cancel',
    summary: 'Ends a back-test',
    shapes: { params: jobParams },
    answer: backtestJob,
    handle: ({ params: { job } }) => found(backtests.cancel(job)),
  }),
  endpoint({
    method: 'get',
    path: '/api/scenarios',
    summary: 'The scenario library: what each teaches, how large it is, about how long a run takes',
    shapes: {},
    answer: scenarioEntries,
    handle: () => ({
      scenarios: scenarioBacktests.entries(),
      unreadable: scenarioBacktests.library.unreadable,
    }),
  }),
  endpoint({
    method: 'post',
    path: '/api/rules/:id/backtest/scenarios',
    summary: 'Begins to live scenarios with a text and with the rule in force, one after the other',
    shapes: { params: ruleParams, body: scenarioBacktestRequest },
    answer: backtestStarted,
    handle: ({ params: { id }, body }) => {
      const begun = scenarioBacktests.begin(id, body);
      if ('job' in begun) return { job: begun.job };
      if (begun.refused === 'busy') throw busy();
      if (begun.refused === 'invalid') throw refusal('the text is not a rule', begun.issues);
      const { details } = begun;
      throw new HttpError(422, details.length > 0 ? 'no such scenarios' : 'there are no scenarios', details);
    },
  }),
  endpoint({
    method: 'get',
    path: '/api/backtests/scenarios/:job',
    summary: 'How far a back-test over scenarios is, and what it found so far',
    shapes: { params: jobParams },
    answer: scenarioBacktestJob,
    handle: ({ params: { job } }) => found(scenarioBacktests.find(job)),
  }),
  endpoint({
    method: 'post',
    path: '/api/backtests/scenarios/:job/cancel',
    summary: 'Ends a back-test over scenarios; what it found stays',
    shapes: { params: jobParams },
    answer: scenarioBacktestJob,
    handle: ({ params: { job } }) => found(scenarioBacktests.cancel(job)),
  }),
];

function found<J>(job: J | undefined): J {
  if (!job) throw new HttpError(404, 'there is no such back-test, or it is forgotten');
  return job;
}

const busy = (): HttpError => new HttpError(503, 'others are being tried; try again in a minute');
