import { describe, expect, it } from 'vitest';
import { en } from '#client/i18n/en.ts';
import { differenceOf } from '#client/rules/difference.ts';
import { formatLength } from '#client/rules/length.ts';
import { proposedFor } from '#sim/scenario/proposal.ts';
import type { AlarmExpectationText, ScenarioAnswer, ScenarioEntry } from '#twin/wire/scenarios.ts';

const verdict = (met: boolean) => ({ met, value: 0, of: null, at: null });
const expectation = (candidate: boolean, inForce: boolean): AlarmExpectationText => ({
  that: 'no F24 at SM-0001',
  from: null,
  until: null,
  kind: 'silent',
  namesRule: false,
  candidate: verdict(candidate),
  inForce: verdict(inForce),
});
const answer = (given: Partial<ScenarioAnswer>): ScenarioAnswer => ({
  from: 0,
  to: 3_600_000,
  stations: 1,
  candidate: { annunciations: 0, beneathCause: 0, byPriority: [0, 0, 0, 0], spans: [] },
  inForce: { annunciations: 0, beneathCause: 0, byPriority: [0, 0, 0, 0], spans: [] },
  changes: [],
  changesLeftOut: 0,
  expectations: [],
  ...given,
});

describe('a rule tried over scenarios', () => {
  it('does not differ where it raised the same and all is met as before, even if it was not met', () => {
    const same = answer({ expectations: [expectation(true, true), expectation(false, false)] });
    expect(differenceOf(same)).toEqual({ worse: 0, better: 0, others: 0, own: false, any: false });
  });

  it('differs in what is no longer met, what is met now, and in what was left out of the list', () => {
    const other = answer({
      expectations: [expectation(false, true), expectation(true, false), expectation(false, true)],
      changesLeftOut: 7,
    });
    expect(differenceOf(other)).toMatchObject({ worse: 2, better: 1, others: 7, any: true });
  });

  it('differs when the same alarm comes at another time', () => {
    const at = (raisedAt: number) => ({
      annunciations: 1,
      beneathCause: 0,
      byPriority: [1, 0, 0, 0],
      spans: [{ station: 'SM-0001', spot: '', priority: 1, raisedAt, clearedAt: null, told: true }],
    });
    expect(differenceOf(answer({ candidate: at(60), inForce: at(60) })).own).toBe(false);
    expect(differenceOf(answer({ candidate: at(90), inForce: at(60) }))).toMatchObject({
      own: true,
      any: true,
    });
  });

  it('is proposed those that name it, also by its beginning and however long, then quick ones', () => {
    const entry = (id: string, estimateSeconds: number, ...names: string[]): ScenarioEntry => ({
      id,
      name: { zh: id, en: id },
      teaches: { zh: '', en: '' },
      rooms: 1,
      lengthSeconds: 3600,
      estimateSeconds,
      names,
    });
    const all = [entry('quick', 8), entry('long', 700), entry('city', 900, 'F19'), entry('other', 9, 'F1')];
    expect(proposedFor('F19-OVERFLOW', all).map(({ id }) => id)).toEqual(['city', 'quick', 'other']);
  });

  it('says how long in one figure or two', () => {
    const said = (seconds: number) => formatLength(seconds, en.age).replaceAll('\u00a0', ' ');
    expect([8.4, 59.7, 100, 3600, 5400].map(said)).toEqual(['8 s', '1 min', '2 min', '1 h', '1 h 30 min']);
  });
});
