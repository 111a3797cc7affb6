/**
 * The newest values of something, oldest first, in a stretch of a Float32Array: NaN where there is none yet. Values
 * are kept to five digits, so that what is written and read again is the same.
 */

const DIGITS = 5;

/** Puts a value behind the others; the oldest leaves. */
export function remember(all: Float32Array, start: number, end: number, value: number): void {
  all.copyWithin(start, start + 1, end);
  all[end - 1] = Number(value.toPrecision(DIGITS));
}

/** Median of what is known of a stretch; NaN when fewer than `least` are. */
export function median(all: Float32Array, start: number, end: number, least: number): number {
  const count = gather(all, start, end, 0);
  return count < least ? Number.NaN : middle(count);
}

/**
 * Median of how far values lie from `centre`, as the standard deviation that a normal distribution of such a median
 * has (Rousseeuw & Croux 1993); NaN when fewer than `least` are known.
 */
export function spreadAround(
  all: Float32Array,
  start: number,
  end: number,
  centre: number,
  least: number,
): number {
  const count = gather(all, start, end, 0);
  if (count < least) return Number.NaN;
  for (let i = 0; i < count; i++) sorted[i] = Math.abs(sorted[i]! - centre);
  return MAD_TO_SD * middle(count);
}

const MAD_TO_SD = 1.4826;
/** Room to sort in: no stretch is longer. */
const sorted = new Float64Array(64);

/** Copies what is known to the room, from `at`; how many there are then. */
function gather(all: Float32Array, start: number, end: number, at: number): number {
  let count = at;
  for (let i = start; i < end; i++) if (!Number.isNaN(all[i]!)) sorted[count++] = all[i]!;
  return count;
}

function middle(count: number): number {
  // a handful: insertion is quicker than anything with a call
  for (let i = 1; i < count; i++) {
    const value = sorted[i]!;
    let j = i;
    for (; j > 0 && sorted[j - 1]! > value; j--) sorted[j] = sorted[j - 1]!;
    sorted[j] = value;
  }
  const half = count >> 1;
  return count % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
}

export const nothingYet = (length: number): Float32Array => new Float32Array(length).fill(Number.NaN);

/** As plain data: null where there is none. */
export const plain = (all: Float32Array): (number | null)[] =>
  Array.from(all, (value) => (Number.isNaN(value) ? null : Number(value.toPrecision(DIGITS))));

/** What `plain` gave, in a row of `length`; the newest of one that was longer. */
export function fromPlain(given: readonly (number | null)[], length: number): Float32Array {
  const all = nothingYet(length);
  const some = given.slice(-length);
  some.forEach((value, i) => {
    if (value !== null) all[length - some.length + i] = value;
  });
  return all;
}
