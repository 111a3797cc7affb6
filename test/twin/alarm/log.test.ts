import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aRule, rulesOf, Timeline } from './timeline.ts';

const rules = rulesOf(
  aRule({ for: '5 s', clear: 'P_IN > 0.2 MPa', clearFor: '3 s', suppressedBy: ['POWER'] }),
  aRule({ id: 'POWER', when: 'not MAINS_OK', for: '2 s', latch: true }),
  aRule({
    id: 'FLOOD',
    when: 'FLOOD',
    chatter: { count: 3, within: '20 s' },
    escalate: { after: '15 s', to: 1 },
  }),
);

const happening = fc.record({
  after: fc.integer({ min: 1, max: 8 }),
  values: fc.record(
    {
      P_IN: fc.constantFrom(0.1, 0.19, 0.3, Number.NaN),
      MAINS_OK: fc.constantFrom(0, 1),
      FLOOD: fc.constantFrom(0, 1),
    },
    { requiredKeys: [] },
  ) as fc.Arbitrary<Record<string, number>>,
});

function live(happenings: readonly { after: number; values: Record<string, number> }[], restartBefore = -1) {
  const line = new Timeline(rules);
  let second = 0;
  happenings.forEach(({ after, values }, i) => {
    if (i === restartBefore) line.restart();
    second += after;
    line.at(second, values);
  });
  return line.run(second + 60);
}

describe('the alarm log', () => {
  it('is the same for the same values, with a restart anywhere', () => {
    fc.assert(
      fc.property(fc.array(happening, { minLength: 1, maxLength: 30 }), fc.nat(30), (happenings, restart) => {
        expect(live(happenings, restart).log).toEqual(live(happenings).log);
      }),
      { numRuns: 200 },
    );
  });

  it('raises and clears each alarm in turn, and nobody is told of what has a standing cause', () => {
    fc.assert(
      fc.property(fc.array(happening, { minLength: 1, maxLength: 30 }), (happenings) => {
        const { log } = live(happenings);
        let standing = false;
        let power = false;
        for (const { rule, kind } of log) {
          if (rule === 'POWER' && (kind === 'raised' || kind === 'cleared')) power = kind === 'raised';
          if (rule !== 'LOW-INLET' || (kind !== 'raised' && kind !== 'cleared')) continue;
          if (kind === 'raised') expect([standing, power]).toEqual([false, false]);
          standing = kind === 'raised';
        }
      }),
      { numRuns: 200 },
    );
  });
});
