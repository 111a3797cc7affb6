import { DAY, MINUTE, SECOND } from '#twin/units.ts';

/** A stretch of a station's time that was not seen when it was, ms since epoch. */
export interface Missed {
  station: string;
  from: number;
  to: number;
}

interface Arriving extends Missed {
  /** when the first of it came, and the last */
  begun: number;
  last: number;
}

/** Nothing more for so long: all has come. */
const QUIET = MINUTE;
/** What comes without end is looked at in between. */
const LONGEST_ARRIVAL = 30 * MINUTE;
/** A gateway sends the last two minutes again whenever its connection was lost: that was seen. */
const SHORTEST = 3 * MINUTE;
/** Of an absence of weeks the last day is looked at. */
const LONGEST = DAY;

/** What is replayed together: a whole city that was cut off comes back at once. */
const AT_ONCE = 25;
const BESIDE = 10 * MINUTE;

/** Which stretches of which stations arrive late, and which of them have arrived. */
export class LateArrivals {
  private readonly arriving = new Map<string, Arriving>();

  /** Late values of a station, of a time between `from` and `to`, have come `now`. */
  note(station: string, from: number, to: number, now: number): void {
    const known = this.arriving.get(station);
    if (!known) {
      this.arriving.set(station, { station, from, to, begun: now, last: now });
      return;
    }
    known.from = Math.min(known.from, from);
    known.to = Math.max(known.to, to);
    known.last = now;
  }

  /** Every stretch that has not been taken. */
  waiting(): Missed[] {
    return [...this.arriving.values()].map(({ station, from, to }) => ({ station, from, to }));
  }

  /** Stretches that have arrived and lie beside each other in time, each once; none when none has. */
  takeArrived(now: number): Missed[] {
    const found: Missed[] = [];
    for (const { station, from, to, begun, last } of this.arriving.values()) {
      if (now - last < QUIET && now - begun < LONGEST_ARRIVAL) continue;
      const missed = { station, from: Math.max(from, to - LONGEST), to: to + SECOND };
      const [first] = found;
      if (first && Math.max(Math.abs(first.from - missed.from), Math.abs(first.to - missed.to)) > BESIDE)
        continue;
      this.arriving.delete(station);
      if (to - from >= SHORTEST) found.push(missed);
      if (found.length === AT_ONCE) break;
    }
    return found;
  }
}
