import type { Database } from '../database/database.ts';
import { type ClockStep, FUTURE_MS, StationClock } from './stationClock.ts';

/** The clocks that are or were ahead, by station id. They are kept, so that a replay after a restart finds them. */
export class Clocks {
  private readonly byStation = new Map<number, StationClock>();
  private readonly changed = new Set<number>();
  private saving: Promise<void> | undefined;

  static async load(database: Database): Promise<Clocks> {
    const clocks = new Clocks();
    const { rows } = await database.query<{ station: number; steps: ClockStep[] }>(
      'SELECT station, steps FROM station_clock',
    );
    for (const { station, steps } of rows) clocks.byStation.set(station, new StationClock(steps));
    return clocks;
  }

  /** Looks at the newest time that the live values of a message state (ms since epoch). */
  hears(station: number, stated: number, now: number): void {
    let clock = this.byStation.get(station);
    if (!clock) {
      if (!(stated > now + FUTURE_MS)) return;
      clock = new StationClock();
      this.byStation.set(station, clock);
    }
    if (clock.hears(stated, now)) this.changed.add(station);
  }

  of(station: number): StationClock | undefined {
    return this.byStation.get(station);
  }

  /** Whether something is not kept yet. Frames moved by it must not be durable before it is. */
  get unsaved(): boolean {
    return this.changed.size > 0 || this.saving !== undefined;
  }

  /** Writes what has changed; what cannot be written is tried at the next call. Who calls meanwhile shares the write. */
  save(database: Pick<Database, 'query'>): Promise<void> {
    this.saving ??= this.write(database).finally(() => {
      this.saving = undefined;
    });
    return this.saving;
  }

  private async write(database: Pick<Database, 'query'>): Promise<void> {
    const stations = [...this.changed];
    this.changed.clear();
    const rows = stations.map((station) => ({ station, steps: this.byStation.get(station)!.steps }));
    try {
      await database.query(
        `INSERT INTO station_clock (station, steps)
         SELECT (row->>'station')::int, row->'steps' FROM jsonb_array_elements($1::jsonb) AS row
         ON CONFLICT (station) DO UPDATE SET steps = excluded.steps`,
        [JSON.stringify(rows)],
        'ingest',
      );
    } catch (error) {
      for (const station of stations) this.changed.add(station);
      throw error;
    }
  }
}
