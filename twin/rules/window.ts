import type { Windowing } from './condition.ts';

/** Parts of a window: what leaves it leaves in steps of a twelfth. */
const PARTS = 12;

/** Sums of one part of a window, one value per row. */
interface Part {
  /** which stretch of time it holds: floor(time / length of a part) */
  stretch: number;
  first: Float64Array;
  count: Float64Array;
  sum: Float64Array;
  squares: Float64Array;
  least: Float64Array;
  most: Float64Array;
}

/**
 * The last `seconds` of one value per row, in twelve parts. Nothing is known of a row before its values reach back
 * over the whole window; unknown values are left out.
 */
export class Window {
  private readonly partMs: number;
  private readonly parts: Part[];
  /** when a row's values began without a gap, and the last stretch it had one */
  private begun: Float64Array;
  private seen: Float64Array;

  constructor(
    private readonly how: Windowing,
    private readonly seconds: number,
    rows: number,
  ) {
    this.partMs = (seconds * 1000) / PARTS;
    // one more than the window has: the oldest part leaves while the newest fills
    this.parts = Array.from({ length: PARTS + 1 }, () => emptyPart(rows));
    this.begun = new Float64Array(rows).fill(Number.NaN);
    this.seen = new Float64Array(rows).fill(Number.NEGATIVE_INFINITY);
  }

  /** Makes room for more rows; what is known stays. */
  grow(rows: number): void {
    if (rows <= this.begun.length) return;
    const begun = new Float64Array(rows).fill(Number.NaN);
    begun.set(this.begun);
    this.begun = begun;
    const seen = new Float64Array(rows).fill(Number.NEGATIVE_INFINITY);
    seen.set(this.seen);
    this.seen = seen;
    for (const part of this.parts) growPart(part, rows);
  }

  /** Takes the values of an instant, not before the last, and writes what the window then says. */
  step(values: Float64Array, rows: number, now: number, out: Float64Array): void {
    this.add(values, rows, now);
    const oldest = Math.floor(now / this.partMs) - PARTS;
    const inside = this.parts
      .filter(({ stretch }) => stretch >= oldest)
      .sort((a, b) => a.stretch - b.stretch);
    const reaches = now - this.seconds * 1000;
    for (let row = 0; row < rows; row++) {
      const value = values[row]!;
      out[row] = this.begun[row]! <= reaches ? ANSWERS[this.how](inside, row, value) : Number.NaN;
    }
  }

  private add(values: Float64Array, rows: number, now: number): void {
    const stretch = Math.floor(now / this.partMs);
    const oldest = stretch - PARTS;
    const part = this.parts[((stretch % this.parts.length) + this.parts.length) % this.parts.length]!;
    if (part.stretch !== stretch) clear(part, stretch);
    const { first, count, sum, squares, least, most } = part;
    for (let row = 0; row < rows; row++) {
      const value = values[row]!;
      if (Number.isNaN(value)) continue;
      // after a gap longer than the window it fills anew
      if (!(this.seen[row]! >= oldest)) this.begun[row] = now;
      this.seen[row] = stretch;
      if (count[row] === 0) first[row] = value;
      count[row]!++;
      sum[row]! += value;
      squares[row]! += value * value;
      if (value < least[row]!) least[row] = value;
      if (value > most[row]!) most[row] = value;
    }
  }
}

type Answer = (inside: readonly Part[], row: number, value: number) => number;

const ANSWERS: Readonly<Record<Windowing, Answer>> = {
  change(inside, row, value) {
    for (const { count, first } of inside) if (count[row]! > 0) return value - first[row]!;
    return Number.NaN;
  },
  mean: (inside, row) => moments(inside, row).mean,
  sd: (inside, row) => moments(inside, row).sd,
  min(inside, row) {
    let least = Number.POSITIVE_INFINITY;
    for (const part of inside) least = Math.min(least, part.least[row]!);
    return Number.isFinite(least) ? least : Number.NaN;
  },
  max(inside, row) {
    let most = Number.NEGATIVE_INFINITY;
    for (const part of inside) most = Math.max(most, part.most[row]!);
    return Number.isFinite(most) ? most : Number.NaN;
  },
};

function moments(inside: readonly Part[], row: number): { mean: number; sd: number } {
  let count = 0;
  let sum = 0;
  let squares = 0;
  for (const part of inside) {
    count += part.count[row]!;
    sum += part.sum[row]!;
    squares += part.squares[row]!;
  }
  if (count === 0) return { mean: Number.NaN, sd: Number.NaN };
  const mean = sum / count;
  return { mean, sd: Math.sqrt(Math.max(0, squares / count - mean * mean)) };
}

function emptyPart(rows: number): Part {
  const column = () => new Float64Array(rows);
  const part = {
    stretch: Number.NEGATIVE_INFINITY,
    first: column(),
    count: column(),
    sum: column(),
    squares: column(),
    least: column(),
    most: column(),
  };
  clear(part, part.stretch);
  return part;
}

function clear(part: Part, stretch: number): void {
  part.stretch = stretch;
  part.count.fill(0);
  part.sum.fill(0);
  part.squares.fill(0);
  part.least.fill(Number.POSITIVE_INFINITY);
  part.most.fill(Number.NEGATIVE_INFINITY);
}

function growPart(part: Part, rows: number): void {
  const old = { ...part };
  Object.assign(part, emptyPart(rows), { stretch: old.stretch });
  for (const key of ['first', 'count', 'sum', 'squares', 'least', 'most'] as const) part[key].set(old[key]);
}
