import { useWords } from '../i18n/i18n.ts';
import type { Priority } from '../overview/condition.ts';
import { StateMark } from '../panels/StateMark.tsx';

/** The words of the priorities 1 to 4. */
export const PRIORITY_WORDS = ['urgent', 'high', 'medium', 'low'] as const;

/** The shape and colour of a priority; hollow when nothing is active any more. */
export function PriorityMark({ priority, active = true }: { priority: number; active?: boolean }) {
  const { t } = useWords();
  const word = PRIORITY_WORDS[priority - 1] ?? 'low';
  return (
    <span className={`priority-mark ${active ? '' : 'is-hollow'}`} title={t(`alarms.priority.${word}`)}>
      <StateMark state="live" priority={priority as Priority} />
    </span>
  );
}
