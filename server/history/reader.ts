import type { Database } from '#server/database/database.ts';
import { type Template, type TemplatePoint, templateById } from '#twin/catalogue/template.ts';
import type { HistorySeries } from '#twin/wire/api.ts';
import type { HeardRequest, ReadRequest, RecordsRequest, StateRequest } from './contract.ts';
import type {
  ChunkSlices,
  Extract,
  ExtractRequest,
  HotSlices,
  LastValue,
  StationRecord,
  Unreadable,
} from './extract.ts';
import { bytesOf, Kind, type Segment } from './log.ts';
import type { Partitions } from './partitions.ts';
import { PARTITION } from './seal.ts';
import type { Thread } from './thread.ts';

/** Stations asked for in one statement. */
const STATIONS = 100;
/**
 * Points from which on a chunk is read whole: each part costs a look into its storage, a chunk of ten minutes is a few
 * kilobytes.
 */
const WHOLE = 8;

/** A chunk of which something cannot be read, and the times it spans, ms since epoch. */
export interface DamagedChunk {
  station: number;
  t0: number;
  t1: number;
  reason: string;
}

export class Reader {
  private readonly database: Database;
  private readonly thread: Thread;
  private readonly partitions: Partitions;
  private readonly hotOf: (station: number) => Segment[];
  private readonly tellDamaged: (chunk: DamagedChunk) => void;

  /**
   * `hotOf`: all segments of a station that are not sealed, live and late; `tellDamaged` is told of each chunk that cannot
   * be read, whenever it is met
   */
  constructor(
    database: Database,
    thread: Thread,
    partitions: Partitions,
    hotOf: (station: number) => Segment[],
    tellDamaged: (chunk: DamagedChunk) => void,
  ) {
    this.database = database;
    this.thread = thread;
    this.partitions = partitions;
    this.hotOf = hotOf;
    this.tellDamaged = tellDamaged;
  }

  async read(request: ReadRequest): Promise<{ bucketMs: number; series: HistorySeries[] }> {
    const { station, template, from, to, points } = request;
    const definitions = definitionsOf(template, points);
    const bucketMs = Math.max(1, Math.ceil((to - from) / request.buckets));
    const known = (await this.known([station], template, points, { from, to }))[0]!;
    const { answer, unreadable } = await this.thread.ask('series', { ...known, from, to, width: bucketMs });
    this.tell(station, known.chunks, unreadable);
    const series = definitions.map((point, k) => ({
      point: point.name,
      unit: point.unit,
      ...answer[k]!,
      unreadable: unreadable
        .filter((part) => part.point === null || part.point === k)
        .map(({ chunk }) => ({
          from: Math.max(from, known.chunks[chunk]!.t0),
          to: Math.min(to, known.chunks[chunk]!.t1 + 1),
        })),
    }));
    return { bucketMs, series };
  }

  async records({ stations, template, points, from, to }: RecordsRequest): Promise<StationRecord[]> {
    const known = await this.known(stations, template, points, { from, to });
    const answers = await this.thread.ask('records', { stations: known, from, to });
    return this.answersOf(stations, known, answers);
  }

  async heard({ station, template, from, to, width }: HeardRequest): Promise<number[]> {
    const [{ chunks, hot }] = (await this.known([station], template, [], { from, to })) as [ExtractRequest];
    const { answer, unreadable } = await this.thread.ask('heard', { chunks, hot, from, to, width });
    this.tell(station, chunks, unreadable);
    return answer;
  }

  async statesAt(
    at: number,
    since: number,
    requests: readonly StateRequest[],
  ): Promise<(LastValue | undefined)[][]> {
    const answers: (LastValue | undefined)[][] = new Array(requests.length);
    for (const group of sameTemplate(requests)) {
      const { template, points } = requests[group[0]!]!;
      const names = points.map((point) => template.points[point]!.name);
      const stations = group.map((i) => requests[i]!.station);
      const known = await this.known(stations, template, names, { from: since, to: at + 1 });
      const values = await this.thread.ask('lastValues', { stations: known, since, at });
      this.answersOf(stations, known, values).forEach((answer, k) => {
        answers[group[k]!] = answer;
      });
    }
    return answers;
  }

  /** What is known of points of each station from `from` to before `to`. */
  private async known(
    stations: readonly number[],
    template: Template,
    points: readonly string[],
    { from, to }: { from: number; to: number },
  ): Promise<ExtractRequest[]> {
    const resolutions = definitionsOf(template, points).map(({ resolution }) => resolution);
    // first what is in memory: what is sealed in the meantime is then seen twice, not missed
    const hot = stations.map((station) => hotSlices(this.hotOf(station), points, from, to));
    const chunks = await this.chunks(stations, template, points, from, to - 1);
    return stations.map((station, k) => ({ resolutions, chunks: chunks.get(station) ?? [], hot: hot[k]! }));
  }

  private answersOf<Answer>(
    stations: readonly number[],
    known: readonly ExtractRequest[],
    extracts: readonly Extract<Answer>[],
  ): Answer[] {
    return extracts.map(({ answer, unreadable }, k) => {
      this.tell(stations[k]!, known[k]!.chunks, unreadable);
      return answer;
    });
  }

  private tell(station: number, chunks: readonly ChunkSlices[], unreadable: readonly Unreadable[]): void {
    for (const { chunk, reason } of unreadable) {
      const { t0, t1 } = chunks[chunk]!;
      this.tellDamaged({ station, t0, t1, reason });
    }
  }

  /**
   * Slices of every chunk that touches from…to, by station; a partition at a time keeps statements short. Chunks
   * of another template than the one named, made before a station was changed, cost another statement.
   */
  private async chunks(
    stations: readonly number[],
    template: Template,
    points: readonly string[],
    from: number,
    to: number,
  ): Promise<Map<number, ChunkSlices[]>> {
    const found = new Map<number, ChunkSlices[]>();
    for (const start of this.partitions.between(from, to)) {
      const range = [stations, start, Math.min(to, start + PARTITION - 1), from];
      const others = await this.slicesOf(template, points, range, '', found);
      for (const other of others) {
        await this.slicesOf(templateById(other), points, range, 'AND template = $5', found);
      }
    }
    return found;
  }

  /** Adds the slices of one template's chunks; returns the ids of other templates that it met. */
  private async slicesOf(
    template: Template,
    points: readonly string[],
    range: readonly unknown[],
    condition: string,
    found: Map<number, ChunkSlices[]>,
  ): Promise<Set<string>> {
    const { rows } = await this.database.query<ChunkRow>(
      `SELECT station, kind, template, t0, t1, ${points.length < WHOLE ? slices(template, points) : WHOLE_CHUNK}
       FROM history_chunk
       WHERE station = ANY($1::int[]) AND t0 >= $2 AND t0 <= $3 AND t1 >= $4 ${condition}
       ORDER BY station, t0, seq`,
      [...range, template.id],
    );
    const others = new Set<string>();
    for (const row of rows) {
      if (row.template !== template.id) {
        others.add(row.template);
        continue;
      }
      const slice: ChunkSlices = {
        late: row.kind === Kind.late,
        t0: Number(row.t0),
        t1: Number(row.t1),
        ...(points.length < WHOLE ? partsOf(row, points) : cut(row, template, points)),
      };
      const before = found.get(row.station);
      if (before) before.push(slice);
      else found.set(row.station, [slice]);
    }
    return others;
  }
}

/** Columns of a statement for chunks: parts named by `slices`, or all of them. */
interface ChunkRow extends Record<string, unknown> {
  station: number;
  kind: number;
  template: string;
  t0: string;
  t1: string;
}

function definitionsOf(template: Template, points: readonly string[]): TemplatePoint[] {
  return points.map((name) => {
    const index = template.index.get(name);
    if (index === undefined) throw new Error(`no point ${JSON.stringify(name)} in ${template.id}`);
    return template.points[index]!;
  });
}

/**
 * The parts of `data` that hold the times and the points, as SQL, where the row's template is parameter 5; see
 * the comment of history_chunk.
 */
function slices(template: Template, points: readonly string[]): string {
  const part = (k: number) =>
    `CASE WHEN template = $5 THEN substr(data, offsets[${k + 1}] + 1, offsets[${k + 2}] - offsets[${k + 1}]) END`;
  const columns = points.map((name, k) => {
    const index = template.index.get(name);
    return `${index === undefined ? "''::bytea" : part(index + 1)} AS c${k}`;
  });
  return [`${part(0)} AS times`, ...columns].join(', ');
}

function partsOf(row: ChunkRow, points: readonly string[]): Pick<ChunkSlices, 'times' | 'columns'> {
  return { times: row.times as Buffer, columns: points.map((_, k) => row[`c${k}`] as Buffer) };
}

const WHOLE_CHUNK =
  'CASE WHEN template = $5 THEN offsets END AS offsets, CASE WHEN template = $5 THEN data END AS data';

/** The same parts of a chunk that was read whole. */
function cut(
  row: ChunkRow,
  template: Template,
  points: readonly string[],
): Pick<ChunkSlices, 'times' | 'columns'> {
  const { offsets, data } = row as ChunkRow & { offsets: number[]; data: Buffer };
  // a copy: a view would take all of the data along to the thread, once for each part
  const part = (k: number) => Uint8Array.prototype.slice.call(data, offsets[k], offsets[k + 1]);
  const columns = points.map((name) => {
    const index = template.index.get(name);
    return index === undefined ? new Uint8Array() : part(index + 1);
  });
  return { times: part(0), columns };
}

function hotSlices(segments: Segment[], points: readonly string[], from: number, to: number): HotSlices[] {
  return segments
    .filter((segment) => segment.t1 >= from && segment.t0 < to)
    .map((segment) => ({
      late: segment.kind === Kind.late,
      template: segment.template.id,
      points: points.map((name) => segment.template.index.get(name) ?? -1),
      frames: bytesOf(segment),
    }));
}

/** Indices of the requests that ask the same of the same template, in groups of bounded size. */
function sameTemplate(requests: readonly StateRequest[]): number[][] {
  const groups = new Map<string, number[]>();
  const full: number[][] = [];
  requests.forEach(({ template, points }, i) => {
    const key = `${template.id} ${points.join()}`;
    const group = groups.get(key) ?? [];
    group.push(i);
    if (group.length < STATIONS) groups.set(key, group);
    else {
      full.push(group);
      groups.delete(key);
    }
  });
  return [...full, ...groups.values()];
}
