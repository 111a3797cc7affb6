import { QUICK_SCENARIO_SECONDS, type ScenarioEntry } from '#twin/wire/scenarios.ts';
import { isMeant } from './alarmStatement.ts';

/** Whether a scenario's expectations name a rule. */
export const namesRule = ({ names }: Pick<ScenarioEntry, 'names'>, rule: string): boolean =>
  names.some((name) => isMeant(name, rule));

/** Whether a scenario takes so little time that it is run unasked. */
export const isQuick = ({ estimateSeconds }: Pick<ScenarioEntry, 'estimateSeconds'>): boolean =>
  estimateSeconds <= QUICK_SCENARIO_SECONDS;

/** Those that name the rule first, then those that take the least time. */
export const inOrderFor = (rule: string, entries: readonly ScenarioEntry[]): ScenarioEntry[] =>
  [...entries].sort(
    (a, b) =>
      Number(namesRule(b, rule)) - Number(namesRule(a, rule)) || a.estimateSeconds - b.estimateSeconds,
  );

/** Which scenarios a rule is tried over when nobody chose: those that name it, and the quick ones. */
export const proposedFor = (rule: string, entries: readonly ScenarioEntry[]): ScenarioEntry[] =>
  inOrderFor(rule, entries).filter((entry) => namesRule(entry, rule) || isQuick(entry));

/** The city is made once for all of them. */
const CITY_SECONDS = 8;

/** About how long scenarios take one after the other, s. */
export const secondsFor = (entries: readonly Pick<ScenarioEntry, 'estimateSeconds'>[]): number =>
  entries.reduce((sum, { estimateSeconds }) => sum + estimateSeconds, CITY_SECONDS);
