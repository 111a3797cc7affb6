import { closeSync, existsSync, ftruncateSync, openSync, readSync, writeSync } from 'node:fs';
import type { Template } from '#twin/catalogue/template.ts';
import { DAY, MINUTE } from '#twin/units.ts';

/** Time between two rows of a logger, ms. */
export const LOG_STEP = 5 * MINUTE;

/** The main points a local logger keeps; a station has those its template has. */
const LOGGED = new Set([
  ...['P_IN', 'F_IN', 'V_IN', 'L1', 'CL2', 'TURB', 'PH', 'T_W', 'P_TOT', 'KWH', 'T_ROOM', 'RH'],
  ...['P_OUT', 'F_OUT', 'V_OUT'],
]);
const ROWS = DAY / LOG_STEP;

/** What one station has logged: rows of the points, oldest first. */
export interface StationLog {
  points: string[];
  times: number[];
  rows: Float64Array;
}

/**
 * The local loggers of all stations: the last 24 hours every five minutes, in one file. Every station has a
 * ring of rows of its own, a row being its time (ms) and its values, so that a row is one write and a log
 * one read, and nothing is kept in memory.
 */
export class Logger {
  private readonly file: number;
  private readonly columns: { index: number[]; points: string[]; start: number }[] = [];

  /** Opens or creates the file; with `fresh` what it holds is forgotten. */
  constructor(path: string, templates: readonly Template[], fresh: boolean) {
    let start = 0;
    for (const template of templates) {
      const logged = template.points.filter((point) => LOGGED.has(point.tag));
      this.columns.push({ index: logged.map((p) => p.index), points: logged.map((p) => p.name), start });
      start += ROWS * (logged.length + 1) * 8;
    }
    this.file = openSync(path, existsSync(path) ? 'r+' : 'w+');
    if (fresh) ftruncateSync(this.file, 0);
    ftruncateSync(this.file, start);
  }

  /** Keeps a row of a station's readings. @param time ms, a multiple of five minutes */
  keep(station: number, time: number, readings: Float64Array): void {
    const { index, start } = this.columns[station]!;
    const row = new Float64Array(index.length + 1);
    fill(row, 0, time, readings, index);
    writeSync(this.file, row, 0, row.byteLength, start + slot(time) * row.byteLength);
  }

  /** A page of a station to write many rows into; `done` writes them all at once. */
  page(station: number): { keep(time: number, readings: Float64Array): void; done(): void } {
    const { index, start } = this.columns[station]!;
    const ring = this.ring(station);
    return {
      keep: (time, readings) => fill(ring, slot(time) * (index.length + 1), time, readings, index),
      done: () => writeSync(this.file, ring, 0, ring.byteLength, start),
    };
  }

  /** The rows of a station from the last 24 hours before `now`. */
  read(station: number, now: number): StationLog {
    const { points } = this.columns[station]!;
    const width = points.length + 1;
    const ring = this.ring(station);
    const kept: number[] = [];
    for (let row = 0; row < ROWS; row++) {
      const time = ring[row * width]!;
      if (time > now - DAY && time <= now) kept.push(row);
    }
    kept.sort((a, b) => ring[a * width]! - ring[b * width]!);
    const rows = new Float64Array(kept.length * points.length);
    kept.forEach((row, i) => {
      rows.set(ring.subarray(row * width + 1, (row + 1) * width), i * points.length);
    });
    return { points, times: kept.map((row) => ring[row * width]!), rows };
  }

  close(): void {
    closeSync(this.file);
  }

  private ring(station: number): Float64Array {
    const { points, start } = this.columns[station]!;
    const ring = new Float64Array(ROWS * (points.length + 1));
    readSync(this.file, ring, 0, ring.byteLength, start);
    return ring;
  }
}

/** A row: its time, then the logged points. */
function fill(
  into: Float64Array,
  at: number,
  time: number,
  readings: Float64Array,
  index: readonly number[],
): void {
  into[at] = time;
  for (let i = 0; i < index.length; i++) into[at + 1 + i] = readings[index[i]!]!;
}

function slot(time: number): number {
  return Math.round(time / LOG_STEP) % ROWS;
}
