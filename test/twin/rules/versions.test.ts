import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkCondition } from '#twin/rules/check.ts';
import { compile, workshop } from '#twin/rules/compile.ts';
import { emptyFleet, extendFleet } from '#twin/rules/fleet.ts';
import { parse } from '#twin/rules/parse.ts';
import { addStation, emptyState } from '#twin/state/columns.ts';
import { Quality } from '#twin/state/quality.ts';
import { HOUR } from '#twin/units.ts';

/**
 * What has not changed is not worked out again: conditions that were asked look after look say what the same ones say
 * that have never been asked before, while values and qualities change and stations come.
 */

const GOOD = Uint8Array.from([1, 0, 0, 0, 0, 1, 0, 0]);
const TEMPLATES = ['tank:LO2', 'tank:LO2+MI3'] as const;

/** Sums of some points of one unit. */
const sums = (points: readonly string[]): fc.Arbitrary<string> =>
  fc.letrec<{ number: string }>((tie) => ({
    number: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.constantFrom(...points),
      fc.constantFrom('0.2', '30'),
      fc
        .tuple(tie('number'), fc.constantFrom('+', '-'), tie('number'))
        .map((parts) => `(${parts.join(' ')})`),
      fc.tuple(tie('number'), fc.constantFrom('* 2', '/ 3')).map((parts) => `(${parts.join(' ')})`),
      tie('number').map((of) => `-${of}`),
      tie('number').map((of) => `abs(${of})`),
    ),
  })).number;
const operator = fc.constantFrom('<', '<=', '>', '>=', '=', '!=');
const comparison = (number: fc.Arbitrary<string>) =>
  fc.tuple(number, operator, fc.oneof(fc.constantFrom('0.2', '30'), number)).map((parts) => parts.join(' '));
const condition: fc.Arbitrary<string> = fc.letrec<{ condition: string }>((tie) => ({
  condition: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom('FLOOD', 'any(RUN)', 'all(RUN)', 'RUN', 'count(RUN) > 1', 'age(P_IN) > 3 s'),
    comparison(sums(['P_IN', 'P_OUT', 'LO/P_SET'])),
    comparison(sums(['largest(HZ)', 'smallest(HZ)', 'sum(HZ)'])),
    fc
      .tuple(tie('condition'), fc.constantFrom('and', 'or'), tie('condition'))
      .map((parts) => `(${parts.join(' ')})`),
    tie('condition').map((of) => `not (${of})`),
  ),
})).condition;

const VALUES = [0, 0.1, 0.2, 0.3, 1, 30, 50, Number.NaN];
const happening = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ station: fc.nat(), point: fc.nat(), value: fc.constantFrom(...VALUES) }),
  },
  fc.record({ station: fc.nat(), point: fc.nat(), quality: fc.constantFrom(Quality.good, Quality.bad) }),
  // all alike, as pressures of good days: ends decide
  fc.record({ all: fc.constantFrom(...VALUES) }),
  fc.record({ comes: fc.constantFrom(...TEMPLATES) }),
);
/** what happens before each look: often nothing */
const history = fc.array(fc.array(happening, { maxLength: 3 }), { minLength: 2, maxLength: 8 });

/** Stations of two templates, whose values and qualities a test moves. */
function someStations() {
  const state = emptyState();
  const fleet = emptyFleet('tank');
  const places: ReturnType<typeof addStation>[] = [];
  const come = (template: string) => {
    const place = addStation(state, `SM-000${places.length + 1}`, template);
    extendFleet(fleet, place.columns);
    places.push(place);
    for (const one of place.columns.values) one[place.row] = 0.3;
    for (const one of place.columns.qualities) one[place.row] = Quality.good;
  };
  const move = (what: 'values' | 'qualities', station: number, point: number, to: number) => {
    const { columns, row } = places[station % places.length]!;
    columns[what][point % columns.template.points.length]![row] = to;
  };
  return { fleet, places, come, move };
}

describe('conditions that are asked look after look', () => {
  it('say what conditions say that were never asked before', () => {
    fc.assert(
      fc.property(condition, history, (text, looks) => {
        const { condition: checked, scope } = checkCondition(parse(text));
        const stations = someStations();
        for (const template of TEMPLATES) stations.come(template);
        const anew = () => compile(checked, workshop('tank'), scope, GOOD)!;
        const standing = anew();
        looks.forEach((happenings, now) => {
          for (const happens of happenings) {
            if ('comes' in happens) stations.come(happens.comes);
            else if ('all' in happens)
              for (const { columns } of stations.places)
                for (const one of columns.values) one.fill(happens.all);
            else if ('value' in happens)
              stations.move('values', happens.station, happens.point, happens.value);
            else stations.move('qualities', happens.station, happens.point, happens.quality);
          }
          const { fleet } = stations;
          const look = { fleet, now, zoneOffset: 8 * HOUR, learnt: null, around: null };
          const rows = fleet.rows[scope];
          const fresh = anew();
          expect([...standing(look).slice(0, rows)]).toEqual([...fresh(look).slice(0, rows)]);
          expect([standing.quiet, standing.holds]).toEqual([fresh.quiet, fresh.holds]);
        });
      }),
      { numRuns: 1000 },
    );
  });
});
