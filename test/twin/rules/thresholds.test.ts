import { describe, expect, it } from 'vitest';
import { aRule, BEGIN, ROOM, Timeline } from '#test/twin/alarm/timeline.ts';
import { emptyFleet, extendFleet } from '#twin/rules/fleet.ts';
import { loadRules, type Rule, RuleError } from '#twin/rules/load.ts';
import type { Look } from '#twin/rules/look.ts';
import { type OverrideText, overrideThresholds, readOverrides } from '#twin/rules/overrides.ts';
import type { RuleText } from '#twin/rules/rule.ts';
import { variedNumber } from '#twin/rules/varied.ts';
import { addStation, emptyState } from '#twin/state/columns.ts';
import { Quality } from '#twin/state/quality.ts';

const OTHER = 'SM-0002';
const STATIONS = new Map([
  [ROOM, 'tank' as const],
  [OTHER, 'tank' as const],
  ['HL-0300', 'booster' as const],
]);
const NAME = { zh: '名', en: 'name' };
const LOW = { value: '0.18 MPa', zh: '进水压力下限', en: 'Least inlet pressure' };

const named = (given: Partial<RuleText> = {}): RuleText =>
  aRule({ thresholds: { low: LOW }, when: 'P_IN < low', clear: 'P_IN > low + 0.02 MPa', ...given });
const rulesOf = (...texts: RuleText[]): Rule[] =>
  loadRules([{ file: 'rules.yaml', yaml: JSON.stringify(texts) }]);
const refusals = (given: Partial<RuleText>): string => {
  try {
    rulesOf(named(given));
  } catch (error) {
    if (error instanceof RuleError) return error.message;
  }
  return 'nothing';
};
const anOverride = (given: Partial<OverrideText> = {}): OverrideText => ({
  rule: 'LOW-INLET',
  threshold: 'low',
  stations: [OTHER],
  value: '0.12 MPa',
  version: 1,
  author: '王工',
  reason: 'it stands on the hill',
  ...given,
});
/** Rules under overrides, each on a line of its own; what is wrong as command lines say it. */
function overridden(rules: readonly Rule[], ...given: Partial<OverrideText>[]) {
  const yaml = given.map((one) => `- ${JSON.stringify(anOverride(one))}\n`).join('');
  const { overrides, issues } = readOverrides({ file: 'overrides/hill.yaml', yaml });
  const { rules: under, misfits } = overrideThresholds(rules, overrides, STATIONS);
  const wrong = [...issues, ...[...misfits.values()].flat()];
  return { rules: under, wrong: wrong.map(({ file, line, message }) => `${file}:${line}: ${message}`) };
}
const wrongOf = (...given: Partial<OverrideText>[]) => overridden(rulesOf(named()), ...given).wrong;

describe('thresholds that have a name', () => {
  it('are the numbers in their place as long as no station has another', () => {
    const [rule] = rulesOf(named());
    const [plain] = rulesOf(aRule({ when: 'P_IN < 0.18 MPa', clear: 'P_IN > 0.2 MPa' }));
    expect(rule!.when).toEqual(plain!.when);
    expect(rule!.clear).toEqual(plain!.clear);
  });

  it('make with their dead-band the decimal that is meant', () => {
    const [rule] = rulesOf(
      named({ thresholds: { low: { ...LOW, value: '0.15 MPa' } }, clear: 'P_IN > low + 0.02 MPa' }),
    );
    expect(rule!.clear).toMatchObject({ right: { kind: 'constant', value: 0.17 } });
  });

  it('convert times and turn their sign', () => {
    const longest = { ...LOW, value: '2 min' };
    const [silent] = rulesOf(
      aRule({ thresholds: { longest }, when: 'silence() > longest', clear: 'silence() < 0.5 * longest' }),
    );
    expect(silent!.when).toMatchObject({ right: { value: 120 } });
    expect(silent!.clear).toMatchObject({ right: { value: 60 } });
    const fall = { ...LOW, value: '0.018 MPa' };
    const [falls] = rulesOf(aRule({ thresholds: { fall }, when: 'change(P_IN, 3 min) < -fall' }));
    expect(falls!.when).toMatchObject({ right: { kind: 'constant', value: -0.018 } });
  });

  it.each([
    [{ thresholds: { low: { ...LOW, value: '0.18 kW' } } }, 'MPa and kW do not fit together'],
    [{ thresholds: { low: { ...LOW, value: '0.18 MPA' } } }, 'did you mean 0.18 MPa?'],
    [{ thresholds: { low: { ...LOW, value: 'little' } } }, 'value: a number with its unit'],
    [{ thresholds: { low: { ...LOW, value: '1e999 MPa' } } }, 'value: a number with its unit'],
    [{ thresholds: { low: LOW, high: LOW } }, 'no condition names high'],
    [{ thresholds: { Low: LOW } }, 'a small letter, then letters and digits'],
    [{ thresholds: { min: LOW }, when: 'P_IN < min' }, 'min means something else'],
    [{ when: 'P_IN < lo' }, 'no point is named "lo": did you mean low?'],
    [{ when: 'mean(P_IN, low) < low' }, 'mean needs a time as its second value'],
    [{ thresholds: { low: { value: '0.18 MPa', zh: '下限' } } }, 'en: is missing'],
  ])('are refused when they make no sense: %j', (given, why) => {
    expect(refusals(given as Partial<RuleText>)).toContain(why);
  });
});

describe('stations that have another threshold', () => {
  it('are judged by theirs, all others by that of the rule', () => {
    const { rules, wrong } = overridden(rulesOf(named()), {});
    expect(wrong).toEqual([]);
    const line = new Timeline(rules, [ROOM, OTHER])
      .at(1, { P_IN: 0.15 })
      .at(1, { P_IN: 0.15 }, { station: OTHER })
      .run(3)
      .at(4, { P_IN: 0.11 }, { station: OTHER })
      .run(5)
      // above its own limit and dead-band, below those of the rule
      .at(6, { P_IN: 0.15 }, { station: OTHER })
      .run(7);
    const told = line.log.map(({ kind, station, time }) => `${(time - BEGIN) / 1000} ${kind} ${station}`);
    expect(told).toEqual([`1 raised ${ROOM}`, `4 raised ${OTHER}`, `6 cleared ${OTHER}`]);
  });

  it('show in the evidence what was in force there', () => {
    const { rules } = overridden(rulesOf(named({ evidence: ['P_IN'] })), {});
    const line = new Timeline(rules, [ROOM, OTHER])
      .at(1, { P_IN: 0.1 })
      .at(1, { P_IN: 0.1 }, { station: OTHER })
      .run(1);
    expect(line.log.map(({ station, evidence }) => ({ station, evidence }))).toEqual([
      { station: ROOM, evidence: { P_IN: 0.1, low: 0.18 } },
      { station: OTHER, evidence: { P_IN: 0.1, low: 0.12 } },
    ]);
  });

  it('neither raise nor clear while nothing is known', () => {
    const { rules } = overridden(rulesOf(named()), {});
    const line = new Timeline(rules, [ROOM, OTHER])
      .at(1, { P_IN: Number.NaN }, { station: OTHER })
      .run(2)
      .at(3, { P_IN: 0.1 }, { station: OTHER, quality: Quality.bad })
      .run(4)
      .at(5, { P_IN: 0.1 }, { station: OTHER })
      .run(6)
      .at(7, { P_IN: Number.NaN }, { station: OTHER })
      .run(9);
    expect(line.log.map(({ kind, time }) => `${(time - BEGIN) / 1000} ${kind}`)).toEqual(['5 raised']);
  });

  it('keep theirs deeper within the station, within windows and in signs', () => {
    const texts = [
      aRule({
        id: 'SET',
        thresholds: { shortfall: { ...LOW, value: '0.10 MPa' } },
        when: 'max(P_OUT - P_SET, 2 s) < -shortfall',
        causes: [
          {
            cause: NAME,
            remedy: NAME,
            prior: 0.1,
            signs: [{ if: 'P_OUT < P_SET - 2 * shortfall', supports: 0.8, says: NAME }],
          },
        ],
      }),
    ];
    const { rules, wrong } = overridden(rulesOf(...texts), {
      rule: 'SET',
      threshold: 'shortfall',
      value: '0.2 MPa',
    });
    expect(wrong).toEqual([]);
    const values = { 'LO/P_OUT': 0.25, 'LO/P_SET': 0.4 };
    const line = new Timeline(rules, [ROOM, OTHER]).at(1, values).at(1, values, { station: OTHER });
    for (let second = 2; second < 8; second++) line.at(second, values).at(second, values, { station: OTHER });
    expect(line.run(8).log.map(({ kind, station }) => `${kind} ${station}`)).toEqual([`raised ${ROOM}`]);
    const alarm = [...line.engine.alarms.values()][0]!;
    expect(alarm.diagnosis).toMatchObject([{ signs: [{ holds: false }] }]);
  });

  it('are written down when stations come, and once', () => {
    const state = emptyState();
    const fleet = emptyFleet('tank');
    const column = variedNumber({ kind: 'varied', value: 1, stations: { B: 2 } });
    const look = (): Look => ({ fleet, now: BEGIN, zoneOffset: 0, learnt: null, around: null });
    const columns = addStation(state, 'A', 'tank:LO3').columns;
    extendFleet(fleet, columns);
    const first = column(look());
    expect([...first]).toEqual([1]);
    expect(column(look())).toBe(first);
    addStation(state, 'B', 'tank:LO3');
    extendFleet(fleet, columns);
    expect([...column(look())]).toEqual([1, 2]);
  });

  it('keep their alarms and running delays when the threshold changes', () => {
    const rules = rulesOf(named({ for: '10 s' }));
    const line = new Timeline(rules, [ROOM, OTHER])
      .at(1, { P_IN: 0.1 })
      .run(6)
      .at(7, { P_IN: 0.1 }, { station: OTHER })
      .run(12)
      .edit(overridden(rules, { stations: [ROOM, OTHER] }).rules)
      .run(20);
    expect(line.seconds('raised')).toEqual([11, 17]);
    expect(line.seconds('withdrawn')).toEqual([]);
  });

  it.each<[Partial<OverrideText>, string]>([
    [{ rule: 'LOW-INLETT' }, 'no rule has the id LOW-INLETT: did you mean LOW-INLET?'],
    [{ threshold: 'lo' }, 'LOW-INLET has no threshold lo: it has low: did you mean low?'],
    [{ stations: ['SM-002'] }, 'no station has the code SM-002: did you mean SM-0002?'],
    [{ value: '0.12 m³/h' }, '0.12 m³/h does not fit: low is 0.18 MPa'],
    [{ value: 0.12 }, '0.12 does not fit: low is 0.18 MPa'],
    [{ value: '0.12 MPA' }, '"MPA" is no unit that rules are written in'],
    [{ value: '12 MPa' }, '12 MPa would decide it for good: P_IN '],
    [{ value: '-1 MPa' }, '-1 MPa would decide it for good: P_IN '],
    [{ stations: [OTHER, OTHER] }, `${OTHER} has another value for it already, in overrides/hill.yaml:1`],
    [{ reason: '' }, 'reason: is empty'],
    [{ stations: [] }, 'stations: is empty'],
  ])('are refused with line, cause and suggestion: %j', (given, why) => {
    expect(wrongOf(given)).toEqual([expect.stringContaining(`overrides/hill.yaml:1: ${why}`)]);
  });

  it('have one value each, and one that is wrong leaves the others in force', () => {
    const { rules, wrong } = overridden(
      rulesOf(named()),
      {},
      { stations: [ROOM, OTHER] },
      { stations: [ROOM] },
    );
    expect(wrong).toEqual([
      `overrides/hill.yaml:2: ${OTHER} has another value for it already, in overrides/hill.yaml:1`,
      `overrides/hill.yaml:3: ${ROOM} has another value for it already, in overrides/hill.yaml:2`,
    ]);
    expect(rules[0]!.thresholds[0]!.stations).toEqual({ [ROOM]: 0.12, [OTHER]: 0.12 });
  });

  it('are left out only at the stations where they do not fit', () => {
    const { rules, wrong } = overridden(rulesOf(named({ kinds: ['tank'] })), {
      stations: [ROOM, 'SM-9999', OTHER, 'HL-0300'],
    });
    expect(wrong).toHaveLength(2);
    expect(rules[0]!.thresholds[0]!.stations).toEqual({ [ROOM]: 0.12, [OTHER]: 0.12 });
  });

  it('suggest a code to the first of many unknown ones, which takes long in a city', () => {
    const wrong = wrongOf(
      ...Array.from({ length: 300 }, (_, i) => ({ stations: [`SM-0002-${i}`] as [string] })),
    );
    expect(wrong).toHaveLength(300);
    expect(wrong.filter((one) => one.includes('did you mean'))).toHaveLength(10);
  });

  it('are judged once for each value, however many stations have it', () => {
    const rule = rulesOf(named())[0]!;
    let read = 0;
    // the condition is looked at whenever a value is judged
    const watched = new Proxy(rule, {
      get: (target, key) => {
        if (key === 'clear') read++;
        return target[key as keyof Rule];
      },
    });
    const many = Array.from({ length: 50 }, (_, i) => anOverride({ stations: [`S-${i}`] }));
    const { overrides } = readOverrides({ file: 'many.yaml', yaml: JSON.stringify(many) });
    const { rules, misfits } = overrideThresholds([watched], overrides, null);
    expect(misfits.size).toBe(0);
    expect(Object.keys(rules[0]!.thresholds[0]!.stations)).toHaveLength(50);
    expect(read).toBe(1);
  });

  it('make sense together, not only each by itself', () => {
    const bounds = aRule({
      thresholds: { low: { ...LOW, value: 6.5 }, high: { ...LOW, value: 8.5 } },
      when: 'PH < low or PH > high',
      clear: 'PH > low + 0.1 and PH < high - 0.1',
    });
    const both = { low: { threshold: 'low', value: 8 }, high: { threshold: 'high', value: 7.9 } };
    expect(overridden(rulesOf(bounds), both.low, { ...both.high, stations: [ROOM] }).wrong).toEqual([]);
    expect(overridden(rulesOf(bounds), both.low, { ...both.high, stations: [ROOM, OTHER] }).wrong).toEqual([
      expect.stringContaining('overrides/hill.yaml:2: can never hold: PH is never > 8.1 and < 7.8 at once'),
    ]);
  });

  it('are of a kind that the rule looks at, and of a rule that has names', () => {
    const tanks = rulesOf(named({ kinds: ['tank'] }), aRule({ id: 'PLAIN' }));
    expect(overridden(tanks, { stations: ['HL-0300'] }, { rule: 'PLAIN' }).wrong).toEqual([
      'overrides/hill.yaml:1: HL-0300 is a station of another kind than LOW-INLET looks at',
      'overrides/hill.yaml:2: PLAIN has no threshold with a name',
    ]);
  });

  it('may all be gone from a file', () => {
    expect(readOverrides({ file: 'a.yaml', yaml: '# nobody differs\n' })).toEqual({
      overrides: [],
      issues: [],
    });
  });
});
