import type { Look, NumberColumn } from './look.ts';
import type { Window, WindowMemory } from './window.ts';

/** What a window says of all rows. */
export interface WindowColumn extends NumberColumn {
  readonly window: Window;
  /** Takes what the look shows, if that is due and was not done yet. */
  take(look: Look): void;
  /** Takes over what another knew, see `Window.recall`; `all`: rows that there are. */
  recall(memory: WindowMemory, rows: readonly number[], all: number): void;
}

/** @param of what the window is over */
export function windowColumn(window: Window, of: NumberColumn): WindowColumn {
  let looked: Look | null = null;
  let out = new Float64Array(0);
  /** rows that it has said since it took the last value: it says the same until it takes more */
  let said = 0;
  const take = (look: Look): void => {
    if (looked === look) return;
    looked = look;
    const rows = look.fleet.rows[of.depth];
    window.grow(rows);
    if (!window.isDue(look.now)) return;
    window.take(of(look), rows, look.now);
    said = 0;
  };
  const say = (look: Look): Float64Array => {
    take(look);
    const rows = look.fleet.rows[of.depth];
    if (said === rows) return out;
    if (out.length < rows) out = new Float64Array(rows);
    window.say(rows, out);
    said = rows;
    made.version++;
    return out;
  };
  const recall = (memory: WindowMemory, rows: readonly number[], all: number): void => {
    window.grow(all);
    window.recall(memory, rows);
    said = 0;
  };
  const made = Object.assign(say, { window, take, recall, depth: of.depth, version: 0 });
  return made;
}
