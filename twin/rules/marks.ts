import type { PointScope } from '#twin/catalogue/definition.ts';
import { AS_BEFORE, type Flag, type FlagColumn, flagsOncePerLook, type Look } from './look.ts';

/** Another answer than no. */
type Marked = Exclude<(typeof Flag)[keyof typeof Flag], typeof Flag.no>;

/**
 * Flags of a fleet that are no but for a few rows, as silent stations are a few: the few are listed at every look, in an order
 * that depends on nothing else, and all rows are written only when they are others than before.
 */
export class Marks {
  private readonly rows: number[] = [];
  private readonly flags: number[] = [];
  private count = 0;
  private before = 0;
  private same = false;
  private written = -1;

  /** What is marked from now on is held against what was marked before. */
  begin(): void {
    this.before = this.count;
    this.count = 0;
    this.same = true;
  }

  mark(row: number, flag: Marked): void {
    const at = this.count++;
    if (this.same && at < this.before && this.rows[at] === row && this.flags[at] === flag) return;
    this.same = false;
    this.rows[at] = row;
    this.flags[at] = flag;
  }

  /** @returns the bits of all flags, as `flagsOncePerLook` asks for */
  write(rows: number, out: Uint8Array): number | typeof AS_BEFORE {
    if (this.same && this.count === this.before && this.written === rows) return AS_BEFORE;
    this.written = rows;
    out.fill(0, 0, rows);
    let some = 0;
    for (let at = 0; at < this.count; at++) {
      out[this.rows[at]!] = this.flags[at]!;
      some |= this.flags[at]!;
    }
    return some;
  }
}

/** An answer that is no but for what is marked, worked out once per look. */
export function marksOncePerLook(depth: PointScope, collect: (look: Look, marks: Marks) => void): FlagColumn {
  const marks = new Marks();
  return flagsOncePerLook(depth, (look, out, rows) => {
    marks.begin();
    collect(look, marks);
    return marks.write(rows, out);
  });
}
