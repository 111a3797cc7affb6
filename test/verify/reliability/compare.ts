import type { ReportFrame } from '#edge/queue/record.ts';
import type { ProducedStation } from '#test/support/queueRecord.ts';
import { DAY, MINUTE } from '#twin/units.ts';
import type { HistoryAnswer, HistorySeries } from '#twin/wire/api.ts';

/** What was produced against what the history shows, value by value. */
export interface Comparison {
  produced: number;
  stored: number;
  /** of them: kept at the time of arrival, because their gateway's clock was plainly wrong */
  substituted: number;
  lost: number;
  /** shown more than once */
  doubled: number;
  /** stored with another value than was produced */
  wrong: number;
  /** the first of the lost and the wrong, for the search */
  examples: string[];
}

/** Two reports of a station never share a bucket. */
const BUCKET = 250;
const BUCKETS = 5000;
const POINTS = 12;
const EXAMPLES = 8;
/** From a report by a clock that is wrong until it was kept at its arrival. */
const ARRIVAL = 10_000;

export const emptyComparison = (): Comparison => ({
  produced: 0,
  stored: 0,
  substituted: 0,
  lost: 0,
  doubled: 0,
  wrong: 0,
  examples: [],
});

/** Compares a station through the HTTP API, as a reader sees the history. */
export async function compareStation(url: string, station: ProducedStation): Promise<Comparison> {
  const all = emptyComparison();
  for (const window of windowsOf(station.frames)) await compareWindow(url, station, window, all);
  return all;
}

export function add(sum: Comparison, { examples, ...more }: Comparison): void {
  for (const key of Object.keys(more) as (keyof typeof more)[]) sum[key] += more[key];
  sum.examples.push(...examples.slice(0, EXAMPLES - sum.examples.length));
}

interface Window {
  from: number;
  frames: ReportFrame[];
}

/** Frames in the order of their time, cut into windows that one request can read exactly. */
function windowsOf(frames: readonly ReportFrame[]): Window[] {
  const windows: Window[] = [];
  for (const frame of [...frames].sort((a, b) => a.time - b.time)) {
    const open = windows.at(-1);
    if (open && frame.time < open.from + BUCKET * (BUCKETS - 1)) open.frames.push(frame);
    else windows.push({ from: frame.time, frames: [frame] });
  }
  return windows;
}

async function compareWindow(url: string, station: ProducedStation, window: Window, all: Comparison) {
  const { points } = station.template;
  const asked = new Set(window.frames.flatMap(({ points: moved }) => [...moved]));
  const indexes = [...asked].sort((a, b) => a - b);
  for (let at = 0; at < indexes.length; at += POINTS) {
    const group = indexes.slice(at, at + POINTS);
    const names = group.map((index) => points[index]!.name);
    const from = aheadOf(window) ? window.from - DAY : window.from;
    const read = readerOf(await ask(url, station.code, names, from, from + BUCKET * BUCKETS, BUCKETS));
    for (const frame of window.frames) {
      frame.points.forEach((index, i) => {
        const k = group.indexOf(index);
        const value = frame.values[i]!;
        if (k < 0 || Number.isNaN(value)) return;
        const point = points[index]!;
        const kept = aheadOf(window)
          ? read.anyOf(k, frame.time - DAY, value, point.resolution)
          : read.at(k, frame.time, value, point.resolution);
        all.produced++;
        if (kept === 'same') all.stored++;
        all.doubled += read.more(k, frame.time);
        if (kept === 'same' && aheadOf(window)) all.substituted++;
        if (kept === 'other') all.wrong++;
        if (kept === 'none') all.lost++;
        if (kept !== 'same') example(all, `${station.code} ${new Date(frame.time).toISOString()}: ${kept}`);
      });
    }
  }
}

/** One line per frame, not per value. */
function example({ examples }: Comparison, line: string): void {
  if (examples.length < EXAMPLES && !examples.includes(line)) examples.push(line);
}

const aheadOf = ({ from }: Window): boolean => from > Date.now() + 5 * MINUTE;

function readerOf({ from, series }: HistoryAnswer) {
  const places = series.map(({ t }) => new Map(t.map((time, i) => [Math.round((time - from) / BUCKET), i])));
  const same = ({ min, max }: HistorySeries, i: number, value: number, resolution: number) =>
    // a birth may have added what was read within the same bucket
    value >= min[i]! - resolution / 2 && value <= max[i]! + resolution / 2;
  return {
    at(k: number, time: number, value: number, resolution: number): 'same' | 'other' | 'none' {
      const i = places[k]!.get(Math.floor((time - from) / BUCKET));
      if (i === undefined) return 'none';
      return same(series[k]!, i, value, resolution) ? 'same' : 'other';
    },
    /** values beside the one that was produced; readings of a birth are at least a sample away, in another bucket */
    more(k: number, time: number): number {
      const i = places[k]!.get(Math.floor((time - from) / BUCKET));
      return i === undefined ? 0 : series[k]!.count[i]! - 1;
    },
    anyOf(k: number, time: number, value: number, resolution: number): 'same' | 'none' {
      for (let later = 0; later < ARRIVAL; later += BUCKET)
        if (this.at(k, time + later, value, resolution) === 'same') return 'same';
      return 'none';
    },
  };
}

async function ask(url: string, code: string, points: string[], from: number, to: number, buckets: number) {
  const query = `points=${encodeURIComponent(points.join(','))}&from=${from}&to=${to}&buckets=${buckets}`;
  const answer = await fetch(`${url}/api/stations/${encodeURIComponent(code)}/history?${query}`);
  if (!answer.ok) throw new Error(`history of ${code} answers ${answer.status}: ${await answer.text()}`);
  return (await answer.json()) as HistoryAnswer;
}
