import { isMeant, parseAlarmExpectation } from '#sim/scenario/alarmStatement.ts';
import type { Verdict } from '#sim/scenario/judge.ts';
import { alarmVerdicts, type Run } from '#sim/scenario/run.ts';
import { expectedOf } from '#sim/scenario/sentences.ts';
import type { AlarmEntry } from '#sim/scenario/watch.ts';
import type { AlarmEvent } from '#twin/alarm/alarm.ts';
import { changesBetween } from '#twin/backtest/changes.ts';
import { countsOf } from '#twin/backtest/counts.ts';
import { spansOf } from '#twin/backtest/spans.ts';
import { SECOND } from '#twin/units.ts';
import type { AlarmExpectationText, ScenarioAnswer } from '#twin/wire/scenarios.ts';

/** The alarm logs of one run, under the rules in force and under those with the text that is tried. */
export interface TrialLogs {
  inForce: readonly AlarmEntry[];
  candidate: readonly AlarmEntry[];
}

const MOST_SPANS = 500;
const MOST_CHANGES = 200;

/**
 * What a changed rule comes to in a scenario.
 * @param tried id of the rule; `isNew`: no rule in force has it
 */
export function answerOf(
  run: Pick<Run, 'scenario' | 'city' | 'log' | 'start' | 't' | 'alarms'>,
  logs: TrialLogs,
  { rule, isNew }: { rule: string; isNew: boolean },
): ScenarioAnswer {
  const { start, t } = run;
  const inForce = eventsOf(logs.inForce, start);
  const candidate = eventsOf(logs.candidate, start);
  const changes = changesBetween(inForce, candidate, rule);
  return {
    from: start,
    to: start + t * SECOND,
    stations: run.alarms.stations,
    candidate: alarmsOfRule(candidate, rule),
    inForce: isNew ? null : alarmsOfRule(inForce, rule),
    changes: changes.slice(0, MOST_CHANGES),
    changesLeftOut: Math.max(0, changes.length - MOST_CHANGES),
    expectations: expectationsOf(run, logs, rule),
  };
}

const eventsOf = (log: readonly AlarmEntry[], start: number): AlarmEvent[] =>
  log.map(({ at, ...event }) => ({ time: start + at * SECOND, ...event }));

function alarmsOfRule(log: readonly AlarmEvent[], rule: string): ScenarioAnswer['candidate'] {
  const spans = spansOf(log, rule);
  return { ...countsOf(spans), spans: spans.slice(0, MOST_SPANS) };
}

function expectationsOf(
  run: Pick<Run, 'scenario' | 'city' | 'log' | 'start'>,
  logs: TrialLogs,
  rule: string,
): AlarmExpectationText[] {
  const before = alarmVerdicts(run, logs.inForce);
  const after = alarmVerdicts(run, logs.candidate);
  return expectedOf(run.scenario.expect).flatMap(({ that, from = null, until = null }, i) => {
    const expected = parseAlarmExpectation(that);
    if (!expected) return [];
    return {
      that,
      from,
      until,
      kind: expected.kind,
      namesRule: 'rule' in expected && isMeant(expected.rule, rule),
      candidate: verdictText(after[i]!, run.start),
      inForce: verdictText(before[i]!, run.start),
    };
  });
}

const verdictText = ({ met, value, of, at }: Verdict, start: number): AlarmExpectationText['candidate'] => ({
  met,
  value: Number.isFinite(value) ? value : null,
  of: at < 0 ? null : of,
  at: at < 0 ? null : start + at * SECOND,
});
