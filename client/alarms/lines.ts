import type { AlarmSummary } from '#twin/wire/alarms.ts';

/** What of the open list is shown: what somebody has to see to, what is kept silent, or all. */
export type Show = 'current' | 'silent' | 'all';
export type GroupBy = 'none' | 'rule' | 'station' | 'zone' | 'district' | 'kind' | 'equipment' | 'maker';

export interface AlarmFilter {
  show: Show;
  /** 0: all */
  priority: number;
  rule: string;
  district: string;
  text: string;
}

/** What the page knows of an alarm beside the alarm itself. */
export interface AlarmNames {
  /** text that the filter looks in, lower case */
  searched(alarm: AlarmSummary): string;
  /** the group it belongs to and the group's name */
  groupOf(alarm: AlarmSummary, by: Exclude<GroupBy, 'none'>): { key: string; label: string };
}

export type Line =
  | { kind: 'group'; key: string; label: string; count: number; worst: number; folded: boolean }
  | { kind: 'alarm'; alarm: AlarmSummary; depth: number; consequences: number; unfolded: boolean };

/**
 * The rows of the open list: causes with what they explain beneath them, most urgent first, in groups if asked for.
 * Consequences of a line that is not in `toggled` are folded away; a group that is in it is folded.
 */
export function linesOf(
  alarms: readonly AlarmSummary[],
  filter: AlarmFilter,
  by: GroupBy,
  toggled: ReadonlySet<string>,
  names: AlarmNames,
): Line[] {
  const beneath = consequencesOf(alarms);
  const byId = new Map(alarms.map((alarm) => [alarm.id, alarm]));
  const shown = alarms.filter((alarm) => isShown(alarm, filter, byId) && matches(alarm, filter, names));
  shown.sort(byUrgency);
  const lines: Line[] = [];
  const put = (alarm: AlarmSummary, depth: number) => {
    const children = beneath.get(alarm.id) ?? [];
    const unfolded = toggled.has(String(alarm.id));
    lines.push({ kind: 'alarm', alarm, depth, consequences: children.length, unfolded });
    if (unfolded) for (const child of children) put(child, depth + 1);
  };
  if (by === 'none') {
    for (const alarm of shown) put(alarm, 0);
    return lines;
  }
  const largest = [...groupsOf(shown, by, names)].sort(
    ([, a], [, b]) => a.members[0]!.priority - b.members[0]!.priority || b.members.length - a.members.length,
  );
  for (const [name, { label, members }] of largest) {
    const key = `${by}:${name}`;
    const folded = toggled.has(key);
    lines.push({ kind: 'group', key, label, count: members.length, worst: members[0]!.priority, folded });
    if (!folded) for (const alarm of members) put(alarm, 0);
  }
  return lines;
}

/**
 * The rows of the history: as the alarms come, or in groups, the largest first. A group that is not in `unfolded` is folded.
 */
export function historyLines(
  alarms: readonly AlarmSummary[],
  by: GroupBy,
  unfolded: ReadonlySet<string>,
  names: AlarmNames,
): Line[] {
  const plain = (alarm: AlarmSummary): Line => ({
    kind: 'alarm',
    alarm,
    depth: 0,
    consequences: 0,
    unfolded: false,
  });
  if (by === 'none') return alarms.map(plain);
  const largest = [...groupsOf(alarms, by, names)].sort(
    ([, a], [, b]) => b.members.length - a.members.length,
  );
  return largest.flatMap(([name, { label, members }]): Line[] => {
    const key = `${by}:${name}`;
    const folded = !unfolded.has(key);
    const worst = Math.min(...members.map(({ priority }) => priority));
    const head: Line = { kind: 'group', key, label, count: members.length, worst, folded };
    return folded ? [head] : [head, ...members.map(plain)];
  });
}

interface Group {
  label: string;
  members: AlarmSummary[];
}

function groupsOf(
  alarms: readonly AlarmSummary[],
  by: Exclude<GroupBy, 'none'>,
  names: AlarmNames,
): Map<string, Group> {
  const groups = new Map<string, Group>();
  for (const alarm of alarms) {
    const { key, label } = names.groupOf(alarm, by);
    const group = groups.get(key) ?? { label, members: [] };
    group.members.push(alarm);
    groups.set(key, group);
  }
  return groups;
}

/** What each alarm explains, most urgent first. */
function consequencesOf(alarms: readonly AlarmSummary[]): Map<number, AlarmSummary[]> {
  const beneath = new Map<number, AlarmSummary[]>();
  for (const alarm of alarms) {
    if (alarm.cause === null) continue;
    const known = beneath.get(alarm.cause);
    if (known) known.push(alarm);
    else beneath.set(alarm.cause, [alarm]);
  }
  for (const children of beneath.values()) children.sort(byUrgency);
  return beneath;
}

/** What stands beneath a cause is shown there and nowhere else, as long as the cause is listed. */
const isSilenced = ({ state }: AlarmSummary): boolean => state === 'shelved' || state === 'outOfService';

function isShown(
  alarm: AlarmSummary,
  { show }: AlarmFilter,
  byId: ReadonlyMap<number, AlarmSummary>,
): boolean {
  const above = alarm.cause === null ? undefined : byId.get(alarm.cause);
  if (show === 'silent') return isSilenced(alarm);
  // what people were told is not out of sight because its cause was put away since
  const explained =
    above !== undefined && (show === 'all' || alarm.state === 'suppressed' || !isSilenced(above));
  return !explained && (show === 'all' || !isSilenced(alarm));
}

function matches(alarm: AlarmSummary, filter: AlarmFilter, names: AlarmNames): boolean {
  if (filter.priority !== 0 && alarm.priority !== filter.priority) return false;
  if (filter.rule !== '' && alarm.rule !== filter.rule) return false;
  if (filter.district !== '' && alarm.district !== filter.district) return false;
  const text = filter.text.trim().toLowerCase();
  return text === '' || names.searched(alarm).includes(text);
}

const waits = ({ state }: AlarmSummary): number =>
  state === 'unacknowledged' ? 0 : state === 'returned' || state === 'latched' ? 2 : 1;

const byUrgency = (a: AlarmSummary, b: AlarmSummary): number =>
  a.priority - b.priority || waits(a) - waits(b) || b.raisedAt - a.raisedAt || b.id - a.id;
