import type { Book } from '#twin/notification/book.ts';
import {
  advance,
  begin,
  type Course,
  keyOfStep,
  type Standing,
  type Step,
} from '#twin/notification/course.ts';
import type { AlarmSummary } from '#twin/wire/alarms.ts';
import type { LoggedEvent } from '../alarms/occurrence.ts';
import type { CourseChange, Dispatch, OutboxRow } from './outboxRow.ts';

/** Follows the alarms of a desk: who is to be told of what, now. It sends nothing. */
export class Teller {
  private readonly book: Book;
  private readonly districtsOf: (alarm: AlarmSummary) => readonly string[];
  private readonly routesOf: (rule: string) => readonly string[] | null;
  private readonly courses = new Map<string, Course>();

  constructor(
    book: Book,
    courses: readonly Course[],
    districtsOf: (alarm: AlarmSummary) => readonly string[],
    /** routes that a rule names itself; null: none */
    routesOf: (rule: string) => readonly string[] | null = () => null,
  ) {
    this.book = book;
    this.districtsOf = districtsOf;
    this.routesOf = routesOf;
    for (const course of courses) this.courses.set(keyOf(course), course);
  }

  /** `open`: what is not over at `now`; `ended`, `events`: what has ended and what has happened since the last call. */
  follow(
    open: ReadonlyMap<number, AlarmSummary>,
    { ended, events }: { ended: readonly AlarmSummary[]; events: readonly LoggedEvent[] },
    now: number,
  ): Dispatch {
    const endedById = new Map(ended.map((alarm) => [alarm.id, alarm]));
    const changes = new Map<string, CourseChange>();
    const rows: OutboxRow[] = [];
    const put = (course: Course) => {
      this.courses.set(keyOf(course), course);
      changes.set(keyOf(course), { ...course, ended: false });
    };
    const send = (steps: readonly Step[], alarm: AlarmSummary) => {
      for (const step of steps)
        for (const channel of step.channels) rows.push(rowOf(step, channel, alarm, now));
    };
    for (const { annunciates, alarm: id, priority } of events) {
      const alarm = annunciates && id !== null && open.get(id);
      if (!alarm) continue;
      const { rule } = alarm;
      const [routes, districts] = [this.routesOf(rule), this.districtsOf(alarm)];
      const told = { id: alarm.id, rule, routes, priority, districts };
      const { courses, steps } = begin(this.book, told, now);
      for (const course of courses) put(course);
      send(steps, { ...alarm, priority });
    }
    for (const [key, course] of this.courses) {
      const alarm = open.get(course.alarm);
      const next = advance(this.book, course, standingOf(alarm), now);
      const about = alarm ?? endedById.get(course.alarm);
      if (about) send(next.steps, about);
      if (next.course === null) {
        this.courses.delete(key);
        changes.set(key, { ...course, ended: true });
      } else if (next.course.repeats !== course.repeats || next.course.escalations !== course.escalations)
        put(next.course);
    }
    return { courses: [...changes.values()], rows };
  }
}

/** How an alarm stands; one that is not open is over. */
export function standingOf(alarm: AlarmSummary | undefined): Standing {
  if (!alarm) return { active: false, acknowledged: false, silent: false, returned: true, over: true };
  const { state, active, chattering, acknowledgedAt } = alarm;
  return {
    active,
    acknowledged: acknowledgedAt !== null || state === 'acknowledged' || state === 'latched',
    silent: state === 'shelved' || state === 'suppressed' || state === 'outOfService',
    returned: !active && !chattering,
    over: state === 'normal',
  };
}

const keyOf = ({ alarm, route }: Pick<Course, 'alarm' | 'route'>): string => `${alarm}/${route}`;

function rowOf(step: Step, channel: string, alarm: AlarmSummary, now: number): OutboxRow {
  const { rule, station, priority, spot, raisedAt, toldAt } = alarm;
  const { route, kind, n } = step;
  return {
    key: keyOfStep(step, toldAt ?? raisedAt, channel),
    alarm: alarm.id,
    rule,
    station,
    priority,
    kind,
    n,
    route,
    channel,
    about: { spot, since: raisedAt },
    madeAt: now,
    attempts: 0,
    attemptedAt: null,
    outcome: 'waiting',
    doneAt: null,
    error: null,
    missing: [],
  };
}
