import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkCondition } from '#twin/rules/check.ts';
import { compile, workshop } from '#twin/rules/compile.ts';
import { codeAt, emptyFleet, extendFleet, relatedRows } from '#twin/rules/fleet.ts';
import { parse } from '#twin/rules/parse.ts';
import { addStation, emptyState } from '#twin/state/columns.ts';
import { Quality } from '#twin/state/quality.ts';
import { HOUR } from '#twin/units.ts';

const GOOD = Uint8Array.from([1, 0, 0, 0, 0, 1, 0, 0]);

describe('a fleet of two templates', () => {
  const state = emptyState();
  const fleet = emptyFleet('tank');
  const take = (code: string, id: string) => extendFleet(fleet, addStation(state, code, id).columns);
  // each comes when the others are there already
  take('SM-0001', 'tank:LO2');
  take('SM-0002', 'tank:LO2+MI3');
  take('SM-0003', 'tank:LO2');
  take('SM-0004', 'tank:LO2+MI3');

  it('has a row for each station, set and pump, those of a station beside each other', () => {
    expect(fleet.rows).toEqual({ station: 4, set: 6, pump: 14 });
    const named = (depth: 'set' | 'pump') =>
      fleet.spots[depth].map(({ name }, row) => `${codeAt(fleet, depth, row)}/${name}`);
    expect(named('set')).toEqual([
      'SM-0001/LO',
      ...['SM-0002/LO', 'SM-0002/MI'],
      'SM-0003/LO',
      ...['SM-0004/LO', 'SM-0004/MI'],
    ]);
    expect(named('pump').slice(2, 8)).toEqual([
      ...['SM-0002/LO/P1', 'SM-0002/LO/P2', 'SM-0002/MI/P1', 'SM-0002/MI/P2', 'SM-0002/MI/P3'],
      'SM-0003/LO/P1',
    ]);
    expect(relatedRows(fleet, 'station', 1, 'pump')).toEqual([2, 7]);
    expect(relatedRows(fleet, 'set', 2, 'pump')).toEqual([4, 7]);
    expect(relatedRows(fleet, 'pump', 6, 'set')).toEqual([2, 3]);
    expect(relatedRows(fleet, 'pump', 6, 'station')).toEqual([1, 2]);
  });

  it('is looked at as one: what a pump says is gathered at its own set and its own station', () => {
    const { columns, row } = state.places.get('SM-0004')!;
    for (const { columns: some } of state.places.values())
      for (const one of some.qualities) one.fill(Quality.good);
    for (const { columns: some } of state.places.values()) for (const one of some.values) one.fill(0);
    columns.values[columns.template.index.get('MI/P2/RUN')!]![row] = 1;
    const says = (text: string) => {
      const { condition, scope } = checkCondition(parse(text));
      const flags = compile(condition, workshop('tank'), scope, GOOD)!({
        fleet,
        now: 0,
        zoneOffset: 8 * HOUR,
        learnt: null,
        around: null,
      });
      return [...flags.slice(0, fleet.rows[scope])];
    };
    expect(says('any(RUN)')).toEqual([0, 0, 0, 1]);
    expect(says('P_OUT < 1 MPa and any(RUN)')).toEqual([0, 0, 0, 0, 0, 1]);
    expect(says('RUN').indexOf(1)).toBe(12);
  });

  it('says the same of each row whether the ends of a point decide for all or not, look after look', () => {
    const stations = [...state.places.values()];
    const pressure = fc.constantFrom(0.1, 0.2, 0.3, Number.NaN);
    const reading = fc.record({ pressure, runs: fc.boolean(), good: fc.boolean() });
    const someLooks = fc.array(
      fc.oneof(
        fc.array(reading, { minLength: 4, maxLength: 4 }),
        // all well, as nearly always
        fc.constantFrom(0.1, 0.3).map((all) => Array(4).fill({ pressure: all, runs: true, good: true })),
      ),
      { minLength: 1, maxLength: 6 },
    );
    const op = fc.constantFrom('<', '<=', '>', '>=', '=', '!=');
    const beside = {
      '<': (x: number) => x < 0.2,
      '<=': (x: number) => x <= 0.2,
      '>': (x: number) => x > 0.2,
    };
    const holds = {
      ...beside,
      '>=': (x: number) => x >= 0.2,
      '=': (x: number) => x === 0.2,
      '!=': (x: number) => x !== 0.2,
    };
    fc.assert(
      fc.property(someLooks, op, (looks, op) => {
        const ask = (text: string) => {
          const { condition, scope } = checkCondition(parse(text));
          return { flags: compile(condition, workshop('tank'), scope, GOOD)!, rows: fleet.rows[scope] };
        };
        const low = ask(`P_IN ${op} 0.2 MPa`);
        const notLow = ask(`not P_IN ${op} 0.2 MPa`);
        const still = ask('not RUN');
        looks.forEach((readings, now) => {
          for (const [i, { columns, row }] of stations.entries()) {
            const { pressure, runs, good } = readings[i]!;
            columns.template.points.forEach(({ tag }, point) => {
              columns.values[point]![row] = tag === 'RUN' ? Number(runs) : pressure;
              columns.qualities[point]![row] = good ? Quality.good : Quality.bad;
            });
          }
          const look = { fleet, now, zoneOffset: 8 * HOUR, learnt: null, around: null };
          const says = ({ flags, rows }: typeof low) => [...flags(look).slice(0, rows)];
          const expected = readings.map(({ pressure, good }) =>
            good && !Number.isNaN(pressure) ? Number(holds[op as '<'](pressure)) : 2,
          );
          expect(says(low)).toEqual(expected);
          expect(says(notLow)).toEqual(expected.map((flag) => (flag === 2 ? 2 : 1 - flag)));
          expect(says(still)).toEqual(
            fleet.spots.pump.map((_, row) => {
              const { runs, good } = readings[fleet.stationOf.pump[row]!]!;
              return good ? Number(!runs) : 2;
            }),
          );
        });
      }),
    );
  });
});
