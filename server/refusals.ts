import { REFUSALS, type Refusal } from '#twin/wire/api.ts';

/** Counts what was turned away at the doors, by kind. */
export class RefusalLog {
  readonly totals = Object.fromEntries(REFUSALS.map((kind) => [kind, 0])) as Record<Refusal, number>;

  count(refusal: Refusal): void {
    this.totals[refusal]++;
  }
}
