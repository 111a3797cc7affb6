/** Zeros that a wider panel may store, for each of its columns. */
const slack = 2;
/** Panels with fewer rows below cost more than they save. */
const leastRows = 6;
/** Single columns that are eliminated by one call. */
const mostSingles = 64;

interface Panel {
  /** its columns, `first … last` */
  first: number;
  last: number;
  /** columns eliminated together: 1, 2 or 4 */
  width: number;
}

/**
 * A symmetric matrix and its LDLᵀ factorisation as straight lists: for every column the rows below the
 * diagonal, and for every panel of columns the places that its elimination updates. Found once per topology
 * (George and Liu, Computer Solution of Large Sparse Positive Definite Systems, 1981, chapter 5; panels of columns
 * of one structure: Ng and Peyton, Block sparse Cholesky algorithms on advanced uniprocessor computers, 1993).
 */
export interface Factor {
  size: number;
  /** column j owns entries `start[j] … start[j+1]` */
  start: Int32Array;
  row: Int32Array;
  panels: Panel[];
  /** in the order in which elimination visits pairs of rows below a panel */
  target: Int32Array;
}

/**
 * Groups neighbouring columns of (nearly) one structure into panels of two or four: each column but the last
 * has the next as its parent in the elimination tree, and stores zeros where only later ones have entries. Columns
 * between them are gathered in panels of width one.
 *
 * @param columns rows below the diagonal of each column, ascending, in postorder
 */
export function panelsOf(columns: readonly Int32Array[]): Panel[] {
  const panels: Panel[] = [];
  for (let j = 0; j < columns.length; ) {
    const width = widthAt(columns, j);
    const before = panels.at(-1);
    if (width === 1 && before?.width === 1 && before.last - before.first < mostSingles) before.last++;
    else panels.push({ first: j, last: j + width, width });
    j += width;
  }
  return panels;
}

function widthAt(columns: readonly Int32Array[], first: number): number {
  let width = 1;
  let stored = columns[first]!.length;
  for (let k = first + 1; k < Math.min(columns.length, first + 4) && columns[k - 1]![0] === k; k++) {
    const rows = columns[k]!.length;
    if (rows < leastRows) break;
    stored += rows;
    const wide = k - first + 1;
    const zeros = wide * rows + (wide * (wide - 1)) / 2 - stored;
    if (zeros > slack * wide) break;
    width = wide;
  }
  return width === 3 ? 2 : width;
}
