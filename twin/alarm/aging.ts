import type { Rule } from '#twin/rules/load.ts';
import type { AgeStep, Alarm, AlarmEvent } from './alarm.ts';
import { event } from './life.ts';

/** A change of priority that a rule asks for once an alarm has stood for `after` ms since people were told. */
interface Step {
  kind: AgeStep;
  after: number;
  to: number;
}

/**
 * Does what the age of an alarm asks for at `now`, ms since epoch: each step once, in the order of their times. While
 * nobody was told, it is silent or over, nothing is due.
 */
export function step(alarm: Alarm, rule: Rule, now: number, events: AlarmEvent[]): void {
  if (!rule.escalate && !rule.downgrade) return;
  if (alarm.told === null || alarm.silent || !alarm.active) return;
  const stood = now - alarm.told;
  const due = stepsOf(rule).filter(({ kind, after, to }) => after <= stood && isOpen(alarm, kind, to));
  for (const [i, { kind, to }] of due.entries()) {
    alarm.aged = [...alarm.aged, kind];
    alarm.priority = Math.min(to, alarm.urged ?? to);
    // after a shelf several may be due at once: people are told of what is, not of what was passed through
    const annunciates = kind === 'escalated' && i === due.length - 1;
    events.push(event(now, kind, alarm, { annunciates }));
  }
}

/** The steps of a rule by their times; of two at one time the escalation comes last, so that it counts. */
function stepsOf({ escalate, downgrade }: Pick<Rule, 'escalate' | 'downgrade'>): Step[] {
  const steps: Step[] = [];
  if (downgrade) steps.push({ kind: 'downgraded', ...downgrade });
  if (escalate) steps.push({ kind: 'escalated', ...escalate });
  return steps.sort((a, b) => a.after - b.after);
}

/** Whether a step has not happened and would change something; who has acknowledged is not urged any more. */
function isOpen({ aged, acknowledged, priority, urged }: Alarm, kind: AgeStep, to: number): boolean {
  if (aged.includes(kind)) return false;
  if (kind === 'escalated') return !acknowledged && priority > to;
  return priority < Math.min(to, urged ?? to);
}

/** The priority of an alarm as a rule gives it now, by what its age and what it explains have done to it. */
export function priorityOf(
  { aged, urged = Number.POSITIVE_INFINITY }: Pick<Alarm, 'aged' | 'urged'>,
  { text, escalate, downgrade }: Rule,
): number {
  const steps = { escalated: escalate, downgraded: downgrade };
  const last = aged.findLast((kind) => steps[kind] !== null);
  return Math.min(urged, last === undefined ? text.priority : steps[last]!.to);
}
