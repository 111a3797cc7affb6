import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import type { SavedBaseline } from '#twin/baseline/station.ts';
import type { Database } from '../database/database.ts';

const [pack, unpack] = [promisify(gzip), promisify(gunzip)];

/** What a restart goes on from. */
export interface StoredBaselines {
  baselines: Map<string, SavedBaseline>;
  /** the last round, and which stations it has */
  round: number;
  done: Set<string>;
}

/** A statement must not hold the embedded database for long. */
const ROWS_AT_ONCE = 100;

/** Baselines in the database. */
export class BaselineStore {
  private readonly database: Database;

  constructor(database: Database) {
    this.database = database;
  }

  async load(): Promise<StoredBaselines> {
    const stored: StoredBaselines = { baselines: new Map(), round: 0, done: new Set() };
    const rounds = new Map<string, number>();
    for (const table of [0, 1]) {
      for (let after = ''; ; ) {
        const { rows } = await this.database.query<{ station: string; round: string; data: Buffer }>(
          `SELECT station, round, data FROM baseline_${table} WHERE station > $1 ORDER BY station LIMIT ${ROWS_AT_ONCE}`,
          [after],
        );
        for (const { station, round: text, data } of rows) {
          const round = Number(text);
          if (round > stored.round) {
            stored.round = round;
            stored.done.clear();
          }
          if (round === stored.round) stored.done.add(station);
          if (round <= (rounds.get(station) ?? 0)) continue;
          rounds.set(station, round);
          stored.baselines.set(station, JSON.parse((await unpack(data)).toString()) as SavedBaseline);
        }
        if (rows.length < ROWS_AT_ONCE) break;
        after = rows.at(-1)!.station;
      }
    }
    return stored;
  }

  /** Empties the table of a round, which holds the round before the last. */
  async begin(round: number): Promise<void> {
    await this.database.query(`TRUNCATE baseline_${round % 2}`, [], 'background');
  }

  /** Writes some stations; those that are there already are written over. */
  async save(
    round: number,
    some: readonly (readonly [station: string, baseline: SavedBaseline])[],
  ): Promise<void> {
    for (let from = 0; from < some.length; from += ROWS_AT_ONCE) {
      const rows = some.slice(from, from + ROWS_AT_ONCE);
      const packed = await Promise.all(rows.map(([, baseline]) => pack(JSON.stringify(baseline))));
      await this.database.query(
        `INSERT INTO baseline_${round % 2} (station, round, data)
         SELECT station, $2, data FROM unnest($1::text[], $3::bytea[]) AS given (station, data)
         ON CONFLICT (station) DO UPDATE SET round = excluded.round, data = excluded.data`,
        [rows.map(([station]) => station), round, packed],
        'background',
      );
    }
  }
}
