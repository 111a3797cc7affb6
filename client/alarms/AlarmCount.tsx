import { NavLink } from 'react-router';
import { formatCount } from '../format/number.ts';
import { useWords } from '../i18n/i18n.ts';
import { Glyph } from '../panels/Glyph.tsx';
import { PriorityMark } from './PriorityMark.tsx';
import { useAlarmCounts } from './queries.ts';
import { useAlarmSound } from './sound.ts';

/** The way to the alarms, with how many wait to be acknowledged by priority; heard on every page. */
export function AlarmCount() {
  const { t } = useWords();
  useAlarmSound();
  const waiting = useAlarmCounts()?.waiting ?? [0, 0, 0, 0];
  const [p1 = 0, p2 = 0, p3 = 0, p4 = 0] = waiting;
  const words = t('alarms.waitingCount', { p1, p2, p3, p4 });
  return (
    <NavLink to="/alarms" className="page-link alarm-count" title={words} aria-label={words}>
      <Glyph name="bell" />
      <span>{t('nav.alarms')}</span>
      {waiting.map(
        (count, i) =>
          count > 0 && (
            // biome-ignore lint/suspicious/noArrayIndexKey: the place is the priority
            <b key={i}>
              <PriorityMark priority={i + 1} /> {formatCount(count)}
            </b>
          ),
      )}
    </NavLink>
  );
}
