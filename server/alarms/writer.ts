import type { SavedAlarms } from '#twin/alarm/save.ts';
import type { CourseChange, OutboxRow } from '../notification/outboxRow.ts';
import type { Changes, LoggedEvent, Occurrence } from './occurrence.ts';

type Save = (changes: Changes, state: SavedAlarms) => Promise<void>;

/** Log lines that are kept while the database is away; older ones are given up. */
const MOST_EVENTS = 200_000;

/**
 * Writes one thing after the other: what comes while a write runs goes with the next. What could not be written is
 * kept and goes with the next one too.
 */
export class Writer {
  private readonly save: Save;
  private readonly note: (note: string) => void;
  private readonly occurrences = new Map<number, Occurrence>();
  private events: LoggedEvent[] = [];
  private rows: OutboxRow[] = [];
  private readonly courses = new Map<string, CourseChange>();
  private state: SavedAlarms | null = null;
  private written = '';
  private running: Promise<void> | null = null;
  private failing = false;

  constructor(save: Save, note: (note: string) => void) {
    this.save = save;
    this.note = note;
  }

  /** Resolves when this is written; rejects when it could not be, and it is tried again with the next. */
  write({ occurrences, events, dispatch }: Changes, state: SavedAlarms): Promise<void> {
    for (const occurrence of occurrences) this.occurrences.set(occurrence.id, occurrence);
    this.events.push(...events);
    this.rows.push(...dispatch.rows);
    for (const course of dispatch.courses) this.courses.set(keyOfCourse(course), course);
    this.state = state;
    const next = (this.running ?? Promise.resolve()).catch(() => undefined).then(() => this.turn());
    this.running = next;
    // whoever only looks does not wait, and what fails has been noted
    next.catch(() => undefined);
    return next;
  }

  private async turn(): Promise<void> {
    const { state } = this;
    // an earlier turn took it along
    if (!state) return;
    const standing = standingOf(state);
    const waiting = this.occurrences.size + this.events.length + this.rows.length + this.courses.size;
    if (waiting === 0 && standing === this.written) return;
    // copies: what is written must be of one moment
    const occurrences = [...this.occurrences.values()].map((occurrence) => ({ ...occurrence }));
    const { events } = this;
    const dispatch = { rows: this.rows, courses: [...this.courses.values()] };
    this.occurrences.clear();
    this.courses.clear();
    this.events = [];
    this.rows = [];
    this.state = null;
    try {
      await this.save({ occurrences, events, dispatch }, state);
      this.written = standing;
      if (this.failing) this.note('alarms are written again');
      this.failing = false;
    } catch (error) {
      for (const occurrence of occurrences)
        if (!this.occurrences.has(occurrence.id)) this.occurrences.set(occurrence.id, occurrence);
      this.events = [...events, ...this.events].slice(-MOST_EVENTS);
      this.rows = [...dispatch.rows, ...this.rows];
      for (const course of dispatch.courses)
        if (!this.courses.has(keyOfCourse(course))) this.courses.set(keyOfCourse(course), course);
      this.state ??= state;
      if (!this.failing) this.note(`alarms cannot be written: ${(error as Error).message}`);
      this.failing = true;
      throw error;
    }
  }
}

const keyOfCourse = ({ alarm, route }: CourseChange): string => `${alarm}/${route}`;

/** A state but for its time: what has not changed need not be written. */
const standingOf = ({ time: _, ...rest }: SavedAlarms): string => JSON.stringify(rest);
