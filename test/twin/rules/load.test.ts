import { describe, expect, it } from 'vitest';
import { aRule } from '#test/twin/alarm/timeline.ts';
import { loadRules, RuleError } from '#twin/rules/load.ts';
import type { RuleText } from '#twin/rules/rule.ts';

function issuesOf(...rules: Partial<RuleText>[]): string[] {
  const yaml = JSON.stringify(rules.map((rule) => aRule(rule)));
  try {
    loadRules([{ file: 'a.yaml', yaml }]);
  } catch (error) {
    if (error instanceof RuleError) return error.issues.map(({ message }) => message);
    throw error;
  }
  return [];
}

describe('rules that are refused', () => {
  it.each([
    [{ when: 'P_INN < 0.1' }, 'when: no point is named "P_INN": did you mean P_IN?'],
    [
      { when: 'P_IN < 18 m' },
      'when: MPa and m do not fit together; in MPa: P_IN, P_STAB, P_OUT, P_SET, P_END, P_STEP: did you mean 0.1762 MPa?',
    ],
    [
      { when: '5 kW > P_IN' },
      'when: MPa and kW do not fit together; in MPa: P_IN, P_STAB, P_OUT, P_SET, P_END, P_STEP: did you mean 5 MPa?',
    ],
    [
      { when: 'P_IN < T_ROOM' },
      'when: MPa and °C do not fit together; in MPa: P_IN, P_STAB, P_OUT, P_SET, P_END, P_STEP',
    ],
    [
      { when: 'count(RUN) < 2 Hz' },
      'when: Hz and a number without unit do not fit together; in Hz: HZ: did you mean 2?',
    ],
    [{ when: 'P_IN < 0.3 bar' }, /^when: "bar" is no unit that rules .* MPa.*: did you mean 0.03 MPa\?$/],
    [{ when: 'F_IN < 3 m3/h and FLOOD' }, /^when: "m3\/h" is no unit .*: did you mean 3 m³\/h\?$/],
    [{ when: 'P_IN < 0.3 mpa' }, /^when: "mpa" is no unit .*: did you mean 0.3 MPa\?$/],
    [{ when: 'P_IN < 3 parsecs' }, /^when: "parsecs" is no unit that rules are written in: they are /],
    [{ when: 'P_IN constructor 3' }, 'when: an operator expected before constructor'],
    [{ when: 'P_IN + 1' }, 'when: this is a number, not a condition: compare it with something'],
    [{ when: 'P_IN and FLOOD' }, 'when: a condition expected here, not a number'],
    [{ when: 'FLOOD <' }, 'when: a value expected instead of the end'],
    [{ when: '0.1 < P_IN < 0.2' }, 'when: comparisons cannot be chained: join two with "and"'],
    [{ when: 'mean(P_IN, 5) < 0.1' }, 'when: mean needs a time as its second value, such as 5 min'],
    [{ when: 'averge(P_IN, 5 min) < 0.1' }, 'when: no function is named "averge"'],
    [{ when: 'any(FLOOD)' }, 'when: any looks over pump sets or pumps: this is one value per station'],
    [{ when: 'LO/P_IN < 0.1' }, 'when: P_IN is a point of the station: no pump set stands before it'],
    [{ when: 'P_IN > 2 MPa' }, 'can never hold while the points are within their ranges: P_IN 0…1 MPa'],
    [
      { when: 'P_IN >= 0 MPa' },
      'always holds while the points are within their ranges, the alarm could never clear: P_IN 0…1 MPa',
    ],
    [
      { clear: 'P_IN > 1.5 MPa' },
      'the alarm could never clear while the points are within their ranges: P_IN 0…1 MPa',
    ],
    [
      { when: 'P_OUT < 0.3 MPa and P_OUT > 0.4 MPa' },
      'can never hold: P_OUT is never < 0.3 and > 0.4 at once; join the two with "or", or exchange the limits',
    ],
    [
      { when: 'P_OUT < 0.3 MPa', clear: 'P_OUT > 0.5 MPa and (P_OUT < 0.4 MPa or P_OUT = 0.45 MPa)' },
      'can never hold: P_OUT is never > 0.5 and < 0.4 at once; join the two with "or", or exchange the limits',
    ],
    [
      { when: 'P_OUT < P_SET - 0.1 MPa and 0.05 MPa < P_OUT - P_SET' },
      'can never hold: P_OUT - P_SET is never < -0.1 and > 0.05 at once; join the two with "or", or exchange the limits',
    ],
    [
      { when: 'any(P_OUT < 0.3 MPa and not P_OUT <= 0.3 MPa)' },
      'can never hold while the points are within their ranges: P_OUT 0…2.5 MPa',
    ],
    [
      { when: 'P_OUT < 0.1 MPa and P_OUT - P_SET > 0 MPa and P_SET > 0.2 MPa' },
      'can never hold while the points are within their ranges: P_OUT 0…2.5 MPa, P_SET 0…2.5 MPa',
    ],
    [
      { when: 'P_IN < 0.3 MPa', clear: 'P_IN < 0.2 MPa' },
      'holds only while "when" does, the alarm could never clear: ask for the other side of its limit, or leave it out',
    ],
    [
      { when: 'RUN or not RUN' },
      'always holds while the points are within their ranges, the alarm could never clear: RUN 0…1',
    ],
    [
      { when: 'RUN_H > 20000 h' },
      'RUN_H is a total and only grows, the alarm could never clear: ask for its change over a time',
    ],
    [
      { when: '100 m³ < V_IN or P_IN < 0.1 MPa' },
      'V_IN is a total and only grows, the alarm could never clear: ask for its change over a time',
    ],
    [
      { when: 'any(RUN_H > 20000 h)', clear: 'P_IN > 0.2 MPa' },
      'RUN_H is a total and only grows, the alarm could never clear: ask for its change over a time',
    ],
    [
      { when: 'N_START > 100', clear: 'N_START < 50' },
      'N_START is a total and only grows, the alarm could never clear: ask for its change over a time',
    ],
    [
      { kinds: ['inline'], when: 'L1 < 1 m' },
      'no kind of station that it asks for has all of its points: L1 (tank): did you mean kinds: [tank]?',
    ],
    [{ suppressedBy: ['POWERR'] }, 'no rule has the id POWERR'],
    [{ suppressedBy: ['LOW-INLET'] }, 'a rule cannot suppress itself'],
    [{ whenn: 'P_IN < 0.1' }, 'whenn: is not known: did you mean when?'],
    [{ for: 'long' }, 'for: a time such as "30 s", "5 min", "2 h" or "1 d"'],
    [{ evidence: ['P_INN'] }, 'no point is named "P_INN": did you mean P_IN?'],
    [{ escalate: { after: '1 min', to: 3 } }, 'is no higher than priority 2: 1 is the highest'],
  ] as const)('%j', (rule, message) => {
    const told = issuesOf(rule as Partial<RuleText>);
    expect(told).toContainEqual(typeof message === 'string' ? message : expect.stringMatching(message));
  });

  it.each([
    [{ when: 'P_OUT < 0.3 MPa or P_OUT > 0.4 MPa' }],
    [{ when: 'P_OUT < 0.3 MPa and any(P_OUT > 0.4 MPa)' }],
    [{ when: 'P_OUT < 0.3 MPa and LO/P_OUT > 0.4 MPa' }],
    [{ when: 'P_IN < 0.3 MPa and max(P_IN, 5 min) > 0.4 MPa' }],
    [{ when: 'P_IN < 0.18 MPa', clear: 'P_IN > 0.1 MPa' }],
    [{ kinds: ['inline', 'tank'], when: 'L1 < 1 m' }],
  ] as const)('and %j is not', (rule) => {
    expect(issuesOf(rule as unknown as Partial<RuleText>)).toEqual([]);
  });

  it('two rules with one id, and causes in a circle', () => {
    expect(issuesOf({}, {})).toEqual([
      'a rule with the id LOW-INLET is there already: did you mean LOW-INLET-2?',
    ]);
    const circle = issuesOf({ id: 'AA', suppressedBy: ['BB'] }, { id: 'BB', suppressedBy: ['AA'] });
    expect(circle).toEqual([
      'causes suppress each other: AA → BB → AA; take the one out that does not bring the other about, such as AA out of suppressedBy of BB',
    ]);
    const gathers = (id: string, rule: string) =>
      ({ id, when: undefined, gather: { rule, in: 'zone', count: 4 } }) as Partial<RuleText>;
    expect(issuesOf(gathers('AA', 'AA'))).toEqual([expect.stringMatching(/gathers itself/)]);
    expect(issuesOf(gathers('AA', 'BB'), gathers('BB', 'AA'))).toHaveLength(2);
    // an area is made of what it gathers
    const area = gathers('ZZ', 'AA');
    const throughArea = 'such as ZZ out of suppressedBy of AA';
    expect(issuesOf({ id: 'AA', suppressedBy: ['ZZ'] }, area)).toEqual([
      expect.stringContaining(throughArea),
    ]);
    expect(issuesOf(area, { id: 'AA', suppressedBy: ['ZZ'] })).toEqual([
      expect.stringContaining(throughArea),
    ]);
  });

  it('says file, line and column, and all that is wrong at once', () => {
    const yaml = `- id: F23-POWER
  name: { zh: 断电, en: Power lost }
  priority: 7
  when: not MAINS_OK
  cause: { zh: 电网, en: Grid }
  remedy: { zh: 报修, en: Call the grid }
  version: 1
  author: test
  reason: first
- id: F21-LOW
  name: { zh: 低压, en: Low pressure }
  priority: 2
  whenn: P_IN < 0.18 MPa
  cause: { zh: 管网, en: Main }
  remedy: { zh: 查, en: Look }
  version: 1
  author: test
  reason: first
`;
    try {
      loadRules([{ file: 'rules/power.yaml', yaml }]);
      expect.unreachable();
    } catch (error) {
      const at = (error as RuleError).issues.map(({ file, line }) => `${file}:${line}`);
      expect(at).toContain('rules/power.yaml:3');
      expect(at).toContain('rules/power.yaml:10');
    }
    const wrong = yaml.replace('priority: 7', 'priority: 1').replace('whenn: P_IN', 'when: P_INN');
    try {
      loadRules([{ file: 'rules/power.yaml', yaml: wrong }]);
      expect.unreachable();
    } catch (error) {
      expect((error as RuleError).issues[0]).toMatchObject({ line: 13, column: 9 });
    }
  });
});

describe('signs of a cause that are refused', () => {
  const says = { zh: '征象', en: 'a sign' };
  const because = (...signs: object[]) =>
    aRule({ causes: [{ cause: says, remedy: says, signs }] as unknown as NonNullable<RuleText['causes']> });
  it.each([
    [{ if: 'P_INN < 0.1', supports: 0.5 }, 'if: no point is named "P_INN": did you mean P_IN?'],
    [{ if: 'P_IN', supports: 0.5 }, 'if: this is a number, not a condition: compare it with something'],
    [
      { if: 'RUN', supports: 0.5 },
      'is of single pumps or pump sets, and the alarm is not: gather it, such as with any()',
    ],
    [{ alarm: 'LOW-INLET', supports: 0.5 }, 'an alarm is no sign of itself'],
    [{ alarm: 'LOW-INLETT', supports: 0.5 }, 'no rule has the id LOW-INLETT: did you mean LOW-INLET?'],
    [
      { alarm: 'LOW-INLET', if: 'any(RUN)', supports: 0.5 },
      'signs: either "if" or "alarm" says what the sign is',
    ],
    [{ if: 'any(RUN)', supports: 0.5, excludes: 0.5 }, 'signs: a sign either supports or excludes its cause'],
  ])('%j', (sign, message) => {
    expect(issuesOf(because({ ...sign, says }))).toEqual([message]);
  });

  it('and so is a first-out group with another name than a group has', () => {
    expect(issuesOf({ firstOut: { group: 'PUMPS', within: '5 min' } })).toEqual([
      'group: small letters, digits and "-", such as pump-stops',
    ]);
  });

  it('of a rule that gathers: it stands in no room', () => {
    const gatherer = {
      ...aRule({ id: 'ZONE-LOW' }),
      when: undefined,
      gather: { rule: 'AA', in: 'zone', count: 4 },
    };
    expect(
      issuesOf(
        aRule({ id: 'AA' }),
        gatherer as RuleText,
        because({ alarm: 'ZONE-LOW', supports: 0.5, says }),
      ),
    ).toEqual(['ZONE-LOW gathers: it stands in no room']);
  });
});

describe('a rule that is no alarm of one room alone', () => {
  const room = aRule({ id: 'AA', alone: false });

  it('is refused where no rule gathers it, and so is one that gathers', () => {
    const gatherer = { ...aRule({ id: 'ZONE-LOW' }), when: undefined, alone: false };
    const gather = { rule: 'AA', in: 'zone', count: 4 } as const;
    const never = 'is not told alone, and no rule gathers it: it would never be told';
    expect(issuesOf(room)).toEqual([never]);
    expect(issuesOf(room, { ...gatherer, gather })).toEqual([never]);
    expect(issuesOf(room, { ...gatherer, gather, alone: true })).toEqual([]);
  });
});

describe('a file that is no list of rules', () => {
  it.each(['*!', '- *nowhere', '[', 'a: 1', ''])('%j is refused with its place', (yaml) => {
    expect(() => loadRules([{ file: 'a.yaml', yaml }])).toThrow(/^a\.yaml:\d+:\d+: /);
  });
});

describe('order', () => {
  it('puts causes before what they explain', () => {
    const yaml = JSON.stringify([aRule({ id: 'AA', suppressedBy: ['BB'] }), aRule({ id: 'BB' })]);
    expect(loadRules([{ file: 'a.yaml', yaml }]).map(({ text }) => text.id)).toEqual(['BB', 'AA']);
  });
});
