import { startThread } from '../threads.ts';

/** Null: an empty cell. A time has no zone in a spreadsheet: it is shown as its UTC date and hour. */
export type Cell = string | number | Date | null;

export interface Table {
  /** of its sheet, at most 31 characters */
  name: string;
  heads: readonly string[];
  rows: readonly (readonly Cell[])[];
}

/** Fifty thousand rows take seconds and 250 MB. */
const MOST_WAITING = 4;
let waiting = 0;
let before: Promise<unknown> = Promise.resolve();

/** Makes one export after the other, with all that it reads; undefined when too many wait. */
export function inTurn<T>(make: () => Promise<T>): Promise<T> | undefined {
  if (waiting >= MOST_WAITING) return undefined;
  waiting++;
  const made = before.then(make).finally(() => {
    waiting--;
  });
  before = made.catch(() => undefined);
  return made;
}

/**
 * A table as an Office Open XML workbook (.xlsx) of one sheet whose first row stays in sight. Text is text: what looks
 * like a formula is none. Made in a thread of its own, which tens of thousands of rows keep for seconds. Rejects when it
 * fails.
 */
export function workbookOf(table: Table): Promise<Uint8Array> {
  const worker = startThread(new URL('./worker.ts', import.meta.url), table);
  return new Promise((done, fail) => {
    worker.once('message', done);
    worker.once('error', fail);
    worker.once('exit', () => fail(new Error('the thread of a workbook ended')));
  });
}
