import type { City } from '#sim/city/model.ts';
import { SECOND } from '#twin/units.ts';
import { giveCommand } from './command.ts';
import { secondsOf } from './duration.ts';
import type { Force, Standing } from './force.ts';
import { probe } from './measure.ts';
import type { Scenario, ScenarioEvent } from './schema.ts';
import { parseCondition } from './statement.ts';

/** Something that happened in a run. */
export interface LogEntry {
  /** s after the start */
  at: number;
  text: string;
}

/** How far an event of a scenario is, as plain data. Times in ms since epoch. */
export interface Course {
  event: ScenarioEvent;
  phase: 'waiting' | 'in force' | 'over';
  /** when it begins or began; null while it waits for a condition */
  from: number | null;
  /** when it is over; null while nobody knows */
  until: number | null;
  /** what it holds a city by */
  standing: Standing | null;
}

/** Lets events happen. */
export interface EventPlayer {
  readonly courses: readonly Course[];
  /** Once a second, before the city moves. @returns whether an event has begun or ended */
  play: () => boolean;
  /** Ends everything that is in force and lets nothing else begin. */
  stop: () => void;
}

/** Events before any of them has happened. @param start ms since epoch, what their times count from */
export function coursesOf(events: Scenario['events'], start: number): Course[] {
  return events.map((event) => {
    const from = event.at === undefined ? null : start + secondsOf(event.at)! * SECOND;
    const until = from === null || event.for === undefined ? null : from + secondsOf(event.for)! * SECOND;
    return { event, phase: 'waiting', from, until, standing: null };
  });
}

/**
 * @param courses moved on as events happen; those in force are taken up where they are
 * @param note is told what happens
 */
export function eventPlayer(
  city: City,
  force: Force,
  courses: Course[],
  note: (text: string) => void,
): EventPlayer {
  const due = courses.map((course) => dueTest(city, course));
  for (const { phase, standing } of courses) if (phase === 'in force' && standing) force.resume(standing);
  const begin = (course: Course) => {
    const { event } = course;
    note(describeEvent(event));
    course.from = city.time;
    if (event.do === 'command') {
      for (const refusal of giveCommand(city, event, force.offline)) note(refusal);
      course.phase = 'over';
      return;
    }
    course.phase = 'in force';
    if (event.for !== undefined) course.until = city.time + secondsOf(event.for)! * SECOND;
    course.standing = force.begin(event);
  };
  const end = (course: Course) => {
    if (course.standing) {
      force.end(course.standing);
      note(`over: ${describeEvent(course.event)}`);
    }
    course.standing = null;
    course.phase = 'over';
    course.until = city.time;
  };
  return {
    courses,
    play: () => {
      let changed = false;
      courses.forEach((course, i) => {
        const { phase, until } = course;
        if (phase === 'waiting' && due[i]!()) begin(course);
        else if (phase === 'in force' && until !== null && city.time >= until) end(course);
        else return;
        changed = true;
      });
      force.refresh();
      return changed;
    },
    stop: () => {
      for (const course of courses) if (course.phase !== 'over') end(course);
    },
  };
}

function dueTest(city: City, { event, from }: Course): () => boolean {
  if (event.when === undefined) return () => city.time >= from!;
  const condition = parseCondition(event.when);
  const { places, read } = probe(city, condition);
  return () => {
    for (let i = 0; i < places.length; i++) {
      const value = read(i);
      if (condition.side === 'above' ? value > condition.value : value < condition.value) return true;
    }
    return false;
  };
}

/** `burst node J-00037 flow 900` */
export function describeEvent({ do: what, ...rest }: ScenarioEvent): string {
  const facts = Object.entries(rest).flatMap(([key, value]) =>
    ['at', 'when', 'for'].includes(key) || value === undefined ? [] : [`${key} ${value}`],
  );
  return [what, ...facts].join(' ');
}
