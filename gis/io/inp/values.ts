import { parseClock, parseDuration, parseNumber } from '#gis/network/words.ts';
import type { Issues } from './issues.ts';
import type { Row } from './rows.ts';

/** 68 years: as far as EPANET can count on every system. */
const LONGEST = 2 ** 31 - 1;

/** Reads the words of one row; what is wrong is noted with the row's line, and a harmless value returned. */
export class RowReader {
  readonly row: Row;
  readonly what: string;
  private readonly issues: Issues;
  /** whether anything is wrong with the row */
  failed = false;

  constructor(row: Row, kind: string, issues: Issues) {
    this.row = row;
    this.what = `${kind} ${row.words[0] ?? ''}`;
    this.issues = issues;
  }

  fail(cause: string): void {
    this.failed = true;
    this.issues.push({ line: this.row.line, cause: `${this.what}: ${cause}` });
  }

  word(index: number): string | undefined {
    const word = this.row.words[index];
    return word === undefined || word === '' ? undefined : word;
  }

  need(index: number, name: string): string {
    const word = this.word(index);
    if (word === undefined) this.fail(`${name} is missing`);
    return word ?? '';
  }

  number(index: number, name: string, fallback?: number, least = Number.NEGATIVE_INFINITY): number {
    const word = this.word(index);
    if (word === undefined) {
      if (fallback === undefined) this.fail(`${name} is missing`);
      return fallback ?? 1;
    }
    const value = parseNumber(word);
    if (value === undefined) this.fail(`${name} "${word}" is not a number`);
    else if (value < least) this.fail(`${name} ${word} is less than ${least}`);
    return value ?? 1;
  }

  positive(index: number, name: string): number {
    const value = this.number(index, name);
    if (value <= 0) this.fail(`${name} ${value} is not greater than 0`);
    return value;
  }

  /** Seconds. */
  duration(index: number, name: string): number {
    return this.time(index, name, parseDuration, 'time');
  }

  /** Seconds after midnight. */
  clock(index: number, name: string): number {
    return this.time(index, name, parseClock, 'time of day');
  }

  private time(index: number, name: string, parse: typeof parseClock, kind: string): number {
    const word = this.need(index, name);
    if (word === '') return 0;
    const seconds = parse(word, this.word(index + 1));
    if (seconds === undefined) this.fail(`${name} "${word}" is not a ${kind}`);
    else if (seconds > LONGEST) this.fail(`${name} "${word}" is longer than ${LONGEST} s`);
    return Math.round(seconds ?? 0);
  }
}
