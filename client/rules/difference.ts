import type { ScenarioAnswer } from '#twin/wire/scenarios.ts';

/** In what a changed rule differs from the one in force, over one scenario. */
export interface Difference {
  /** expectations that were met and are not, and the other way round */
  worse: number;
  better: number;
  /** alarms of other rules */
  others: number;
  /** the rule's own alarms */
  own: boolean;
  any: boolean;
}

export function differenceOf({
  candidate,
  inForce,
  changes,
  changesLeftOut,
  expectations,
}: ScenarioAnswer): Difference {
  const worse = expectations.filter((one) => one.inForce.met && !one.candidate.met).length;
  const better = expectations.filter((one) => !one.inForce.met && one.candidate.met).length;
  const others = changes.length + changesLeftOut;
  const own = JSON.stringify(candidate.spans) !== JSON.stringify(inForce?.spans ?? []);
  return { worse, better, others, own, any: worse + better + others > 0 || own };
}
