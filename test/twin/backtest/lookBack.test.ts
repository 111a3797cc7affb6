import { expect, it } from 'vitest';
import { RULES, rulesIn } from '#server/alarms/ruleFolder.ts';
import { lookBackOf } from '#twin/backtest/needs.ts';
import { DAY, HOUR, MINUTE, SECOND } from '#twin/units.ts';

const RULES_IN_FORCE = rulesIn(RULES);

it.each([
  // delay alone; window and delay; windows within windows; nights and curves that are learnt
  ['F09-PUMP-FAULT', 4 * SECOND],
  ['F13-SEAL-LEAK', 35 * MINUTE],
  ['F40-ENERGY', 3 * DAY + HOUR],
  ['F02-NIGHT-FLOW', 3 * DAY],
  ['F07-WORN', DAY],
  ['AREA-POWER-CUT', 10 * MINUTE + 4 * SECOND],
  ['PLATFORM-DATABASE', 30 * SECOND],
])('an alarm of %s is %d ms in the making', (id, ms) => {
  expect(lookBackOf(RULES_IN_FORCE.find(({ text }) => text.id === id)!)).toBe(ms);
});
