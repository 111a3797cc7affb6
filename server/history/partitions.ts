import type { Database } from '#server/database/database.ts';
import { PARTITION, partitionOf } from './seal.ts';

/** How much a partition holds. */
export interface PartitionSize {
  start: number;
  values: number;
  /** of its chunks with their indexes, and of its sheets */
  chunkBytes: number;
  otherBytes: number;
}

/** The six-hour partitions of chunks and overview sheets: made when first needed, dropped when too old. */
export class Partitions {
  private readonly database: Database;
  private known = new Set<number>();
  private readonly making = new Map<number, Promise<void>>();

  constructor(database: Database) {
    this.database = database;
  }

  async load(): Promise<void> {
    const { rows } = await this.database.query<{ start: string }>('SELECT start FROM history_partition');
    this.known = new Set(rows.map((row) => Number(row.start)));
  }

  /** Start of the oldest, ms; null when there is none. */
  get oldest(): number | null {
    return this.known.size === 0 ? null : Math.min(...this.known);
  }

  /** Every partition's start that touches from…to, ascending. */
  between(from: number, to: number): number[] {
    return [...this.known].filter((start) => start + PARTITION > from && start <= to).sort((a, b) => a - b);
  }

  /** Makes sure that the partition of a time exists. */
  async ensure(t: number): Promise<void> {
    const start = partitionOf(t);
    if (this.known.has(start)) return;
    // chunks and sheets may need it in the same moment, and two statements that make one table fail
    let made = this.making.get(start);
    if (!made) {
      made = this.make(start).finally(() => this.making.delete(start));
      this.making.set(start, made);
    }
    await made;
  }

  private async make(start: number): Promise<void> {
    const [chunks, sheets] = tablesOf(start);
    const range = `FOR VALUES FROM (${start}) TO (${start + PARTITION})`;
    await this.database.transaction(async (query) => {
      await query(`CREATE TABLE IF NOT EXISTS ${chunks} PARTITION OF history_chunk ${range}`);
      await query(`CREATE TABLE IF NOT EXISTS ${sheets} PARTITION OF overview_minute ${range}`);
      await query('INSERT INTO history_partition (start, values) VALUES ($1, 0) ON CONFLICT DO NOTHING', [
        start,
      ]);
    }, 'background');
    this.known.add(start);
  }

  async sizes(): Promise<PartitionSize[]> {
    if (this.known.size === 0) return [];
    const { rows } = await this.database.query<{
      start: string;
      values: string;
      chunks: string;
      sheets: string;
    }>(
      `SELECT start, values,
         pg_total_relation_size(('history_chunk_' || start / ${PARTITION})::regclass) AS chunks,
         pg_total_relation_size(('overview_minute_' || start / ${PARTITION})::regclass) AS sheets
       FROM history_partition ORDER BY start`,
      [],
      'background',
    );
    return rows.map((row) => ({
      start: Number(row.start),
      values: Number(row.values),
      chunkBytes: Number(row.chunks),
      otherBytes: Number(row.sheets),
    }));
  }

  /** Drops what ended before `before`, then the oldest until the rest fits in `bytes`; one always stays. */
  async retain(before: number, bytes: number): Promise<void> {
    const sizes = await this.sizes();
    let sum = sizes.reduce((all, { chunkBytes, otherBytes }) => all + chunkBytes + otherBytes, 0);
    for (const [i, size] of sizes.entries()) {
      const isOld = size.start + PARTITION <= before;
      if (!isOld && (sum <= bytes || i === sizes.length - 1)) break;
      await this.drop(size.start);
      sum -= size.chunkBytes + size.otherBytes;
    }
  }

  private async drop(start: number): Promise<void> {
    const [chunks, sheets] = tablesOf(start);
    await this.database.transaction(async (query) => {
      await query(`DROP TABLE IF EXISTS ${chunks}`);
      await query(`DROP TABLE IF EXISTS ${sheets}`);
      await query('DELETE FROM history_partition WHERE start = $1', [start]);
    }, 'background');
    this.known.delete(start);
  }
}

function tablesOf(start: number): [chunks: string, sheets: string] {
  return [`history_chunk_${start / PARTITION}`, `overview_minute_${start / PARTITION}`];
}
