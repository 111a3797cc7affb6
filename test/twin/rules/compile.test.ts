import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { template } from '#twin/catalogue/template.ts';
import { checkCondition } from '#twin/rules/check.ts';
import { compile, workshop } from '#twin/rules/compile.ts';
import type { BinaryOp, Expression } from '#twin/rules/expression.ts';
import { emptyFleet, extendFleet, type Fleet } from '#twin/rules/fleet.ts';
import { Flag } from '#twin/rules/look.ts';
import { parse } from '#twin/rules/parse.ts';
import { possible } from '#twin/rules/possible.ts';
import { addStation, emptyState } from '#twin/state/columns.ts';
import { Quality } from '#twin/state/quality.ts';
import { HOUR } from '#twin/units.ts';

const ROOM = template({
  kind: 'tank',
  sets: [
    { zone: 'LO', pumps: 3 },
    { zone: 'MI', pumps: 2 },
  ],
});
const NOW = Date.UTC(2026, 5, 1);
const GOOD = Uint8Array.from([1, 0, 0, 0, 0, 1, 0, 0]);

function fleetOf(rows: readonly Record<string, number>[]): Fleet {
  const state = emptyState();
  for (const row of rows.keys()) addStation(state, `SM-${row}`, ROOM.id);
  const columns = state.byTemplate.get(ROOM.id)!;
  rows.forEach((values, row) => {
    for (const [name, value] of Object.entries(values)) {
      const index = ROOM.index.get(name)!;
      columns.values[index]![row] = value;
      columns.times[index]![row] = NOW;
      columns.qualities[index]![row] = Quality.good;
    }
  });
  const fleet = emptyFleet(ROOM.kind);
  extendFleet(fleet, columns);
  return fleet;
}

/** A condition's answers at a spot, station by station; the spot's name, '' for the station. */
function answers(text: string, rows: readonly Record<string, number>[], spot = '', now = NOW): number[] {
  const { condition, scope } = checkCondition(parse(text));
  const column = compile(condition, workshop(ROOM.kind), scope, GOOD)!;
  const fleet = fleetOf(rows);
  const flags = column({ fleet, now, zoneOffset: 8 * HOUR, learnt: null, around: null });
  return [...flags.slice(0, fleet.rows[scope])]
    .filter((_, row) => fleet.spots[scope][row]!.name === spot)
    .map((flag) => (flag === Flag.unknown ? Number.NaN : flag));
}

describe('conditions', () => {
  it('look at the pump set they stand at, and at a set by name from anywhere', () => {
    const room = { 'LO/P_OUT': 0.4, 'LO/P_SET': 0.5, 'MI/P_OUT': 0.79, 'MI/P_SET': 0.8 };
    expect(answers('P_OUT < P_SET - 0.05 MPa', [room], 'LO')).toEqual([1]);
    expect(answers('P_OUT < P_SET - 0.05 MPa', [room], 'MI')).toEqual([0]);
    expect(answers('LO/P_OUT < MI/P_OUT', [room])).toEqual([1]);
  });

  it('gather over the pumps of the set they stand at, else over all', () => {
    const room = {
      'LO/P_OUT': 0.4,
      'MI/P_OUT': 0.4,
      ...{ 'LO/P1/RUN': 0, 'LO/P2/RUN': 0, 'LO/P3/RUN': 0, 'MI/P1/RUN': 1, 'MI/P2/RUN': 0 },
    };
    expect(answers('P_OUT < 0.5 and any(RUN)', [room], 'LO')).toEqual([0]);
    expect(answers('P_OUT < 0.5 and any(RUN)', [room], 'MI')).toEqual([1]);
    expect(answers('count(RUN) = 1', [room])).toEqual([1]);
    expect(answers('all(not RUN)', [room])).toEqual([0]);
  });

  it('know what they do not know', () => {
    expect(answers('P_IN < 0.1 or FLOOD', [{ FLOOD: 1 }, { FLOOD: 0 }, { P_IN: 0.5 }])).toEqual([
      1,
      Number.NaN,
      Number.NaN,
    ]);
    expect(answers('P_IN < 0.1 and FLOOD', [{ FLOOD: 0 }, { FLOOD: 1 }])).toEqual([0, Number.NaN]);
    expect(answers('F_IN / P_TOT > 2', [{ F_IN: 1, P_TOT: 0 }])).toEqual([Number.NaN]);
  });

  it('count time in the unit they stand by', () => {
    expect(answers('age(P_IN) > 2 min', [{ P_IN: 0.3 }], '', NOW + 121_000)).toEqual([1]);
    expect(answers('hour() >= 8 h and hour() < 9 h', [{}])).toEqual([1]);
    expect(answers('RUN_H > 1 d', [{ 'LO/P1/RUN_H': 25 }], 'LO/P1')).toEqual([1]);
  });

  it('are not for stations that lack a point', () => {
    const { condition } = checkCondition(parse('P_STAB < 0.02 MPa'));
    expect(compile(condition, workshop(ROOM.kind), 'station', GOOD)).toBeNull();
  });
});

// Random conditions over three points, beside an interpreter that looks at one row at a time.

const POINT_NAMES = ['P_IN', 'P_TOT', 'FLOOD', 'DOOR'] as const;
const number: fc.Arbitrary<string> = fc.letrec<{ number: string }>((tie) => ({
  number: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom('P_IN', 'P_TOT'),
    fc.double({ min: 0, max: 2, noNaN: true }).map((x) => x.toFixed(3)),
    fc
      .tuple(fc.constantFrom('*', '/'), tie('number'), fc.integer({ min: 1, max: 3 }))
      .map(([op, a, b]) => `(${a} ${op} ${b})`),
    tie('number').map((a) => `-${a}`),
    tie('number').map((a) => `abs(${a})`),
  ),
})).number;
const condition: fc.Arbitrary<string> = fc.letrec<{ condition: string }>((tie) => ({
  condition: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom('FLOOD', 'DOOR'),
    fc
      .tuple(number, fc.constantFrom('<', '<=', '>', '>=', '=', '!='), fc.constantFrom('0.2', '0.5', '1'))
      .map((parts) => parts.join(' ')),
    fc
      .tuple(tie('condition'), fc.constantFrom('and', 'or'), tie('condition'))
      .map((parts) => `(${parts.join(' ')})`),
    tie('condition').map((a) => `not (${a})`),
  ),
})).condition;
const room = fc.record(
  {
    P_IN: fc.constantFrom(0, 0.2, 0.35, 0.5, 1),
    P_TOT: fc.constantFrom(0, 0.2, 0.5, 1, 700),
    FLOOD: fc.constantFrom(0, 1),
    DOOR: fc.constantFrom(0, 1),
  },
  { requiredKeys: [] },
) as fc.Arbitrary<Record<string, number>>;

function interpret(node: Expression, values: Record<string, number>): number {
  if (node.kind === 'number') return node.value;
  if (node.kind === 'point') return values[node.tag] ?? Number.NaN;
  if (node.kind === 'call') return Math.abs(interpret(node.args[0]!, values));
  if (node.kind === 'unary')
    return node.op === 'not' ? 1 - interpret(node.of, values) : -interpret(node.of, values);
  const [x, y] = [interpret(node.left, values), interpret(node.right, values)];
  return binary(node.op, x, y);
}

function binary(op: BinaryOp, x: number, y: number): number {
  if (op === 'and') return x === 0 || y === 0 ? 0 : x * y;
  if (op === 'or') return x === 1 || y === 1 ? 1 : x + y;
  if (op === '*') return x * y;
  if (op === '/') return y === 0 ? Number.NaN : x / y;
  if (Number.isNaN(x) || Number.isNaN(y)) return Number.NaN;
  const holds = {
    '<': x < y,
    '<=': x <= y,
    '>': x > y,
    '>=': x >= y,
    '=': x === y,
    '!=': x !== y,
    '+': false,
    '-': false,
  };
  return Number(holds[op]);
}

describe('compiled conditions', () => {
  it('say of every row what an interpreter says of it alone', () => {
    fc.assert(
      fc.property(condition, fc.array(room, { minLength: 1, maxLength: 20 }), (text, rows) => {
        const tree = parse(text);
        expect(answers(text, rows)).toEqual(rows.map((values) => interpret(tree, values)));
      }),
      { numRuns: 500 },
    );
  });

  it('never hold where they were called impossible', () => {
    fc.assert(
      fc.property(condition, fc.array(room, { minLength: 20, maxLength: 20 }), (text, rows) => {
        const can = possible(checkCondition(parse(text)).condition);
        const got = answers(text, rows);
        if (!can.holds) expect(got).not.toContain(1);
        if (!can.fails) expect(got).not.toContain(0);
      }),
      { numRuns: 500 },
    );
  });

  it('whatever the text, parsing ends with a tree or an error that knows its place', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[()<>=!\-+*/, a-zA-Z0-9_.]{0,60}$/)), (text) => {
        try {
          parse(text);
        } catch (error) {
          expect(error).toMatchObject({ name: 'ExpressionError', at: expect.any(Number) });
        }
      }),
      { numRuns: 2000 },
    );
  });
});

describe('the points of this test', () => {
  it('are in the room', () => {
    for (const name of POINT_NAMES) expect(ROOM.index.has(name)).toBe(true);
  });
});
