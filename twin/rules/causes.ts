import type { StationKind } from '#twin/model/station.ts';
import type { RuleText } from './rule.ts';

type Caused = Pick<RuleText, 'suppressedBy'>;
type Cause = NonNullable<RuleText['suppressedBy']>[number];

const idOf = (cause: Cause): string => (typeof cause === 'string' ? cause : cause.rule);

/** Ids of the rules that explain one, at any kind of station. */
export const causesOf = ({ suppressedBy = [] }: Caused): string[] => suppressedBy.map(idOf);

/** Whether a rule explains another, at a kind of station or, without one, at any. */
export const isExplainedBy = ({ suppressedBy = [] }: Caused, rule: string, kind?: StationKind): boolean =>
  suppressedBy.some(
    (cause) =>
      idOf(cause) === rule && (typeof cause === 'string' || kind === undefined || cause.kinds.includes(kind)),
  );
