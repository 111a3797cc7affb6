import { didYouMean } from '#twin/nearNames.ts';
import { parseDuration } from '#twin/rules/units.ts';
import { MINUTE } from '#twin/units.ts';
import { readYaml } from '#twin/yaml/located.ts';
import { misfitsOf } from '#twin/yaml/wrongShape.ts';
import { type ChannelText, notificationSchema, type RouteText } from './file.ts';
import { type Group, gapIn, groupOf } from './roster.ts';

/** Who is told of alarms, how, and when. Times in ms. */
export interface Book {
  /** where the product is found, without a slash at its end */
  site: string;
  zoneOffset: number;
  channels: ReadonlyMap<string, ChannelText>;
  groups: ReadonlyMap<string, Group>;
  routes: readonly Route[];
}

export interface Route {
  id: string;
  /** empty: all */
  priorities: ReadonlySet<number>;
  districts: ReadonlySet<string>;
  rules: ReadonlySet<string>;
  /** groups or channels */
  tell: readonly string[];
  repeat: { every: number; most: number } | null;
  /** by rising time */
  escalate: readonly { after: number; tell: readonly string[] }[];
  /** whether those who were told hear of its return */
  returned: boolean;
}

/** Names that the file may use and that stand elsewhere. */
export interface KnownNames {
  districts: readonly string[];
  rules: readonly string[];
}

/** The file is refused: one line per mistake, with file, line, column and a suggestion. */
export class BookError extends Error {
  constructor(issues: readonly { file: string; line: number; column: number; message: string }[]) {
    super(
      issues.map(({ file, line, column, message }) => `${file}:${line}:${column}: ${message}`).join('\n'),
    );
    this.name = 'BookError';
  }
}

/**
 * Reads the file.
 * @throws BookError with everything that is wrong: form, names that lead nowhere, rosters with nobody on duty, rules
 * and districts that do not exist
 */
export function readBook(file: string, text: string, known: KnownNames): Book {
  const { value, problems, placeOf } = readYaml(text);
  if (problems.length > 0) throw new BookError(problems.map(({ at, message }) => ({ file, ...at, message })));
  const issues: { path: PropertyKey[]; message: string }[] = [];
  const parsed = notificationSchema.safeParse(value);
  if (!parsed.success)
    issues.push(
      ...misfitsOf(parsed.error, notificationSchema).map(({ path, message }) => ({
        path,
        message: `${path.length > 0 ? `${path.join('.')}: ` : ''}${message}`,
      })),
    );
  const refused = () => {
    throw new BookError(issues.map(({ path, message }) => ({ file, ...placeOf(path), message })));
  };
  if (!parsed.success) return refused();
  const { site, zone, channels, groups, routes } = parsed.data;
  const say = (path: PropertyKey[], message: string) => issues.push({ path, message });
  const channelIds = Object.keys(channels);
  const groupIds = Object.keys(groups);
  const lead = (ids: readonly string[], to: readonly string[], what: string, ...path: PropertyKey[]) =>
    ids.forEach((one, i) => {
      if (!to.includes(one)) say([...path, i], `there is no ${what} ${one}${didYouMean(one, to)}`);
    });
  for (const one of groupIds)
    if (channelIds.includes(one))
      say(['groups', one], `${one} is a channel already: names lead to one thing`);
  const made = new Map<string, Group>();
  for (const [one, group] of Object.entries(groups)) {
    group.shifts.forEach((shift, i) => {
      lead(shift.channels, channelIds, 'channel', 'groups', one, 'shifts', i, 'channels');
      shift.cycle?.on.forEach((day, n) => {
        if (day > shift.cycle!.of)
          say(['groups', one, 'shifts', i, 'cycle', 'on', n], `the cycle has ${shift.cycle!.of} days`);
      });
    });
    lead(group.otherwise ?? [], channelIds, 'channel', 'groups', one, 'otherwise');
    made.set(one, groupOf(group));
  }
  if (issues.length === 0)
    for (const [one, group] of made) {
      const gap = gapIn(group);
      if (gap)
        say(
          ['groups', one],
          `nobody is on duty in ${one} on ${gap.weekday} at ${clockText(gap.minute)}: add a shift, or "otherwise"`,
        );
    }
  const targets = [...groupIds, ...channelIds];
  routes.forEach((route, i) => {
    if (routes.findIndex(({ id }) => id === route.id) < i)
      say(['routes', i, 'id'], `a route ${route.id} is there already`);
    lead(route.tell, targets, 'group or channel', 'routes', i, 'tell');
    for (const [n, { tell }] of (route.escalate ?? []).entries())
      lead(tell, targets, 'group or channel', 'routes', i, 'escalate', n, 'tell');
    // a city without stations has no districts yet
    if (known.districts.length > 0)
      lead(route.districts ?? [], known.districts, 'district', 'routes', i, 'districts');
    lead(route.rules ?? [], known.rules, 'alarm rule', 'routes', i, 'rules');
  });
  if (issues.length > 0) return refused();
  return {
    site: site.replace(/\/+$/, ''),
    zoneOffset: offsetOf(zone),
    channels: new Map(Object.entries(channels)),
    groups: made,
    routes: routes.map(routeOf),
  };
}

const milliseconds = (text: string): number => Math.round(parseDuration(text)! * 1000);

const routeOf = ({
  id,
  priorities,
  districts,
  rules,
  tell,
  repeat,
  escalate = [],
  returned = false,
}: RouteText): Route => ({
  id,
  priorities: new Set(priorities),
  districts: new Set(districts),
  rules: new Set(rules),
  tell: [...tell],
  repeat: repeat ? { every: milliseconds(repeat.every), most: repeat.most } : null,
  escalate: escalate
    .map((step) => ({ after: milliseconds(step.after), tell: [...step.tell] }))
    .sort((a, b) => a.after - b.after),
  returned,
});

function offsetOf(zone: string): number {
  const [hours, minutes] = zone.slice(1).split(':').map(Number);
  return (zone.startsWith('-') ? -1 : 1) * (hours! * 60 + minutes!) * MINUTE;
}

const clockText = (minute: number): string =>
  `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
