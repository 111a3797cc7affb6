import type { Windowing } from './condition.ts';

/** Parts of a window: what leaves it leaves in steps of a twelfth. */
const PARTS = 12;

/** What is kept of a stretch of time, a value per row: only what the window asks for. */
interface Sums {
  first: Float64Array;
  count: Float64Array;
  sum: Float64Array;
  squares: Float64Array;
  extreme: Float64Array;
}
type Kept = keyof Sums;

const KEPT: Readonly<Record<Windowing, readonly Kept[]>> = {
  change: ['first'],
  mean: ['count', 'sum'],
  sd: ['count', 'sum', 'squares'],
  min: ['extreme'],
  max: ['extreme'],
};
/** What says that nothing has been seen yet. The largest of numbers is the least of them with the other sign. */
const NOTHING: Readonly<Record<Kept, number>> = {
  first: Number.NaN,
  count: 0,
  sum: 0,
  squares: 0,
  extreme: Number.POSITIVE_INFINITY,
};

/** One part of a window. */
interface Part {
  /** which stretch of time it holds: floor(time / length of a part) */
  stretch: number;
  sums: Sums;
}

/**
 * The last `seconds` of one value per row, in twelve parts. Nothing is known of a row before its values reach back
 * over the whole window; unknown values are left out. Parts that are full are summed up when one is full, so that a
 * look only touches the newest.
 */
export class Window {
  private readonly partMs: number;
  private readonly parts: Part[];
  /** of all parts within the window but the newest */
  private readonly full: Sums;
  private stretch = Number.NEGATIVE_INFINITY;
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
    this.parts = Array.from({ length: PARTS + 1 }, () => ({
      stretch: Number.NEGATIVE_INFINITY,
      sums: emptySums(how, rows),
    }));
    this.full = emptySums(how, rows);
    this.begun = new Float64Array(rows).fill(Number.NaN);
    this.seen = new Float64Array(rows).fill(Number.NEGATIVE_INFINITY);
  }

  /** Makes room for more rows; what is known stays. */
  grow(rows: number): void {
    if (rows <= this.begun.length) return;
    this.begun = wider(this.begun, rows, Number.NaN);
    this.seen = wider(this.seen, rows, Number.NEGATIVE_INFINITY);
    for (const { sums } of this.parts) growSums(sums, this.how, rows);
    growSums(this.full, this.how, rows);
  }

  /** Takes the values of an instant, not before the last, and writes what the window then says. */
  step(values: Float64Array, rows: number, now: number, out: Float64Array): void {
    const stretch = Math.floor(now / this.partMs);
    const oldest = stretch - PARTS;
    const part = this.parts[((stretch % this.parts.length) + this.parts.length) % this.parts.length]!;
    if (stretch !== this.stretch) this.turn(part, stretch, oldest);
    const { how, begun, seen, full } = this;
    follow(values, rows, now, stretch, oldest, begun, seen);
    const { first, count, sum, squares, extreme } = part.sums;
    if (how === 'change') change(values, rows, first, full.first, out);
    else if (how === 'mean') mean(values, rows, count, sum, full.count, full.sum, out);
    else if (how === 'sd') spread(values, rows, part.sums, full, squares, out);
    else bound(values, rows, how === 'min' ? 1 : -1, extreme, full.extreme, out);
    const reaches = now - this.seconds * 1000;
    for (let row = 0; row < rows; row++) if (!(begun[row]! <= reaches)) out[row] = Number.NaN;
  }

  /** The newest part is full, or time has gone over several: what is within the window is summed up anew. */
  private turn(part: Part, stretch: number, oldest: number): void {
    this.stretch = stretch;
    part.stretch = stretch;
    clear(part.sums, this.how);
    clear(this.full, this.how);
    const inside = this.parts
      .filter((one) => one !== part && one.stretch >= oldest)
      .sort((a, b) => a.stretch - b.stretch);
    for (const { sums } of inside) for (const key of KEPT[this.how]) JOIN[key](this.full[key], sums[key]);
  }
}

/** How a later part is added to those before it. */
const JOIN: Readonly<Record<Kept, (all: Float64Array, later: Float64Array) => void>> = {
  first: (all, later) => {
    for (let row = 0; row < all.length; row++) if (Number.isNaN(all[row]!)) all[row] = later[row]!;
  },
  count: addTo,
  sum: addTo,
  squares: addTo,
  extreme: (all, later) => {
    for (let row = 0; row < all.length; row++) if (later[row]! < all[row]!) all[row] = later[row]!;
  },
};

function addTo(all: Float64Array, later: Float64Array): void {
  for (let row = 0; row < all.length; row++) all[row]! += later[row]!;
}

// Plain functions of plain arrays: what an object holds is read anew for every row.

/** Since when a row has values: after a gap longer than the window it fills anew. */
function follow(
  values: Float64Array,
  rows: number,
  now: number,
  stretch: number,
  oldest: number,
  begun: Float64Array,
  seen: Float64Array,
): void {
  for (let row = 0; row < rows; row++) {
    if (seen[row] === stretch || Number.isNaN(values[row]!)) continue;
    if (!(seen[row]! >= oldest)) begun[row] = now;
    seen[row] = stretch;
  }
}

function change(
  values: Float64Array,
  rows: number,
  first: Float64Array,
  before: Float64Array,
  out: Float64Array,
): void {
  for (let row = 0; row < rows; row++) {
    const value = values[row]!;
    if (Number.isNaN(first[row]!)) first[row] = value;
    out[row] = value - (Number.isNaN(before[row]!) ? first[row]! : before[row]!);
  }
}

function mean(
  values: Float64Array,
  rows: number,
  count: Float64Array,
  sum: Float64Array,
  fullCount: Float64Array,
  fullSum: Float64Array,
  out: Float64Array,
): void {
  for (let row = 0; row < rows; row++) {
    const value = values[row]!;
    if (!Number.isNaN(value)) {
      count[row]! += 1;
      sum[row]! += value;
    }
    // nothing over nothing is NaN
    out[row] = (fullSum[row]! + sum[row]!) / (fullCount[row]! + count[row]!);
  }
}

function spread(
  values: Float64Array,
  rows: number,
  { count, sum }: Sums,
  { count: fullCount, sum: fullSum, squares: fullSquares }: Sums,
  squares: Float64Array,
  out: Float64Array,
): void {
  for (let row = 0; row < rows; row++) {
    const value = values[row]!;
    if (!Number.isNaN(value)) {
      count[row]! += 1;
      sum[row]! += value;
      squares[row]! += value * value;
    }
    const n = fullCount[row]! + count[row]!;
    const middle = (fullSum[row]! + sum[row]!) / n;
    const square = (fullSquares[row]! + squares[row]!) / n - middle * middle;
    out[row] = Math.sqrt(square < 0 ? 0 : square);
  }
}

/** @param sign 1 for the least, −1 for the most */
function bound(
  values: Float64Array,
  rows: number,
  sign: number,
  extreme: Float64Array,
  before: Float64Array,
  out: Float64Array,
): void {
  for (let row = 0; row < rows; row++) {
    const value = sign * values[row]!;
    let least = extreme[row]!;
    if (value < least) {
      least = value;
      extreme[row] = value;
    }
    if (before[row]! < least) least = before[row]!;
    out[row] = least === Number.POSITIVE_INFINITY ? Number.NaN : sign * least;
  }
}

function emptySums(how: Windowing, rows: number): Sums {
  const none = new Float64Array(0);
  const sums: Sums = { first: none, count: none, sum: none, squares: none, extreme: none };
  growSums(sums, how, rows);
  return sums;
}

function growSums(sums: Sums, how: Windowing, rows: number): void {
  for (const key of KEPT[how]) sums[key] = wider(sums[key], rows, NOTHING[key]);
}

function clear(sums: Sums, how: Windowing): void {
  for (const key of KEPT[how]) sums[key].fill(NOTHING[key]);
}

function wider(column: Float64Array, rows: number, rest: number): Float64Array {
  const grown = new Float64Array(rows).fill(rest);
  grown.set(column);
  return grown;
}
