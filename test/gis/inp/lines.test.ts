import { describe, expect, it } from 'vitest';
import { InpError } from '#gis/io/inp/issues.ts';
import { readInp } from '#gis/io/inp/read.ts';
import { smallTown } from './small-town.ts';

/** What is wrong with the small town once something in it reads otherwise: the text of each line, and the cause. */
function wrongWith(from: string, to: string): string[] {
  const text = smallTown.replace(from, to);
  expect(text).not.toBe(smallTown);
  try {
    readInp(text);
  } catch (error) {
    if (!(error instanceof InpError)) throw error;
    const lines = text.split('\n');
    return error.issues.map(({ line, cause }) => `${lines[line - 1]?.trim()} → ${cause}`);
  }
  return [];
}

describe('a mistake is told at the line where it stands', () => {
  it('in a rule: every one, at its clause', () => {
    expect(
      wrongWith(
        'IF TANK T1 LEVEL < 4\nAND SYSTEM CLOCKTIME >= 10 PM\nTHEN PUMP U2 STATUS = OPEN',
        'IF TANK T8 LEVEL < low\n;at night\nAND NODE J9 HEAD > 3\nAND PIPE P9 FLOW ~ 3\nTHEN PUMP U9 STATUS = OPEN\nAND PIPE P2 STATUS = CLOSED',
      ),
    ).toEqual([
      'IF TANK T8 LEVEL < low → rule 1: "IF TANK T8 LEVEL < low": "low" is not a number',
      'AND NODE J9 HEAD > 3 → rule 1: there is no node J9',
      'AND PIPE P9 FLOW ~ 3 → rule 1: "AND PIPE P9 FLOW ~ 3": "~" is not a comparison',
      'THEN PUMP U9 STATUS = OPEN → rule 1: there is no link U9',
      'AND PIPE P2 STATUS = CLOSED → rule 1: pipe P2 has a check valve and cannot be controlled',
    ]);
  });

  it.each([
    [
      'a priority in words',
      'PRIORITY 2',
      'PRIORITY high',
      ['PRIORITY high → rule 1: "PRIORITY high": the priority "high" is not a number'],
    ],
    ['no name', 'RULE 1', 'RULE', ['RULE → a rule: "RULE": it has no name']],
    [
      'no rule before it',
      'RULE 1\n',
      '',
      ['IF TANK T1 LEVEL < 4 → a rule: "IF TANK T1 LEVEL < 4" stands before the first RULE'],
    ],
    [
      'clauses in a wrong order',
      'ELSE PUMP U2 STATUS = CLOSED\nPRIORITY 2',
      'PRIORITY 2\nELSE PUMP U2 STATUS = CLOSED',
      ['ELSE PUMP U2 STATUS = CLOSED → rule 1: "ELSE PUMP U2 STATUS = CLOSED": ELSE is out of place'],
    ],
    [
      'two THENs',
      'ELSE PUMP',
      'THEN PUMP',
      ['THEN PUMP U2 STATUS = CLOSED → rule 1: "THEN PUMP U2 STATUS = CLOSED": THEN is out of place'],
    ],
    [
      'a word too many',
      'STATUS = OPEN',
      'STATUS = OPEN NOW',
      [
        'THEN PUMP U2 STATUS = OPEN NOW → rule 1: "THEN PUMP U2 STATUS = OPEN NOW": "NOW" is one word too many',
      ],
    ],
    [
      'nothing to do',
      'THEN PUMP U2 STATUS = OPEN\nELSE PUMP U2 STATUS = CLOSED\n',
      '',
      ['RULE 1 → rule 1: it has no THEN clause'],
    ],
  ])('in a rule with %s', (_, from, to, said) => {
    expect(wrongWith(from, to)).toEqual(said);
  });

  it('in a control: every one', () => {
    expect(wrongWith('LINK U1 CLOSED IF NODE T1 ABOVE 19', 'LINK U9 SHUT IF NODE T9 ABOVE high')).toEqual(
      [
        '"SHUT" is neither OPEN, CLOSED nor a number',
        'the level "high" is not a number',
        'there is no link U9',
        'there is no node T9',
      ].map(
        (cause) =>
          `LINK U9 SHUT IF NODE T9 ABOVE high → control "LINK U9 SHUT IF NODE T9 ABOVE high": ${cause}`,
      ),
    );
  });

  it('in a demand category, not at its junction', () => {
    expect(wrongWith('J2  3     night;shops', 'J2  3     nigth;shops')).toEqual([
      'J2  3     nigth;shops → junction J2: there is no pattern nigth',
    ]);
    expect(wrongWith('J1  100   50      day', 'J1  100   50      dya')[0]).toMatch(
      /^J1 {2}100 .*there is no pattern dya/,
    );
  });

  it('where a blank parts no words, if something is wrong anyway', () => {
    expect(wrongWith(' J3  80    30', ' J3\u300080    30')).toContain(
      'J3\u300080    30 → a blank of another kind (U+3000): only spaces and tabs part words',
    );
    const named = smallTown.replaceAll('night', 'at\u00a0night');
    expect(readInp(named).network.patterns.map(({ id }) => id)).toContain('at\u00a0night');
  });

  it('in the energy of a pump, and of all', () => {
    expect(wrongWith('Pump U1 Efficiency eff', 'Pump U1 Efficiency effect')).toEqual([
      'Pump U1 Efficiency effect → pump U1: there is no curve effect',
    ]);
    expect(wrongWith('Pump U1 Pattern night', 'Pump U1 Pattern tariff')).toEqual([
      'Pump U1 Pattern tariff → pump U1: there is no pattern tariff',
    ]);
    expect(wrongWith('Demand Charge 2', 'Global Pattern tariff')).toEqual([
      'Global Pattern tariff → energy: there is no pattern tariff',
    ]);
  });
});
