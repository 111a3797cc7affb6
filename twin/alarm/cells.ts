import type { Rule } from '#twin/rules/load.ts';
import { Flag } from '#twin/rules/look.ts';

/** Where one rule stands at one station and spot. */
export const Phase = { quiet: 0, rising: 1, standing: 2, falling: 3 } as const;

/** One rule at one spot of all stations of a template, by row. Times in ms. */
export interface Cells {
  phase: Uint8Array;
  /** when the phase began; moves on while the condition is not known */
  since: Float64Array;
  raisedAt: Float64Array;
  /** how many stand or are about to return: while none does nobody asks for the return */
  standing: number;
  /** some cell is not quiet, or may not be */
  busy: boolean;
}

export const emptyCells = (rows: number): Cells => ({
  phase: new Uint8Array(rows),
  since: new Float64Array(rows),
  raisedAt: new Float64Array(rows),
  standing: 0,
  busy: false,
});

export function growCells(cells: Cells, rows: number): Cells {
  if (rows <= cells.phase.length) return cells;
  const wider = emptyCells(rows);
  wider.phase.set(cells.phase);
  wider.since.set(cells.since);
  wider.raisedAt.set(cells.raisedAt);
  wider.standing = cells.standing;
  wider.busy = cells.busy;
  return wider;
}

/** What became of the cells of a step: rows, in order. */
export interface Turns {
  /** the condition has held for its delay */
  raised: number[];
  /** the return has held for its delay */
  cleared: number[];
}

/**
 * Moves the cells of a rule to `now`: on-delay, off-delay and minimum hold. What is not known neither counts
 * for nor against: a delay waits. A row that `waits` is not raised yet: its cause may be on its way.
 * @param when the rule's condition by row
 * @param clear what its return asks for beside the end of `when`; null when nothing, or when nothing stands
 * @param elapsed ms since the last step
 */
export function stepCells(
  cells: Cells,
  { onDelay, offDelay, hold }: Pick<Rule, 'onDelay' | 'offDelay' | 'hold'>,
  when: Uint8Array,
  clear: Uint8Array | null,
  rows: number,
  now: number,
  elapsed: number,
  waits: (row: number) => boolean,
): Turns {
  const { phase, since, raisedAt } = cells;
  const turns: Turns = { raised: [], cleared: [] };
  let busy = false;
  for (let row = 0; row < rows; row++) {
    const holds = when[row]!;
    // nearly every cell, nearly always
    if (phase[row] === Phase.quiet && holds !== Flag.yes) continue;
    busy = true;
    if (phase[row]! <= Phase.rising) {
      if (phase[row] === Phase.quiet) enter(cells, row, Phase.rising, now);
      if (holds === Flag.no) phase[row] = Phase.quiet;
      else if (holds === Flag.unknown) since[row]! += elapsed;
      else if (now - since[row]! >= onDelay && !waits(row)) {
        enter(cells, row, Phase.standing, now);
        raisedAt[row] = now;
        cells.standing++;
        turns.raised.push(row);
      }
      continue;
    }
    const returned = returns(holds, clear ? clear[row]! : Flag.yes);
    if (phase[row] === Phase.standing && returned === Flag.yes) enter(cells, row, Phase.falling, now);
    if (phase[row] !== Phase.falling) continue;
    if (returned === Flag.no) enter(cells, row, Phase.standing, now);
    else if (returned === Flag.unknown) since[row]! += elapsed;
    else if (now - since[row]! >= offDelay && now - raisedAt[row]! >= hold) {
      phase[row] = Phase.quiet;
      cells.standing--;
      turns.cleared.push(row);
    }
  }
  cells.busy = busy;
  return turns;
}

/** `clear and not when` after Kleene: what returned while its condition holds would be raised anew for ever. */
function returns(holds: number, clear: number): number {
  if (holds === Flag.yes || clear === Flag.no) return Flag.no;
  return holds === Flag.unknown ? holds : clear;
}

function enter({ phase, since }: Cells, row: number, next: number, now: number): void {
  phase[row] = next;
  since[row] = now;
}
