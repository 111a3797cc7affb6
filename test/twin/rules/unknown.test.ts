import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkCondition } from '#twin/rules/check.ts';
import { compile, workshop } from '#twin/rules/compile.ts';
import { codeAt, emptyFleet, extendFleet } from '#twin/rules/fleet.ts';
import { Flag, type Look } from '#twin/rules/look.ts';
import { parse } from '#twin/rules/parse.ts';
import { addStation, emptyState } from '#twin/state/columns.ts';
import { Quality, type QualityCode } from '#twin/state/quality.ts';
import { HOUR } from '#twin/units.ts';

/** A real city always has silent stations: what is not known of them is neither the others' business nor their cost. */

const GOOD = Uint8Array.from([1, 0, 0, 0, 0, 1, 0, 0]);
const TEMPLATES = ['tank:LO2', 'tank:LO2+MI3'] as const;

interface Reading {
  value: number;
  quality: QualityCode;
}

/** Stations whose points all read the same, each its own. */
function aCity(count: number) {
  const state = emptyState();
  const fleet = emptyFleet('tank');
  const codes = Array.from({ length: count }, (_, i) => `SM-${1000 + i}`);
  for (const [i, code] of codes.entries())
    extendFleet(fleet, addStation(state, code, TEMPLATES[i % 2]!).columns);
  const read = (code: string, { value, quality }: Reading) => {
    const { columns, row } = state.places.get(code)!;
    for (const one of columns.values) one[row] = value;
    for (const one of columns.qualities) one[row] = quality;
    for (const one of columns.times) one[row] = 1;
  };
  for (const code of codes) read(code, { value: 0.3, quality: Quality.good });
  return { fleet, codes, read };
}

const ask = (text: string) => {
  const { condition, scope } = checkCondition(parse(text));
  return { flags: compile(condition, workshop('tank'), scope, GOOD)!, scope };
};
const lookAt = ({ fleet }: ReturnType<typeof aCity>, now: number): Look => ({
  fleet,
  now,
  zoneOffset: 8 * HOUR,
  learnt: null,
  around: null,
});

const number = fc.constantFrom(
  ...['P_IN', 'P_OUT', 'LO/P_SET', 'P_OUT - P_IN', 'P_OUT + LO/P_SET', 'abs(P_OUT - P_IN)', 'P_IN - P_OUT'],
);
const pumps = fc.constantFrom('HZ', 'largest(HZ)', 'smallest(HZ)', 'sum(HZ)', 'abs(smallest(HZ))');
const operator = fc.constantFrom('<', '<=', '>', '>=', '=', '!=');
const compared = (left: fc.Arbitrary<string>, unit: string) =>
  fc
    .tuple(left, operator, fc.constantFrom('0.1', '0.2', '0.3'))
    .map(([of, op, limit]) => `${of} ${op} ${limit} ${unit}`);
const condition: fc.Arbitrary<string> = fc.letrec<{ condition: string }>((tie) => ({
  condition: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom('FLOOD', 'RUN', 'any(RUN)', 'all(RUN)', 'count(RUN) > 1', 'quality(P_IN, stale)'),
    compared(number, 'MPa'),
    compared(pumps, 'Hz'),
    compared(fc.constant('HZ'), 'Hz').map((of) => `any(${of})`),
    fc
      .tuple(tie('condition'), fc.constantFrom('and', 'or'), tie('condition'))
      .map((parts) => `(${parts.join(' ')})`),
    tie('condition').map((of) => `not (${of})`),
  ),
})).condition;

const reading: fc.Arbitrary<Reading> = fc.record({
  // mostly alike, so that the ends of what is known decide for all
  value: fc.oneof({ weight: 6, arbitrary: fc.constant(0.3) }, fc.constantFrom(0, 0.1, 0.2, 1, Number.NaN)),
  quality: fc.oneof(
    { weight: 3, arbitrary: fc.constant<QualityCode>(Quality.good) },
    fc.constantFrom<QualityCode>(Quality.stale, Quality.bad, Quality.substituted, Quality.frozen),
  ),
});
const COUNT = 6;
/** before each look some stations read something else */
const history = fc.array(fc.array(fc.tuple(fc.nat(COUNT - 1), reading), { maxLength: 4 }), {
  minLength: 1,
  maxLength: 6,
});

/** What a condition says of one station that is the only one of its template, never asked before. */
function saidAlone(text: string, template: number, reading: Reading): number[] {
  const city = aCity(2);
  const code = city.codes[template]!;
  const other = city.codes[1 - template]!;
  // the other one is as far from it as can be: no ends decide for both
  city.read(other, { value: reading.value < 0.2 ? 99 : -99, quality: Quality.good });
  city.read(code, reading);
  return rowsOf(ask(text), city, code, lookAt(city, 1));
}

function rowsOf(
  { flags, scope }: ReturnType<typeof ask>,
  city: ReturnType<typeof aCity>,
  code: string,
  look: Look,
): number[] {
  const said = flags(look).slice(0, city.fleet.rows[scope]);
  return [...said].filter((_, row) => codeAt(city.fleet, scope, row) === code);
}

describe('with some stations that are not known', () => {
  it('a condition says of each of them all what it says of it alone, look after look', () => {
    fc.assert(
      fc.property(condition, history, (text, looks) => {
        const city = aCity(COUNT);
        const readings: Reading[] = city.codes.map(() => ({ value: 0.3, quality: Quality.good }));
        const standing = ask(text);
        looks.forEach((changes, now) => {
          for (const [station, one] of changes) {
            city.read(city.codes[station]!, one);
            readings[station] = one;
          }
          const look = lookAt(city, now);
          const mayHold = standing.flags.mayHold(look);
          const said = city.codes.map((code) => rowsOf(standing, city, code, look));
          if (!mayHold) expect(said.flat()).not.toContain(Flag.yes);
          expect(said).toEqual(readings.map((one, i) => saidAlone(text, i % 2, one)));
        });
      }),
      { numRuns: 100 },
    );
  });

  it.each([
    'P_IN < 0.1 MPa',
    'abs(P_OUT - P_IN) > 0.2 MPa',
    'largest(HZ) > 50 Hz',
    'P_IN < 0.1 MPa and P_OUT < 0.1 MPa',
    'P_IN < 0.1 MPa or quality(P_OUT, frozen)',
  ])('%s is not worked out again while the same ones are silent', (text) => {
    const city = aCity(40);
    city.read(city.codes[7]!, { value: 0.3, quality: Quality.stale });
    const { flags } = ask(text);
    flags(lookAt(city, 0));
    const { version } = flags;
    for (let now = 1; now < 5; now++) {
      for (const code of city.codes)
        if (code !== city.codes[7]) city.read(code, { value: 0.3 + 0.001 * now, quality: Quality.good });
      const look = lookAt(city, now);
      expect(flags.mayHold(look)).toBe(false);
      flags(look);
      expect(flags.version).toBe(version);
    }
    city.read(city.codes[8]!, { value: 0.3, quality: Quality.bad });
    flags(lookAt(city, 5));
    expect(flags.version).toBeGreaterThan(version);
  });
});
