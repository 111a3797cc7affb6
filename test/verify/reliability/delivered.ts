import { setTimeout as pause } from 'node:timers/promises';
import type { ProducedStation } from '#test/support/queueRecord.ts';
import { add, type Comparison, emptyComparison } from './compare.ts';

/** A look again after this. */
const AGAIN_MS = 3000;

/**
 * Compares stations until everything is there, or something was still missing at a look that began when the time was up: one
 * look at hours of many stations may take longer than that by itself, and its first stations are seen before they are replayed.
 * A station that is whole is not looked at again.
 *
 * @param look compares one station; rejects while the history does not answer, for instance since its database is not back yet
 */
export async function untilDelivered(
  stations: Iterable<ProducedStation>,
  look: (station: ProducedStation) => Promise<Comparison>,
  patienceMs: number,
  againMs = AGAIN_MS,
): Promise<Comparison> {
  const end = Date.now() + patienceMs;
  const whole = emptyComparison();
  let left = [...stations];
  for (;;) {
    const last = Date.now() >= end;
    const open: { station: ProducedStation; compared: Comparison }[] = [];
    let silent: string | undefined;
    for (const station of left) {
      const compared = silent
        ? unanswered(silent)
        : await look(station).catch((error: Error) => {
            silent = error.message;
            return unanswered(silent);
          });
      if (compared.lost + compared.wrong === 0) add(whole, compared);
      else open.push({ station, compared });
    }
    if (open.length === 0 || last) {
      for (const { compared } of open) add(whole, compared);
      return whole;
    }
    left = open.map(({ station }) => station);
    await pause(againMs);
  }
}

/** A history that does not answer is asked again later. */
const unanswered = (reason: string): Comparison => ({ ...emptyComparison(), lost: 1, examples: [reason] });
