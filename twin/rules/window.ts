import type { Windowing } from './condition.ts';

/** Parts of a window: what leaves it leaves in steps of a twelfth. */
const PARTS = 12;

/**
 * Values of a window that a mean, a spread or a change is made of: a window of an hour takes one every 25 s. More
 * would say no more; the least and the most take every one.
 */
const SAMPLES = 12 * PARTS;

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

/** What a window knows of its rows, as plain data. The oldest part comes last; each holds itself and all younger ones. */
export interface WindowMemory {
  parts: readonly Part[];
  begun: Float64Array;
  seen: Float64Array;
}

/**
 * The last `seconds` of one value per row, in twelve parts. Nothing is known of a row before its values reach back
 * over the whole window; unknown values are left out.
 *
 * Full parts are summed up by two stacks, two joins when a part is full instead of twelve ("two-stacks" of K. Tangwongsan,
 * M. Hirzel, S. Schneider, K.-L. Wu, General incremental sliding-window aggregation, VLDB 2015): each part of the front
 * holds itself and all younger ones of the front, what came after is summed up beside it.
 */
export class Window {
  private readonly partMs: number;
  private readonly sampleMs: number;
  private sample = Number.NEGATIVE_INFINITY;
  /** the newest, which fills */
  private open: Part;
  /** the oldest last */
  private readonly front: Part[] = [];
  /** the oldest first */
  private readonly back: Part[] = [];
  private readonly backSum: Sums;
  /** of all parts within the window but the newest */
  private readonly full: Sums;
  private readonly spare: Part[];
  /** when a row's values began without a gap, and the last stretch it had one */
  private begun: Float64Array;
  private seen: Float64Array;
  /** when the last row's values began; infinite while one has none */
  private allBegun = Number.POSITIVE_INFINITY;
  /** rows that all have a value in this stretch */
  private followed = 0;
  /** of the values taken last: a change is up to them */
  private last = new Float64Array(0);
  private time = Number.NaN;

  /** @param phase share of a sample's length by which it is taken later: not all windows take theirs at one look */
  constructor(
    private readonly how: Windowing,
    private readonly seconds: number,
    rows: number,
    private readonly phase = 0,
  ) {
    this.partMs = (seconds * 1000) / PARTS;
    this.sampleMs = how === 'min' || how === 'max' ? 0 : (seconds * 1000) / SAMPLES;
    // one more than the window has: the oldest leaves while the newest fills; all of them now, so that memory stays flat
    this.spare = Array.from({ length: PARTS }, () => newPart(how, rows));
    this.open = newPart(how, rows);
    this.backSum = emptySums(how, rows);
    this.full = emptySums(how, rows);
    this.begun = new Float64Array(rows).fill(Number.NaN);
    this.seen = new Float64Array(rows).fill(Number.NEGATIVE_INFINITY);
  }

  /** Makes room for more rows; what is known stays. */
  grow(rows: number): void {
    if (rows <= this.begun.length) return;
    this.begun = wider(this.begun, rows, Number.NaN);
    this.seen = wider(this.seen, rows, Number.NEGATIVE_INFINITY);
    for (const { sums } of [this.open, ...this.front, ...this.back, ...this.spare])
      growSums(sums, this.how, rows);
    growSums(this.backSum, this.how, rows);
    growSums(this.full, this.how, rows);
  }

  /** Whether a value is to be taken at an instant, not before the last. */
  isDue(now: number): boolean {
    return this.sampleMs === 0 || Math.floor(now / this.sampleMs - this.phase) !== this.sample;
  }

  /** Takes the values of an instant, not before the last. */
  take(values: Float64Array, rows: number, now: number): void {
    this.time = now;
    if (this.sampleMs > 0) this.sample = Math.floor(now / this.sampleMs - this.phase);
    const stretch = Math.floor(now / this.partMs);
    if (stretch !== this.open.stretch) this.turn(stretch, rows);
    if (this.followed !== rows) this.follow(values, rows, now, stretch);
    const { first, count, sum, squares, extreme } = this.open.sums;
    switch (this.how) {
      case 'change':
        if (this.last.length < rows) this.last = new Float64Array(this.begun.length);
        takeFirst(values, rows, first, this.last);
        break;
      case 'mean':
        takeSum(values, rows, count, sum);
        break;
      case 'sd':
        takeSquares(values, rows, count, sum, squares);
        break;
      default:
        takeExtreme(values, rows, this.how === 'min' ? 1 : -1, extreme);
    }
  }

  /** Writes what the window says after what was taken last. */
  say(rows: number, out: Float64Array): void {
    const { open, full, how, begun, time, seconds } = this;
    switch (how) {
      case 'change':
        sayChange(this.last, rows, open.sums.first, full.first, out);
        break;
      case 'mean':
        sayMean(rows, open.sums, full, out);
        break;
      case 'sd':
        saySpread(rows, open.sums, full, out);
        break;
      default:
        sayExtreme(rows, how === 'min' ? 1 : -1, open.sums.extreme, full.extreme, out);
    }
    const reaches = time - seconds * 1000;
    if (this.followed === rows && this.allBegun <= reaches) return;
    for (let row = 0; row < rows; row++) if (!(begun[row]! <= reaches)) out[row] = Number.NaN;
  }

  /** What is known of the first rows. */
  memory(rows: number): WindowMemory {
    const { how, open, front, back } = this;
    const before = (part: Part, younger?: Part): Part => {
      const sums = emptySums(how, rows);
      for (const key of KEPT[how]) sums[key].set(part.sums[key].subarray(0, rows));
      if (younger) join(how, sums, younger.sums, rows);
      return { stretch: part.stretch, sums };
    };
    const parts = [before(open)];
    for (const part of back.toReversed()) parts.push(before(part, parts.at(-1)));
    const younger = parts.at(-1);
    for (const part of front) parts.push(before(part, younger));
    return { parts, begun: this.begun.slice(0, rows), seen: this.seen.slice(0, rows) };
  }

  /**
   * Takes over what another window knew of rows until this one began to take their values.
   * @param rows for each row of the memory the one here, which nothing was taken over for; −1: none
   */
  recall({ parts, begun, seen }: WindowMemory, rows: readonly number[]): void {
    const oldest = this.open.stretch - PARTS;
    const within = parts.filter(({ stretch }) => stretch >= oldest);
    for (const { stretch } of within) this.makeFront(stretch);
    rows.forEach((row, from) => {
      if (row < 0 || Number.isNaN(begun[from]!)) return;
      const next = Math.floor(this.begun[row]! / this.partMs);
      // after a gap longer than the window it had begun anew
      if (seen[from]! < next - PARTS) return;
      if (Number.isNaN(next)) this.seen[row] = seen[from]!;
      this.begun[row] = begun[from]!;
      for (const { stretch, sums } of this.front) {
        const known = within.findLast((part) => part.stretch >= stretch);
        if (known) for (const key of KEPT[this.how]) sums[key][row] = known.sums[key][from]!;
      }
    });
    this.sumUp(this.begun.length);
    this.followed = 0;
  }

  /** A full part of a stretch, of which nothing is known yet. */
  private makeFront(stretch: number): void {
    const { front, how } = this;
    const place = front.findIndex((part) => part.stretch <= stretch);
    if (front[place]?.stretch === stretch) return;
    const at = place < 0 ? front.length : place;
    const made = this.takeSpare(stretch);
    const younger = front[at - 1];
    if (younger) join(how, made.sums, younger.sums, this.begun.length);
    front.splice(at, 0, made);
  }

  private takeSpare(stretch: number): Part {
    const part = this.spare.pop() ?? newPart(this.how, this.begun.length);
    clear(part.sums, this.how);
    part.stretch = stretch;
    return part;
  }

  /** Of all full parts: the oldest of the front holds all of the front. */
  private sumUp(rows: number): void {
    const { front, full, how } = this;
    for (const key of KEPT[how]) {
      const known = front.at(-1)?.sums[key];
      if (known) full[key].set(known);
      else full[key].fill(NOTHING[key]);
    }
    join(how, full, this.backSum, rows);
  }

  /** Since when rows have values: after a gap longer than the window they begin anew. */
  private follow(values: Float64Array, rows: number, now: number, stretch: number): void {
    const { begun, seen } = this;
    const oldest = stretch - PARTS;
    let latest = Number.NEGATIVE_INFINITY;
    let all = true;
    for (let row = 0; row < rows; row++) {
      if (seen[row] !== stretch) {
        if (Number.isNaN(values[row]!)) {
          all = false;
          continue;
        }
        if (!(seen[row]! >= oldest)) begun[row] = now;
        seen[row] = stretch;
      }
      if (begun[row]! > latest) latest = begun[row]!;
    }
    this.followed = all ? rows : 0;
    this.allBegun = latest;
  }

  /** The newest part is full, or time has gone over several. */
  private turn(stretch: number, rows: number): void {
    const { open, front, back, backSum, spare, how } = this;
    const oldest = stretch - PARTS;
    if (open.stretch === Number.NEGATIVE_INFINITY) spare.push(open);
    else {
      back.push(open);
      join(how, backSum, open.sums, rows);
    }
    while (front.length > 0 && front.at(-1)!.stretch < oldest) spare.push(front.pop()!);
    if (front.length === 0 && back.length > 0 && back[0]!.stretch < oldest) {
      // what came after becomes the front
      while (back.length > 0) {
        const part = back.pop()!;
        if (part.stretch < oldest) {
          spare.push(part);
          continue;
        }
        const younger = front.at(-1);
        if (younger) join(how, part.sums, younger.sums, rows);
        front.push(part);
      }
      clear(backSum, how);
    }
    this.sumUp(rows);
    this.open = this.takeSpare(stretch);
    this.followed = 0;
  }
}

const newPart = (how: Windowing, rows: number): Part => ({
  stretch: Number.NEGATIVE_INFINITY,
  sums: emptySums(how, rows),
});

function join(how: Windowing, all: Sums, later: Sums, rows: number): void {
  for (const key of KEPT[how]) JOIN[key](all[key], later[key], rows);
}

/** How a later part is added to those before it. */
const JOIN: Readonly<Record<Kept, (all: Float64Array, later: Float64Array, rows: number) => void>> = {
  first: (all, later, rows) => {
    for (let row = 0; row < rows; row++) if (Number.isNaN(all[row]!)) all[row] = later[row]!;
  },
  count: addTo,
  sum: addTo,
  squares: addTo,
  extreme: (all, later, rows) => {
    for (let row = 0; row < rows; row++) if (later[row]! < all[row]!) all[row] = later[row]!;
  },
};

function addTo(all: Float64Array, later: Float64Array, rows: number): void {
  for (let row = 0; row < rows; row++) all[row]! += later[row]!;
}

// Plain functions of plain arrays: what an object holds is read anew for every row.

function takeFirst(values: Float64Array, rows: number, first: Float64Array, last: Float64Array): void {
  for (let row = 0; row < rows; row++) {
    const value = values[row]!;
    if (Number.isNaN(first[row]!)) first[row] = value;
    last[row] = value;
  }
}

function sayChange(
  last: Float64Array,
  rows: number,
  first: Float64Array,
  before: Float64Array,
  out: Float64Array,
): void {
  for (let row = 0; row < rows; row++)
    out[row] = last[row]! - (Number.isNaN(before[row]!) ? first[row]! : before[row]!);
}

function takeSum(values: Float64Array, rows: number, count: Float64Array, sum: Float64Array): void {
  for (let row = 0; row < rows; row++) {
    const value = values[row]!;
    if (Number.isNaN(value)) continue;
    count[row]! += 1;
    sum[row]! += value;
  }
}

function sayMean(rows: number, { count, sum }: Sums, full: Sums, out: Float64Array): void {
  const { count: fullCount, sum: fullSum } = full;
  // nothing over nothing is NaN
  for (let row = 0; row < rows; row++)
    out[row] = (fullSum[row]! + sum[row]!) / (fullCount[row]! + count[row]!);
}

function takeSquares(
  values: Float64Array,
  rows: number,
  count: Float64Array,
  sum: Float64Array,
  squares: Float64Array,
): void {
  for (let row = 0; row < rows; row++) {
    const value = values[row]!;
    if (Number.isNaN(value)) continue;
    count[row]! += 1;
    sum[row]! += value;
    squares[row]! += value * value;
  }
}

function saySpread(rows: number, { count, sum, squares }: Sums, full: Sums, out: Float64Array): void {
  const { count: fullCount, sum: fullSum, squares: fullSquares } = full;
  for (let row = 0; row < rows; row++) {
    const n = fullCount[row]! + count[row]!;
    const middle = (fullSum[row]! + sum[row]!) / n;
    const square = (fullSquares[row]! + squares[row]!) / n - middle * middle;
    out[row] = Math.sqrt(square < 0 ? 0 : square);
  }
}

/** @param sign 1 for the least, −1 for the most */
function takeExtreme(values: Float64Array, rows: number, sign: number, extreme: Float64Array): void {
  for (let row = 0; row < rows; row++) {
    const value = sign * values[row]!;
    if (value < extreme[row]!) extreme[row] = value;
  }
}

function sayExtreme(
  rows: number,
  sign: number,
  extreme: Float64Array,
  before: Float64Array,
  out: Float64Array,
): void {
  for (let row = 0; row < rows; row++) {
    const least = before[row]! < extreme[row]! ? before[row]! : extreme[row]!;
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
