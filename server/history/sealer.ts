import type { Database, Query } from '#server/database/database.ts';
import { type Arena, bytesOf, Kind, type Segment } from './log.ts';
import type { Partitions } from './partitions.ts';
import { PARTITION, type PackedChunk, partitionOf } from './seal.ts';
import { TaskError, type Thread } from './thread.ts';

/** Live segments written in one transaction: about 150 kB. */
const BATCH = 8;
const MINUTE = 60_000;

/** A chunk and whose it is. */
interface Sealed extends PackedChunk {
  segment: Segment;
}

/** Turns segments that are complete into chunks, in the order they came. */
export class Sealer {
  /** complete, not sealed yet, oldest first; readable until then */
  readonly waiting: Segment[] = [];
  private readonly database: Database;
  private readonly thread: Thread;
  private readonly partitions: Partitions;
  private readonly arena: Pick<Arena, 'release'>;
  private readonly hotOf: (station: number) => Segment[];
  private readonly note: (note: string) => void;
  private running: Promise<void> | undefined;

  /** `hotOf`: all live segments of a station that are not sealed */
  constructor(
    database: Database,
    thread: Thread,
    partitions: Partitions,
    arena: Pick<Arena, 'release'>,
    hotOf: (station: number) => Segment[],
    note: (note: string) => void,
  ) {
    this.database = database;
    this.thread = thread;
    this.partitions = partitions;
    this.arena = arena;
    this.hotOf = hotOf;
    this.note = note;
  }

  /** Seals what waits now. Rejects at the first failure; what is not sealed waits for the next call. */
  run(): Promise<void> {
    this.running ??= this.sealAll().finally(() => {
      this.running = undefined;
    });
    return this.running;
  }

  private async sealAll(): Promise<void> {
    let left = this.waiting.length;
    while (left > 0) {
      const first = this.waiting[0]!;
      const end = this.waiting.findIndex((segment) => segment.kind !== first.kind);
      const longest = first.kind === Kind.late ? 1 : BATCH;
      const batch = this.waiting.slice(0, Math.min(longest, left, end < 0 ? left : end));
      await this.sealTogether(batch);
      this.done(batch);
      left -= batch.length;
    }
  }

  /** What fails together is sealed one by one, so that one segment does not hold up the others. */
  private async sealTogether(batch: Segment[]): Promise<void> {
    try {
      if (batch[0]!.kind === Kind.late) await this.foldOne(batch[0]!);
      else await this.sealBatch(batch);
    } catch (error) {
      if (!(error instanceof TaskError)) throw error;
      if (batch.length === 1) return this.sealBeside(batch[0]!, error);
      for (const segment of batch) await this.sealTogether([segment]);
    }
  }

  /**
   * A chunk that was damaged on disk must not cost what arrives: the segment is sealed beside what stands, unread, and
   * a reader keeps one of each time. One that cannot be packed by itself is given up: it would hold up all others.
   */
  private async sealBeside(segment: Segment, reason: TaskError): Promise<void> {
    const { station, template, frames } = segment;
    try {
      const packed = await this.thread.ask('seal', {
        template: template.id,
        frames: bytesOf(segment),
        chunks: [],
      });
      await this.write(
        packed.map((chunk) => ({ ...chunk, segment })),
        [segment],
      );
      this.note(`history: a chunk of station ${station} cannot be read: ${reason.message}`);
    } catch (error) {
      if (!(error instanceof TaskError)) throw error;
      this.note(`history: ${frames} frames of station ${station} cannot be sealed: ${error.message}`);
      await this.database.transaction((query) => mark(query, [segment]), 'background');
    }
  }

  private done(segments: Segment[]): void {
    this.waiting.splice(0, segments.length);
    for (const segment of segments) this.arena.release(segment);
  }

  private async sealBatch(segments: Segment[]): Promise<void> {
    const sealed: Sealed[] = [];
    for (const segment of segments) {
      const request = {
        template: segment.template.id,
        frames: bytesOf(segment),
        chunks: await this.overlapping(segment),
      };
      for (const chunk of await this.thread.ask('seal', request)) sealed.push({ ...chunk, segment });
    }
    await this.write(sealed, segments);
  }

  private async write(sealed: Sealed[], segments: Segment[]): Promise<void> {
    for (const chunk of sealed) await this.partitions.ensure(chunk.t0);
    await this.database.transaction(async (query) => {
      await insert(query, sealed);
      await mark(query, segments);
    }, 'background');
  }

  /** Chunks that may hold times of a live segment: none, but for what was sent twice. */
  private async overlapping({ station, template, t0, t1 }: Segment) {
    const { rows } = await this.database.query<{ offsets: number[]; data: Buffer }>(
      `SELECT offsets, data FROM history_chunk
       WHERE station = $1 AND template = $2 AND t0 >= $3 AND t0 <= $4 AND t1 >= $5`,
      [station, template.id, partitionOf(t0), t1, t0],
      'background',
    );
    return rows;
  }

  private async foldOne(segment: Segment): Promise<void> {
    const { rows } = await this.database.query<{
      t0: string;
      seq: string;
      kind: number;
      values: number;
      offsets: number[];
      data: Buffer;
    }>(
      `SELECT t0, seq, kind, values, offsets, data FROM history_chunk
       WHERE station = $1 AND template = $2 AND t0 >= $3 AND t0 < $4
         AND (kind = ${Kind.late} OR (t0 <= $5 AND t1 >= $6))
       ORDER BY t0, seq`,
      [
        segment.station,
        segment.template.id,
        partitionOf(segment.t0),
        partitionOf(segment.t1) + PARTITION,
        segment.t1,
        segment.t0,
      ],
      'background',
    );
    const folded = await this.thread.ask('fold', {
      template: segment.template.id,
      frames: bytesOf(segment),
      hot: this.hotOf(segment.station)
        .filter((hot) => hot.t0 <= segment.t1 && hot.t1 >= segment.t0)
        .map((hot) => ({ template: hot.template.id, frames: bytesOf(hot) })),
      chunks: rows.map(({ kind, values, offsets, data }) => ({
        late: kind === Kind.late,
        values,
        offsets,
        data,
      })),
    });
    for (const chunk of folded) await this.partitions.ensure(chunk.t0);
    await this.database.transaction(async (query) => {
      for (const chunk of folded) {
        for (const i of chunk.replaces) {
          const { t0, seq, values } = rows[i]!;
          const gone = await query(
            'DELETE FROM history_chunk WHERE station = $1 AND t0 = $2 AND kind = $3 AND seq = $4',
            [segment.station, t0, Kind.late, seq],
          );
          if (gone.rowCount > 0) await count(query, partitionOf(Number(t0)), -values);
        }
        // what was drawn without these values is drawn anew when somebody looks
        await query('DELETE FROM overview_minute WHERE t >= $1 AND t <= $2', [
          Math.floor(chunk.addedFrom / MINUTE) * MINUTE,
          chunk.addedTo + MINUTE,
        ]);
      }
      await insert(
        query,
        folded.map((chunk) => ({ ...chunk, segment })),
      );
      await mark(query, [segment]);
    }, 'background');
  }
}

async function insert(query: Query, chunks: Sealed[]): Promise<void> {
  if (chunks.length === 0) return;
  const params: unknown[] = [];
  const rows = chunks.map(({ segment, t0, t1, values, offsets, data }) => {
    const first = params.length;
    const { station, kind, lastSeq, template } = segment;
    params.push(t0, t1, lastSeq, station, values, kind, template.id, offsets, asBuffer(data));
    return `(${Array.from({ length: params.length - first }, (_, i) => `$${first + i + 1}`).join(', ')})`;
  });
  const { rows: added } = await query<{ t0: string; values: number }>(
    `INSERT INTO history_chunk (t0, t1, seq, station, values, kind, template, offsets, data)
     VALUES ${rows.join(', ')} ON CONFLICT DO NOTHING RETURNING t0, values`,
    params,
  );
  const sums = new Map<number, number>();
  for (const { t0, values } of added) {
    const start = partitionOf(Number(t0));
    sums.set(start, (sums.get(start) ?? 0) + values);
  }
  for (const [start, values] of sums) await count(query, start, values);
}

async function count(query: Query, partition: number, values: number): Promise<void> {
  await query('UPDATE history_partition SET values = values + $2 WHERE start = $1', [partition, values]);
}

/** One statement: several segments of one station in a batch would be touched twice by it, so the last counts. */
async function mark(query: Query, segments: Segment[]): Promise<void> {
  const last = new Map(segments.map((segment) => [`${segment.station} ${segment.kind}`, segment]));
  const params = [...last.values()].flatMap(({ station, kind, lastSeq }) => [station, kind, lastSeq]);
  const rows = [...last.values()].map(
    (_, i) => `($${3 * i + 1}::int, $${3 * i + 2}::smallint, $${3 * i + 3}::bigint)`,
  );
  await query(
    `INSERT INTO history_mark (station, kind, seq) VALUES ${rows.join(', ')}
     ON CONFLICT (station, kind) DO UPDATE SET seq = greatest(history_mark.seq, excluded.seq)`,
    params,
  );
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
