import { OVERVIEW_COLUMNS, StationFlag, StationState } from '#twin/overview/columns.ts';
import { fillOverviewRow, hasBadData, readRow } from '#twin/overview/row.ts';
import { stationState, sweepStale } from '#twin/state/freshness.ts';
import { emptySheet, type Sheet } from '#twin/wire/sheet.ts';
import type { GapLog } from '../ingest/gaps.ts';
import type { RegisteredStation, Registry } from '../registry/registry.ts';

/** The city's sheet, kept up to date row by row: a row is filled again when its station changed or grew old. */
export class Overview {
  sheet: Sheet = emptySheet(0, OVERVIEW_COLUMNS.length);
  readonly counts = { live: 0, stale: 0, offline: 0, never: 0 };
  private dirty = new Uint8Array(0);
  private states = new Uint8Array(0);
  private readonly registry: Registry;
  private readonly gaps: GapLog;
  private readonly interval: number;

  constructor(registry: Registry, gaps: GapLog, interval: number) {
    this.registry = registry;
    this.gaps = gaps;
    this.interval = interval;
    this.resize();
  }

  /** The list of stations changed. */
  resize(): void {
    const rows = this.registry.stations.length;
    if (rows === this.sheet.rows) return;
    this.sheet = emptySheet(rows, OVERVIEW_COLUMNS.length);
    this.dirty = new Uint8Array(rows).fill(1);
    this.states = new Uint8Array(rows);
  }

  touch(station: RegisteredStation): void {
    this.dirty[station.overviewRow] = 1;
  }

  /** Fills the rows that changed since the last call. */
  refresh(now: number): void {
    for (let row = 0; row < this.dirty.length; row++) {
      if (this.dirty[row] === 0) continue;
      this.dirty[row] = 0;
      const station = this.registry.stations[row]!;
      const { columns, row: place } = station.place;
      fillOverviewRow(this.sheet.values, row, columns.template, readRow(columns, place), {
        state: stationState(columns, place, { interval: this.interval, now }),
        lastMessage: columns.lastMessage[place]!,
        tankHeight: station.station.tank?.height ?? Number.NaN,
        extraFlags: hasBadData(columns, place) ? StationFlag.badData : 0,
      });
    }
  }

  /** Once a second: marks what grew stale, opens and closes gaps, counts states. */
  sweep(now: number): void {
    const freshness = { interval: this.interval, now };
    for (const columns of this.registry.state.byTemplate.values()) sweepStale(columns, freshness);
    Object.assign(this.counts, { live: 0, stale: 0, offline: 0, never: 0 });
    for (let row = 0; row < this.registry.stations.length; row++) {
      const { place, code } = this.registry.stations[row]!;
      const state = stationState(place.columns, place.row, freshness);
      const last = place.columns.lastMessage[place.row]!;
      if (state === StationState.live) this.counts.live++;
      else if (state === StationState.stale) this.counts.stale++;
      else if (state === StationState.offline) this.counts.offline++;
      else this.counts.never++;
      if (state === this.states[row]) continue;
      if (state === StationState.live) this.gaps.end(code, last);
      else if (last > 0) this.gaps.begin(code, last);
      this.states[row] = state;
      this.dirty[row] = 1;
    }
  }
}
