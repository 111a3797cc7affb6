import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { entryOf, factorAndSolve, solveAgain, symbolicFactor } from '#sim/hydraulics/factor.ts';
import { minimumFill } from '#sim/hydraulics/ordering.ts';

/** A grid of streets with chords, every conductance and tie to the ground above zero: symmetric and positive definite. */
const anySystem = fc
  .record({
    rows: fc.integer({ min: 1, max: 12 }),
    columns: fc.integer({ min: 1, max: 12 }),
    chords: fc.array(fc.tuple(fc.nat(143), fc.nat(143)), { maxLength: 12 }),
    conductances: fc.array(fc.double({ min: 1e-3, max: 1e3, noNaN: true }), { minLength: 7, maxLength: 31 }),
    loads: fc.array(fc.double({ min: -10, max: 10, noNaN: true }), { minLength: 7, maxLength: 31 }),
  })
  .map(({ rows, columns, chords, conductances, loads }) => {
    const size = rows * columns;
    const pairs = new Map<string, [number, number]>();
    const join = (a: number, b: number): void => {
      if (a !== b) pairs.set(`${Math.min(a, b)}-${Math.max(a, b)}`, [a, b]);
    };
    for (let i = 0; i < size; i++) {
      if (i % columns > 0) join(i - 1, i);
      if (i >= columns) join(i - columns, i);
    }
    for (const [a, b] of chords) join(a % size, b % size);
    const matrix = Array.from({ length: size }, () => new Float64Array(size));
    for (let i = 0; i < size; i++) matrix[i]![i] = 0.01 + (i % 3);
    [...pairs.values()].forEach(([a, b], k) => {
      const g = conductances[k % conductances.length]!;
      matrix[a]![a]! += g;
      matrix[b]![b]! += g;
      matrix[a]![b] = -g;
      matrix[b]![a] = -g;
    });
    const load = Array.from({ length: size }, (_, i) => loads[i % loads.length]!);
    return { matrix, load };
  });

/** Cholesky's factorisation on the full matrix. */
function denseSolve(matrix: Float64Array[], load: number[]): number[] {
  const n = load.length;
  const l = matrix.map(() => new Float64Array(n));
  for (let i = 0; i < n; i++)
    for (let j = 0; j <= i; j++) {
      let sum = matrix[i]![j]!;
      for (let k = 0; k < j; k++) sum -= l[i]![k]! * l[j]![k]!;
      l[i]![j] = i === j ? Math.sqrt(sum) : sum / l[j]![j]!;
    }
  const x = [...load];
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < i; k++) x[i]! -= l[i]![k]! * x[k]!;
    x[i]! /= l[i]![i]!;
  }
  for (let i = n - 1; i >= 0; i--) {
    for (let k = i + 1; k < n; k++) x[i]! -= l[k]![i]! * x[k]!;
    x[i]! /= l[i]![i]!;
  }
  return x;
}

function prepare(matrix: Float64Array[], load: number[]) {
  const neighbours = matrix.map((row, i) => [...row.keys()].filter((j) => j !== i && row[j] !== 0));
  const { order, columns } = minimumFill(neighbours);
  const factor = symbolicFactor({ order, columns });
  const system = new Float64Array(2 * order.length);
  const below = new Float64Array(factor.row.length + 1);
  order.forEach((v, i) => {
    system[2 * i] = matrix[v]![v]!;
    system[2 * i + 1] = load[v]!;
    for (let j = 0; j < i; j++) {
      const value = matrix[v]![order[j]!]!;
      if (value !== 0) below[entryOf(factor, i, j)] = value;
    }
  });
  const solution = (): number[] => {
    const x = new Array<number>(order.length);
    order.forEach((v, i) => {
      x[v] = system[2 * i + 1]!;
    });
    return x;
  };
  return { factor, order, system, below, solution };
}

function expectSame(found: number[], wanted: number[]): void {
  const largest = Math.max(...wanted.map(Math.abs), 1e-9);
  found.forEach((x, i) => {
    expect(Math.abs(x - wanted[i]!) / largest).toBeLessThan(1e-9);
  });
}

describe('the sparse factorisation', () => {
  it('solves what the dense one solves, and again for another right-hand side', () => {
    const widths = new Set<number>();
    fc.assert(
      fc.property(anySystem, fc.integer({ min: 1, max: 9 }), ({ matrix, load }, turn) => {
        const { factor, order, system, below, solution } = prepare(matrix, load);
        for (const { width } of factor.panels) widths.add(width);
        expect(factorAndSolve(factor, system, below)).toBe(-1);
        expectSame(solution(), denseSolve(matrix, load));
        const other = load.map((_, i) => load[(i + turn) % load.length]! + turn);
        order.forEach((v, i) => {
          system[2 * i + 1] = other[v]!;
        });
        solveAgain(factor, system, below);
        expectSame(solution(), denseSolve(matrix, other));
      }),
      { numRuns: 150, seed: 4711 },
    );
    // Single columns and panels of two and four have all been seen.
    expect([...widths].sort()).toEqual([1, 2, 4]);
  });

  it('names a row at which the matrix is not positive', () => {
    const matrix = [Float64Array.of(1, -2), Float64Array.of(-2, 1)];
    const { factor, system, below } = prepare(matrix, [1, 1]);
    expect(factorAndSolve(factor, system, below)).toBe(1);
  });

  it('orders a closely meshed town in time that grows with its updates, and refuses one beyond all memory', () => {
    const { columns } = minimumFill(grid(70));
    const entries = columns.reduce((sum, { length }) => sum + length, 0);
    // nested dissection of a square grid: 31/4 n log2 n (George and Liu, chapter 8)
    expect(entries).toBeLessThan((31 / 4) * 4900 * Math.log2(4900));
    expect(() => minimumFill(grid(70), 1e6)).toThrow(
      /meshed too closely.*: 4900 junctions in loops need more than 1000000 updates/,
    );
  });
});

/** Neighbours in a square grid of streets. */
function grid(side: number): number[][] {
  return Array.from({ length: side * side }, (_, i) =>
    [
      i % side > 0 ? i - 1 : -1,
      i % side < side - 1 ? i + 1 : -1,
      i - side,
      i + side < side * side ? i + side : -1,
    ].filter((j) => j >= 0),
  );
}
