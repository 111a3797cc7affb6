/** A silence of a station; open while `to` is null. */
export interface Gap {
  station: string;
  from: number;
  to: number | null;
}

const KEPT = 2000;

/** Silences longer than two reporting intervals, found by a sweep over the stations. */
export class GapLog {
  readonly byStation = new Map<string, number>();
  private readonly open = new Map<string, Gap>();
  private readonly closed: Gap[] = [];

  /** The station is silent since `from`. */
  begin(station: string, from: number): void {
    if (this.open.has(station)) return;
    this.open.set(station, { station, from, to: null });
    this.byStation.set(station, (this.byStation.get(station) ?? 0) + 1);
  }

  /** The station is heard again. */
  end(station: string, to: number): void {
    const gap = this.open.get(station);
    if (!gap) return;
    this.open.delete(station);
    this.closed.push({ ...gap, to });
    if (this.closed.length > KEPT) this.closed.shift();
  }

  newest(count: number): Gap[] {
    return [...this.open.values(), ...this.closed].sort((a, b) => b.from - a.from).slice(0, count);
  }
}
