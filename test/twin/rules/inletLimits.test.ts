import { expect, it } from 'vitest';
import { RULES, rulesIn } from '#server/alarms/ruleFolder.ts';
import { ROOM, Timeline } from '#test/twin/alarm/timeline.ts';

/** How often it is told that the inlet stopped the pumps, in ten minutes of such an inlet pressure. */
function stopped(kind: string, inlet: number): number {
  const line = new Timeline(rulesIn(RULES), [ROOM], `${kind}:LO1`);
  for (let second = 1; second < 600; second += 10) line.at(second, { P_IN: inlet });
  return line.seconds('raised', 'F21-INLINE-STOPPED').length;
}

it('a room that draws directly is protected, and told, below 0.15 MPa', () => {
  expect(stopped('inline', 0.14)).toBe(1);
  expect(stopped('inline', 0.2)).toBe(0);
});

it('a booster runs on there', () => {
  expect(stopped('booster', 0.14)).toBe(0);
});
