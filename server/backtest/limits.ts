import { kindsIn } from '#twin/backtest/needs.ts';
import type { Rule } from '#twin/rules/load.ts';
import type { BacktestLimit } from '#twin/wire/rules.ts';

/** What a replay of some stations' telemetry cannot show of rules. */
export function limitsOf(rules: readonly Rule[]): BacktestLimit[] {
  const kinds = new Set(
    rules.flatMap(({ when, clear }) => [when, clear]).flatMap((one) => (one ? kindsIn(one) : [])),
  );
  const limits: BacktestLimit[] = [];
  if (kinds.has('offline')) limits.push('offline');
  if (kinds.has('usual') || kinds.has('energy') || kinds.has('curve')) limits.push('learning');
  if (kinds.has('neighbours') || rules.some(({ gather }) => gather)) limits.push('areaOfSample');
  return limits;
}
