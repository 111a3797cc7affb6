import { DATA_FAULTS, type DataFault } from '#twin/wire/api.ts';

export interface FaultEntry {
  time: number;
  station: string;
  fault: DataFault;
  detail: string;
}

const RECENT = 200;
/** One line per station and kind of fault in this time: a broken gateway must not push the others off the page. */
const QUIET_MS = 10_000;
/** Bounded against invented node ids. */
const MOST_STATIONS = 20_000;

const LONGEST_DETAIL = 300;

/** A copy, since a part of a string keeps the whole of it in memory: a name may be megabytes long. */
const short = (detail: string): string =>
  detail.length <= LONGEST_DETAIL ? detail : Buffer.from(detail.slice(0, LONGEST_DETAIL)).toString();

/** Counts what is wrong with what arrives, by kind and by station, and keeps the newest as examples. */
export class FaultLog {
  readonly totals = Object.fromEntries(DATA_FAULTS.map((fault) => [fault, 0])) as Record<DataFault, number>;
  readonly byStation = new Map<string, number>();
  private readonly recent: FaultEntry[] = [];
  private readonly lastShown = new Map<string, number>();
  private readonly now: () => number;

  constructor(now: () => number) {
    this.now = now;
  }

  count(fault: DataFault, station: string, detail: string): void {
    this.totals[fault]++;
    if (station && fault !== 'rebirthRequested') this.countFor(station);
    const key = `${fault} ${station}`;
    const time = this.now();
    if (time - (this.lastShown.get(key) ?? 0) < QUIET_MS) return;
    if (this.lastShown.size > MOST_STATIONS) this.lastShown.clear();
    this.lastShown.set(key, time);
    this.recent.push({ time, station, fault, detail: short(detail) });
    if (this.recent.length > RECENT) this.recent.shift();
  }

  private countFor(station: string): void {
    const known = this.byStation.get(station);
    if (known !== undefined || this.byStation.size < MOST_STATIONS)
      this.byStation.set(station, (known ?? 0) + 1);
  }

  newest(): FaultEntry[] {
    return [...this.recent].reverse();
  }
}
