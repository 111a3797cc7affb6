import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Candidate, diagnose, type Holds } from '#twin/diagnosis/diagnose.ts';

const said = (en: string) => ({ zh: en, en });
const cause = (
  en: string,
  prior: number,
  ...signs: [strength: number, excludes?: 'excludes'][]
): Candidate => ({
  cause: said(en),
  remedy: said(`mend the ${en}`),
  prior,
  signs: signs.map(([strength, excludes], i) => ({
    says: said(`${en} ${i}`),
    ...(excludes ? { excludes: strength } : { supports: strength }),
  })),
});
const confidences = (candidates: readonly Candidate[], holds: Holds) =>
  Object.fromEntries(
    diagnose(candidates, () => holds).map(({ cause: { en }, confidence }) => [en, confidence]),
  );

describe('causes', () => {
  it('are as likely as they are at first while nothing speaks for any', () => {
    expect(confidences([cause('leak', 0.3, [0.9])], false)).toEqual({ leak: expect.closeTo(0.3) });
  });

  it('are surer by each sign that holds: two halves are three quarters', () => {
    expect(confidences([cause('leak', 0, [0.5], [0.5])], true)).toEqual({ leak: 0.75 });
  });

  it('are less likely by what speaks for another', () => {
    const one = cause('leak', 0.5, [0.8, 'excludes']);
    expect(confidences([one], true)).toEqual({ leak: expect.closeTo(0.1) });
  });

  it('stay as they are by what is not known', () => {
    expect(confidences([cause('leak', 0.2, [0.9], [0.9, 'excludes'])], null)).toEqual({
      leak: expect.closeTo(0.2),
    });
  });

  it('come with the most likely first, with what was seen', () => {
    const ranked = diagnose(
      [cause('valve', 0.1, [0.7]), cause('leak', 0.1, [0.8], [0.3, 'excludes'])],
      (i, k) => (i === 1 ? k === 0 : null),
    );
    expect(ranked.map(({ cause: { en } }) => en)).toEqual(['leak', 'valve']);
    expect(ranked[0]!.signs).toEqual([
      { says: said('leak 0'), excludes: false, holds: true },
      { says: said('leak 1'), excludes: true, holds: false },
    ]);
    expect(ranked[0]!.remedy).toEqual(said('mend the leak'));
  });

  const strength = fc.double({ min: 0.01, max: 1, noNaN: true });
  const candidate = fc
    .record({
      prior: fc.double({ min: 0, max: 0.99, noNaN: true }),
      supports: fc.array(strength, { maxLength: 4 }),
      excludes: fc.array(strength, { maxLength: 3 }),
    })
    .map(({ prior, supports, excludes }) =>
      cause(
        'x',
        prior,
        ...supports.map((s): [number] => [s]),
        ...excludes.map((s): [number, 'excludes'] => [s, 'excludes']),
      ),
    );

  it('are never surer than sure, and never turned around by a sign', () => {
    fc.assert(
      fc.property(candidate, fc.array(fc.boolean(), { minLength: 7, maxLength: 7 }), (one, held) => {
        const confidence = diagnose([one], (_, k) => held[k]!)[0]!.confidence;
        expect(confidence).toBeGreaterThanOrEqual(0);
        expect(confidence).toBeLessThanOrEqual(1);
        for (const [k, sign] of one.signs.entries()) {
          if (held[k]) continue;
          const then = diagnose([one], (_, at) => at === k || held[at]!)[0]!.confidence;
          if (sign.supports) expect(then).toBeGreaterThanOrEqual(confidence - 1e-12);
          else expect(then).toBeLessThanOrEqual(confidence + 1e-12);
        }
      }),
    );
  });
});
