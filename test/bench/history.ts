import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import { type Database, openDatabase } from '#server/database/database.ts';
import { type History, openHistory } from '#server/history/history.ts';
import { startPostgres } from '#test/support/postgres.ts';
import { random } from '#test/support/telemetry.ts';
import { type Template, templateById } from '#twin/catalogue/template.ts';

/**
 * What the history costs: npm run -s bench -- history --json [--database postgres|embedded] [--stations 2100]
 * [--minutes 30] [--flood 30 minutes of all stations lost and sent again]. Time is the bench's own: a second of the city takes as long as the database needs.
 */

const { values: options } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: 'boolean' },
    database: { type: 'string', default: 'both' },
    stations: { type: 'string', default: '2100' },
    minutes: { type: 'string', default: '30' },
    flood: { type: 'string', default: '30' },
  },
});
const STATIONS = Number(options.stations);
const MINUTES = Number(options.minutes);
const FLOOD_MINUTES = Number(options.flood);
/** noisy points of each frame; each frame carries one or two slow ones more */
const NOISY = 32;
const START = Date.UTC(2026, 9, 1);
const SECOND = 1000;
const MINUTE = 60 * SECOND;

async function onPostgres() {
  const server = await startPostgres();
  try {
    return await measure(await openDatabase({ url: server.url, dataDir: '' }));
  } finally {
    server.remove();
  }
}

async function onEmbedded() {
  const dataDir = mkdtempSync(join(tmpdir(), 'shuijing-bench-'));
  try {
    return await measure(await openDatabase({ dataDir }));
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
}

async function measure(database: Database) {
  const rooms = Array.from({ length: STATIONS }, (_, i) => new Room(i + 1));
  const rssBefore = process.memoryUsage.rss();
  const notes: string[] = [];
  const note = (text: string) => void notes.push(text);
  let history = await openHistory(database, { now: START, note });
  let now = START;
  let appended = 0;
  let busy = 0;
  let rss = rssBefore;
  let refused = 0;
  const ticks: number[] = [];
  const begin = performance.now();
  const loop = performance.eventLoopUtilization();
  let made = 0;
  let madeCpu = 0;
  const cpu = process.cpuUsage();
  for (; now < START + MINUTES * MINUTE; now += SECOND) {
    const half = (now / SECOND) % 2;
    const making = performance.now();
    const makingCpu = process.cpuUsage();
    const moved = rooms.filter((room) => room.station % 2 === half);
    for (const room of moved) room.measure();
    made += performance.now() - making;
    madeCpu += milliseconds(process.cpuUsage(makingCpu));
    const from = performance.now();
    for (const room of moved) {
      const { count, points, values, qualities } = room;
      if (!history.append(room.station, room.template, now + room.jitter(), count, points, values, qualities))
        refused++;
      appended += count;
    }
    const done = history.tick(now);
    busy += performance.now() - from;
    await done;
    ticks.push(performance.now() - from);
    if ((now / SECOND) % 30 === 0) rss = Math.max(rss, process.memoryUsage.rss());
  }
  const active = performance.eventLoopUtilization(loop).active - made;
  const wall = performance.now() - begin;
  const used = milliseconds(process.cpuUsage(cpu)) - madeCpu;
  const memory = history.stats().memory;

  const closing = performance.now();
  await history.close();
  const closeMs = performance.now() - closing;
  const opening = performance.now();
  history = await openHistory(database, { now, note });
  const replayMs = performance.now() - opening;
  const unsealed = history.stats().unsealedFrames;

  const readOnePointMs = await medianOf(15, (i) =>
    history.read({
      station: 1 + i,
      template: rooms[i]!.template,
      points: ['P_IN'],
      from: START - 24 * 60 * MINUTE,
      to: now,
      buckets: 600,
    }),
  );
  const readTwelvePointsMs = await medianOf(7, (i) => {
    const { template } = rooms[i]!;
    const points = template.points.slice(12, 24).map((point) => point.name);
    return history.read({ station: 1 + i, template, points, from: START, to: now, buckets: 600 });
  });
  const statesAtMs = await medianOf(3, (i) =>
    history.statesAt(
      now - (i + 5) * MINUTE,
      rooms.map(({ station, template }) => ({ station, template, points: [0, 1, 3, 4, 7, 13, 36, 39] })),
    ),
  );

  now += 11 * MINUTE;
  await history.tick(now);
  now += MINUTE;
  await history.tick(now);
  const stats = history.stats();
  const backfill = await fillBack(history, rooms, now);
  const flood = await fillFlood(history, rooms, backfill.now);
  const chunkRows = await database.query<{ kind: number; n: number; values: number }>(
    'SELECT kind, count(*)::int AS n, sum(values)::float8 AS values FROM history_chunk GROUP BY kind ORDER BY kind',
  );
  await history.close();
  await database.close();
  return {
    database: database.kind,
    stations: STATIONS,
    minutes: MINUTES,
    values: appended,
    refused,
    bytesPerValue: round(stats.bytesPerValue ?? 0, 3),
    appendAndTickCoreShare: round(busy / (MINUTES * MINUTE), 4),
    mainThreadCoreShare: round(active / (MINUTES * MINUTE), 4),
    processCores: round(used / (MINUTES * MINUTE), 4),
    timesRealTime: round((MINUTES * MINUTE) / (wall - made), 1),
    tickMs: { p50: round(quantile(ticks, 0.5)), p99: round(quantile(ticks, 0.99)) },
    rssMB: round((rss - rssBefore) / 1e6),
    logMB: round(memory / 1e6),
    closeMs: round(closeMs),
    replayMs: round(replayMs),
    unsealedFrames: unsealed,
    readOnePointMs: round(readOnePointMs),
    readTwelvePointsMs: round(readTwelvePointsMs),
    statesAtMs: round(statesAtMs),
    backfill: backfill.result,
    flood,
    chunkRows: chunkRows.rows,
    notes: notes.slice(0, 5),
  };
}

/** The day before, every five minutes, twelve points of each station, as fast as it goes. */
async function fillBack(history: History, rooms: Room[], start: number) {
  let now = start;
  let values = 0;
  let refused = 0;
  let highest = 0;
  const begin = performance.now();
  const from = start - 24 * 60 * MINUTE;
  // as gateways do it: each its whole day, some hundred at a time
  for (let first = 0; first < rooms.length; first += 210) {
    for (let step = 0; step < 288; step++) {
      for (const room of rooms.slice(first, first + 210)) {
        room.measure();
        const { points, values: measured, qualities, template, station } = room;
        if (!history.appendLate(station, template, from + step * 5 * MINUTE, 12, points, measured, qualities))
          refused++;
        values += 12;
      }
      highest = Math.max(highest, history.pressure());
      if (step % 16 === 15) {
        now += SECOND;
        await history.tick(now);
      }
    }
  }
  const taken = performance.now() - begin;
  while (history.stats().unsealedFrames > 0 && performance.now() - begin < 300_000) {
    now += 10 * SECOND;
    await history.tick(now);
  }
  return {
    now,
    result: {
      values,
      refused,
      takenMs: round(taken),
      foldedMs: round(performance.now() - begin - taken),
      highestPressure: round(highest, 3),
    },
  };
}

/** All stations at once send again what they measured while nobody listened, all of their noisy points. */
async function fillFlood(history: History, rooms: Room[], start: number) {
  let now = start;
  let values = 0;
  let waits = 0;
  let rss = process.memoryUsage.rss();
  const rssBefore = rss;
  const from = start - 2 * FLOOD_MINUTES * MINUTE;
  const begin = performance.now();
  for (let t = from; t < from + FLOOD_MINUTES * MINUTE; t += 2 * SECOND) {
    for (const { station, template, count, points, values: measured, qualities } of rooms) {
      measured[0] = measured[0]! + 0.001;
      while (!history.appendLate(station, template, t, count, points, measured, qualities)) {
        waits++;
        now += SECOND;
        await history.tick(now);
      }
      values += count;
    }
    now += 100;
    await history.tick(now);
    rss = Math.max(rss, process.memoryUsage.rss());
  }
  const takenMs = performance.now() - begin;
  while (history.stats().unsealedFrames > 0) {
    now += 10 * SECOND;
    await history.tick(now);
    rss = Math.max(rss, process.memoryUsage.rss());
  }
  return {
    values,
    waits,
    takenMs: round(takenMs),
    foldedMs: round(performance.now() - begin - takenMs),
    rssMB: round((rss - rssBefore) / 1e6),
  };
}

/** A room whose values wander slowly under the noise of their sensors. */
class Room {
  readonly station: number;
  readonly template: Template;
  readonly points: Uint16Array;
  readonly values: Float64Array;
  readonly qualities: Uint8Array;
  count = 0;
  private readonly random: () => number;
  private readonly level: Float64Array;
  private readonly noise: Float64Array;
  private readonly wanted: number[];
  private slow = 0;

  constructor(station: number) {
    this.station = station;
    this.template = templateById(
      ['tank:LO3', 'tank:LO2+MI3', 'tank:LO3+MI2+HI2', 'inline:LO3', 'booster:LO4'][station % 5]!,
    );
    this.random = random(station);
    const { points } = this.template;
    this.wanted = points.filter((point) => point.type === 'analog').map((point) => point.index);
    while (this.wanted.length > NOISY) this.wanted.splice(Math.floor(this.random() * this.wanted.length), 1);
    this.points = new Uint16Array(points.length);
    this.values = new Float64Array(points.length);
    this.qualities = new Uint8Array(points.length);
    this.level = Float64Array.from(
      points,
      (point) => point.min + (0.2 + 0.5 * this.random()) * (point.max - point.min),
    );
    this.noise = Float64Array.from(points, (point) => point.resolution * (1 + 4 * this.random()));
  }

  /** The next frame: every noisy point and one other. */
  measure(): void {
    const { points } = this.template;
    this.slow = (this.slow + 1) % points.length;
    this.count = 0;
    for (let i = 0; i < points.length; i++) {
      if (i !== this.slow && !this.wanted.includes(i)) continue;
      const point = points[i]!;
      const noise = this.noise[i]!;
      this.level[i] = this.level[i]! + 0.2 * noise * (this.random() - 0.5);
      const sum = this.random() + this.random() + this.random() + this.random() - 2;
      this.points[this.count] = i;
      this.values[this.count++] = point.type === 'bool' ? 1 : this.level[i]! + 1.73 * noise * sum;
    }
  }

  /** Sampling is not exactly every two seconds, ms. */
  jitter(): number {
    return Math.floor(this.random() * 20);
  }
}

async function medianOf(times: number, run: (i: number) => Promise<unknown>): Promise<number> {
  const taken: number[] = [];
  for (let i = 0; i < times; i++) {
    const from = performance.now();
    await run(i);
    taken.push(performance.now() - from);
  }
  return quantile(taken, 0.5);
}

function milliseconds({ user, system }: NodeJS.CpuUsage): number {
  return (user + system) / 1000;
}

function quantile(values: number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? 0;
}

function round(value: number, digits = 1): number {
  return Math.round(value * 10 ** digits) / 10 ** digits;
}

const kinds = options.database === 'both' ? ['postgres', 'embedded'] : [options.database];
const results = [];
for (const kind of kinds) results.push(kind === 'postgres' ? await onPostgres() : await onEmbedded());
console.log(JSON.stringify(results, null, 2));
