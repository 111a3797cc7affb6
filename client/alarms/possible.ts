import type { AlarmSummary } from '#twin/wire/alarms.ts';
import type { ActionKind } from './useActions.ts';

/** Whether an action makes sense for an alarm as it stands. */
export function possible(kind: ActionKind, { state }: Pick<AlarmSummary, 'state'>): boolean {
  switch (kind) {
    case 'acknowledge':
      return state === 'unacknowledged' || state === 'returned';
    case 'reset':
      return state === 'latched';
    default:
      return state !== 'normal' && state !== 'shelved' && state !== 'outOfService';
  }
}

/** Whether a shelf is proposed: for what chatters and could be put on one. What a cause explains is silent as it is. */
export const proposesShelf = (alarm: Pick<AlarmSummary, 'state' | 'chattering'>): boolean =>
  alarm.chattering && alarm.state !== 'suppressed' && possible('shelve', alarm);
