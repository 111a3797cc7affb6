import type { Database } from '../database/database.ts';
import type { Missed } from './lateArrivals.ts';

/** The stretches that wait to be looked at, kept in the database: they outlive the server. */
export class LateStretches {
  private readonly database: Database;
  private written = '[]';

  constructor(database: Database) {
    this.database = database;
  }

  /** What waited when the last server ended. */
  async load(): Promise<Missed[]> {
    const { rows } = await this.database.query<Record<'station' | 'from_time' | 'to_time', string>>(
      'SELECT station, from_time, to_time FROM late_stretch ORDER BY station, from_time',
    );
    const all = rows.map(({ station, from_time, to_time }) => ({
      station,
      from: Number(from_time),
      to: Number(to_time),
    }));
    this.written = JSON.stringify(all);
    return all;
  }

  /**
   * Writes all that waits, when it is not what was written last. The table is emptied each time: the embedded
   * database does not vacuum by itself.
   */
  async save(all: readonly Missed[]): Promise<void> {
    const text = JSON.stringify(all);
    if (text === this.written) return;
    await this.database.transaction(async (query) => {
      await query('TRUNCATE late_stretch');
      await query(
        `INSERT INTO late_stretch SELECT station, "from", "to"
         FROM jsonb_to_recordset($1::jsonb) AS given (station text, "from" bigint, "to" bigint)`,
        [text],
      );
    }, 'background');
    this.written = text;
  }
}
