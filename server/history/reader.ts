import type { Database } from '#server/database/database.ts';
import { type Template, templateById } from '#twin/catalogue/template.ts';
import type { HistorySeries } from '#twin/wire/api.ts';
import type { HeardRequest, ReadRequest, StateRequest } from './contract.ts';
import type { ChunkSlices, HotSlices, LastValue } from './extract.ts';
import { bytesOf, Kind, type Segment } from './log.ts';
import type { Partitions } from './partitions.ts';
import { PARTITION } from './seal.ts';
import type { Thread } from './thread.ts';

/** Stations asked for in one statement. */
const STATIONS = 100;

export class Reader {
  private readonly database: Database;
  private readonly thread: Thread;
  private readonly partitions: Partitions;
  private readonly hotOf: (station: number) => Segment[];

  /** `hotOf`: all segments of a station that are not sealed, live and late */
  constructor(
    database: Database,
    thread: Thread,
    partitions: Partitions,
    hotOf: (station: number) => Segment[],
  ) {
    this.database = database;
    this.thread = thread;
    this.partitions = partitions;
    this.hotOf = hotOf;
  }

  async read(request: ReadRequest): Promise<{ bucketMs: number; series: HistorySeries[] }> {
    const { station, template, from, to, points } = request;
    const definitions = points.map((name) => {
      const index = template.index.get(name);
      if (index === undefined) throw new Error(`no point ${JSON.stringify(name)} in ${template.id}`);
      return template.points[index]!;
    });
    const bucketMs = Math.max(1, Math.ceil((to - from) / request.buckets));
    // first what is in memory: what is sealed in the meantime is then seen twice, not missed
    const hot = hotSlices(this.hotOf(station), points, from, to);
    const chunks = await this.chunks([station], template, points, from, to - 1);
    const buckets = await this.thread.ask('series', {
      resolutions: definitions.map((point) => point.resolution),
      chunks: chunks.get(station) ?? [],
      hot,
      from,
      to,
      width: bucketMs,
    });
    const series = definitions.map((point, k) => ({ point: point.name, unit: point.unit, ...buckets[k]! }));
    return { bucketMs, series };
  }

  async heard({ station, template, from, to, width }: HeardRequest): Promise<number[]> {
    const hot = hotSlices(this.hotOf(station), [], from, to);
    const chunks = await this.chunks([station], template, [], from, to - 1);
    return this.thread.ask('heard', { chunks: chunks.get(station) ?? [], hot, from, to, width });
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
      const resolutions = points.map((point) => template.points[point]!.resolution);
      const stations = group.map((i) => requests[i]!.station);
      const hot = stations.map((station) => hotSlices(this.hotOf(station), names, since, at + 1));
      const chunks = await this.chunks(stations, template, names, since, at);
      const values = await this.thread.ask('lastValues', {
        stations: stations.map((station, k) => ({
          resolutions,
          chunks: chunks.get(station) ?? [],
          hot: hot[k]!,
        })),
        since,
        at,
      });
      group.forEach((i, k) => {
        answers[i] = values[k]!;
      });
    }
    return answers;
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
    const { rows } = await this.database.query<
      { station: number; kind: number; template: string } & Record<string, Buffer>
    >(
      `SELECT station, kind, template, ${slices(template, points)} FROM history_chunk
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
      const columns = points.map((_, k) => row[`c${k}`]!);
      const slice: ChunkSlices = { late: row.kind === Kind.late, times: row.times!, columns };
      const before = found.get(row.station);
      if (before) before.push(slice);
      else found.set(row.station, [slice]);
    }
    return others;
  }
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
