import type { Book, Route } from './book.ts';
import { onDuty } from './roster.ts';

/** What of an alarm decides who is told. */
export interface Told {
  id: number;
  rule: string;
  /** routes that the rule itself names; null: it leaves it to the routes */
  routes: readonly string[] | null;
  priority: number;
  /** where it is; of what concerns a zone or the city, every district that it touches */
  districts: readonly string[];
}

/** How an alarm stands now. */
export interface Standing {
  active: boolean;
  acknowledged: boolean;
  /** shelved, out of service, or explained by a cause */
  silent: boolean;
  /** its condition has returned, and it does not chatter */
  returned: boolean;
  /** nobody has anything left to do with it */
  over: boolean;
}

/** How far one route has come with one alarm. */
export interface Course {
  alarm: number;
  route: string;
  /** when people were told, ms since epoch */
  since: number;
  /** number of the last reminder, 0 before the first */
  repeats: number;
  /** escalations made */
  escalations: number;
}

export type StepKind = 'told' | 'repeat' | 'escalation' | 'returned';

/** Something that channels are to be told of an alarm. */
export interface Step {
  alarm: number;
  route: string;
  kind: StepKind;
  /** of `told` the priority, else its number from 1 (there is one return) */
  n: number;
  channels: string[];
}

/**
 * The name of a message: the same step to the same channel is the same message, whenever it is made. Of an alarm that
 * people are told of anew (after a shelf, say) all steps are new.
 * @param toldAt when people were told last of the alarm, ms since epoch
 */
export const keyOfStep = (
  { alarm, route, kind, n }: Omit<Step, 'channels'>,
  toldAt: number,
  channel: string,
): string =>
  kind === 'told' || kind === 'returned'
    ? `${alarm}@${toldAt}/${kind}-${n}/${channel}`
    : `${alarm}@${toldAt}/${route}/${kind}-${n}/${channel}`;

const matches = ({ priorities, districts }: Route, told: Told): boolean =>
  (priorities.size === 0 || priorities.has(told.priority)) &&
  (districts.size === 0 || told.districts.some((district) => districts.has(district)));

/**
 * The routes of a rule: those that it names, else all that do not name others. Names that lead nowhere are as if they
 * were not there: an alarm that nobody hears of because of a slip would be worse.
 */
function routesOf({ routes }: Book, told: Told): readonly Route[] {
  const named = routes.filter(({ id }) => told.routes?.includes(id));
  return named.length > 0 ? named : routes.filter(({ rules }) => rules.size === 0 || rules.has(told.rule));
}

/**
 * An annunciation: every route that matches begins with it. A channel that several of them name is told once. A route
 * that was under way with the alarm (its priority rose) begins anew.
 */
export function begin(book: Book, told: Told, now: number): { courses: Course[]; steps: Step[] } {
  const courses: Course[] = [];
  const steps: Step[] = [];
  const already = new Set<string>();
  for (const route of routesOf(book, told)) {
    if (!matches(route, told)) continue;
    courses.push({ alarm: told.id, route: route.id, since: now, repeats: 0, escalations: 0 });
    const channels = channelsOf(book, route.tell, now).filter((channel) => !already.has(channel));
    for (const channel of channels) already.add(channel);
    if (channels.length > 0)
      steps.push({ alarm: told.id, route: route.id, kind: 'told', n: told.priority, channels });
  }
  return { courses, steps };
}

/**
 * What is due of a course at `now`: the next reminder, escalations, or that it has returned. Reminders that were missed (nobody looked, or
 * the alarm was silent) are not made up for: one is enough. The course is null when it has ended.
 */
export function advance(
  book: Book,
  course: Course,
  standing: Standing,
  now: number,
): { course: Course | null; steps: Step[] } {
  const route = book.routes.find(({ id }) => id === course.route);
  if (!route) return { course: null, steps: [] };
  if (standing.returned && route.returned)
    return { course: null, steps: [returnOf(course, toldBy(book, route, course, now))] };
  if (standing.over || (standing.acknowledged && !route.returned)) return { course: null, steps: [] };
  if (standing.silent || standing.acknowledged) return { course, steps: [] };
  const steps: Step[] = [];
  let { repeats, escalations } = course;
  const elapsed = now - course.since;
  const { alarm } = course;
  while (standing.active && (route.escalate[escalations]?.after ?? Number.POSITIVE_INFINITY) <= elapsed) {
    const channels = channelsOf(book, route.escalate[escalations]!.tell, now);
    escalations++;
    steps.push({ alarm, route: route.id, kind: 'escalation', n: escalations, channels });
  }
  const due = route.repeat ? Math.min(route.repeat.most, Math.floor(elapsed / route.repeat.every)) : 0;
  if (due > repeats) {
    // whoever it was escalated to is reminded too, but not twice in one breath
    const told = new Set(steps.flatMap(({ channels }) => channels));
    const wanted = [...route.tell, ...route.escalate.slice(0, escalations).flatMap(({ tell }) => tell)];
    const channels = channelsOf(book, wanted, now).filter((channel) => !told.has(channel));
    repeats = due;
    if (channels.length > 0) steps.push({ alarm, route: route.id, kind: 'repeat', n: due, channels });
  }
  return { course: { ...course, repeats, escalations }, steps };
}

const returnOf = ({ alarm, route }: Course, channels: string[]): Step => ({
  alarm,
  route,
  kind: 'returned',
  n: 1,
  channels,
});

/** Whom a course has told: who was on duty then, and of reminders who is now. */
function toldBy(
  book: Book,
  { tell, escalate }: Route,
  { since, repeats, escalations }: Course,
  now: number,
): string[] {
  const escalated = escalate.slice(0, escalations);
  const reminded = repeats > 0 ? [...tell, ...escalated.flatMap((step) => step.tell)] : [];
  const channels = [
    ...channelsOf(book, tell, since),
    ...escalated.flatMap((step) => channelsOf(book, step.tell, since + step.after)),
    ...channelsOf(book, reminded, now),
  ];
  return [...new Set(channels)];
}

/** Channels behind names of groups and channels at a time, each once. */
function channelsOf({ groups, zoneOffset }: Book, names: readonly string[], now: number): string[] {
  const channels = names.flatMap((name) => {
    const group = groups.get(name);
    return group ? onDuty(group, now, zoneOffset) : [name];
  });
  return [...new Set(channels)];
}

/** Whether a message that has waited should still go out. */
export function stillWanted(kind: StepKind, standing: Standing): boolean {
  // who was told hears of the return whatever has become of the alarm since, but for its coming back
  if (kind === 'returned') return standing.returned;
  if (standing.silent) return false;
  // that it happened is told whatever became of it; a reminder of what is settled would be noise
  if (kind === 'told') return true;
  if (standing.acknowledged || standing.over) return false;
  return kind === 'repeat' || standing.active;
}
