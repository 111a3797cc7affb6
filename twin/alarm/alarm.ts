import type { Diagnosis } from '#twin/diagnosis/diagnose.ts';

/** Why an alarm is kept from people, though its condition holds. */
export type Silence = 'suppressed' | 'shelved' | 'outOfService';

/** What time alone does to an alarm. */
export type AgeStep = 'escalated' | 'downgraded';

/**
 * One alarm of a rule at a station (and there at a pump set or pump). It exists from the moment its condition has
 * held for its delay until it is over and nobody has anything left to do with it.
 */
export interface Alarm {
  readonly rule: string;
  readonly station: string;
  /** `LO`, `LO/P1`, or '' for the station as a whole */
  readonly spot: string;
  /** as escalated or downgraded */
  priority: number;
  /** the most urgent priority of what it explains; absent while that is not more urgent than itself */
  urged?: number;
  /** what its age has done to it so far, in order: each step happens once */
  aged: readonly AgeStep[];
  active: boolean;
  acknowledged: boolean;
  /** returned, acknowledged, and still waits for a reset */
  latched: boolean;
  chattering: boolean;
  silent: Silence | null;
  /** key of the alarm that explains this one, while suppressed */
  cause: string | null;
  /** ms since epoch; `told` is when people were told, null while they were not */
  raisedAt: number;
  told: number | null;
  /** an earlier time that it was told of still waits to be acknowledged, or reset */
  owed?: boolean;
  clearedAt: number | null;
  /** values of the rule's evidence when it was raised; null where it was not known */
  evidence: Record<string, number | null>;
  /** causes that its rule can tell apart, the most likely first, as they were when it was raised */
  diagnosis: readonly Diagnosis[];
}

export const keyOf = ({ rule, station, spot }: Pick<Alarm, 'rule' | 'station' | 'spot'>): string =>
  `${rule}|${station}|${spot}`;
export const ruleOfKey = (key: string): string => key.slice(0, key.indexOf('|'));

/** Where alarms of the platform itself stand: it is no station. */
export const PLATFORM = 'platform';

/** States by the names of OPC UA Part 9 and ISA-18.2. */
export type AlarmState = 'unacknowledged' | 'acknowledged' | 'returned' | 'latched' | Silence;

/** What an alarm is to the person who reads the list. */
export function stateOf({ silent, active, acknowledged, latched }: Alarm): AlarmState {
  if (silent) return silent;
  if (active) return acknowledged ? 'acknowledged' : 'unacknowledged';
  return latched ? 'latched' : 'returned';
}

/** Nothing is left to do: the alarm returns to normal. */
export const isOver = ({ active, acknowledged, latched, chattering, told, owed }: Alarm): boolean =>
  !active && !latched && !chattering && (acknowledged || (told === null && !owed));

export type AlarmEventKind =
  | 'raised'
  | 'cleared'
  | 'acknowledged'
  | 'reset'
  | 'suppressed'
  | 'freed'
  | 'shelved'
  | 'unshelved'
  | 'outOfService'
  | 'inService'
  | 'escalated'
  | 'downgraded'
  /** its rule has another priority now */
  | 'regraded'
  | 'chatter'
  | 'settled'
  /** its rule is gone, or no longer speaks of this place */
  | 'withdrawn';

/** One line of the alarm log. */
export interface AlarmEvent {
  time: number;
  kind: AlarmEventKind;
  rule: string;
  station: string;
  spot: string;
  priority: number;
  /** whether people are told: an annunciation */
  annunciates: boolean;
  cause?: string;
  evidence?: Record<string, number | null>;
  by?: string;
  reason?: string;
}
