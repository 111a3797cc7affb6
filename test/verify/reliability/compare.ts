import type { ReportFrame } from '#edge/queue/record.ts';
import type { ProducedStation } from '#test/support/queueRecord.ts';
import { DAY, MINUTE } from '#twin/units.ts';
import type { HistoryAnswer, HistorySeries, StationDetail } from '#twin/wire/api.ts';

/** What was produced against what the history shows, value by value. */
export interface Comparison {
  produced: number;
  stored: number;
  /** of them: kept earlier than stated, by what is known of a clock that was ahead */
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
/** What is known of a clock that is a day ahead may be less, by what the first message took. */
const WAY = 10_000;

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
  const frames = station.frames.some(isAhead)
    ? moved(station.frames, await clockOf(url, station.code))
    : station.frames;
  for (const window of windowsOf(frames)) await compareWindow(url, station, window, all);
  return all;
}

export function add(sum: Comparison, { examples, ...more }: Comparison): void {
  for (const key of Object.keys(more) as (keyof typeof more)[]) sum[key] += more[key];
  sum.examples.push(...examples.slice(0, EXAMPLES - sum.examples.length));
}

interface Window {
  from: number;
  frames: ProducedFrame[];
}

/** A report where it should be in the history. */
type ProducedFrame = ReportFrame & { moved?: true };

const isAhead = ({ time }: ReportFrame): boolean => time > Date.now() + 5 * MINUTE;

type ClockAhead = StationDetail['clockAhead'];

async function clockOf(url: string, code: string): Promise<ClockAhead> {
  const answer = await fetch(`${url}/api/stations/${encodeURIComponent(code)}`);
  if (!answer.ok) throw new Error(`station ${code} answers ${answer.status}`);
  return ((await answer.json()) as StationDetail).clockAhead;
}

/** Reports of a clock that was a day ahead, each earlier by the one figure that stood for the time it stated. */
function moved(frames: readonly ReportFrame[], steps: ClockAhead): ProducedFrame[] {
  const ofADay = steps.filter(({ ahead }) => ahead <= DAY && ahead > DAY - WAY);
  return frames.map((frame) => {
    const step = ofADay.findLast(({ since }) => since <= frame.time) ?? ofADay[0];
    return step && isAhead(frame) ? { ...frame, time: frame.time - step.ahead, moved: true } : frame;
  });
}

/** Frames in the order of their time, cut into windows that one request can read exactly. */
function windowsOf(frames: readonly ProducedFrame[]): Window[] {
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
    const { from } = window;
    const read = readerOf(await ask(url, station.code, names, from, from + BUCKET * BUCKETS, BUCKETS));
    for (const frame of window.frames) {
      frame.points.forEach((index, i) => {
        const k = group.indexOf(index);
        const value = frame.values[i]!;
        if (k < 0 || Number.isNaN(value)) return;
        const point = points[index]!;
        const kept = read.at(k, frame.time, value, point.resolution);
        all.produced++;
        if (kept === 'same') all.stored++;
        all.doubled += read.more(k, frame.time);
        if (kept === 'same' && frame.moved) all.substituted++;
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
  };
}

async function ask(url: string, code: string, points: string[], from: number, to: number, buckets: number) {
  const query = `points=${encodeURIComponent(points.join(','))}&from=${from}&to=${to}&buckets=${buckets}`;
  const answer = await fetch(`${url}/api/stations/${encodeURIComponent(code)}/history?${query}`);
  if (!answer.ok) throw new Error(`history of ${code} answers ${answer.status}: ${await answer.text()}`);
  return (await answer.json()) as HistoryAnswer;
}
