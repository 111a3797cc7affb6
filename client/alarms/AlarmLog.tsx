import type { AlarmEventKind } from '#twin/alarm/alarm.ts';
import type { AlarmDetail, AlarmSummary } from '#twin/wire/alarms.ts';
import { useCity } from '../api/queries.ts';
import { useWords } from '../i18n/i18n.ts';
import { clockFor } from '../timebar/TimeBar.tsx';
import type { Naming } from './names.ts';
import { PriorityMark } from './PriorityMark.tsx';

/** What gives an alarm another priority. */
const GRADES: ReadonlySet<string> = new Set<AlarmEventKind>(['escalated', 'downgraded', 'regraded']);

/** What happened to an alarm, and who did what. */
export function AlarmLog({ detail }: { detail: AlarmDetail }) {
  const { t } = useWords();
  const clock = clockFor(useCity().data?.timeZone ?? 'Asia/Shanghai');
  return (
    <section>
      <h2>{t('alarms.detail.log')}</h2>
      <ol className="alarm-log">
        {detail.log.map(({ time, kind, priority, by, reason }, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a log only grows at its end
          <li key={i}>
            <time>{clock.second(time)}</time>
            <b>{t(`alarms.event.${kind as AlarmEventKind}`)}</b>
            {GRADES.has(kind) && <PriorityMark priority={priority} />}
            <span>
              {by && t('alarms.detail.by', { name: by })} {reason}
            </span>
          </li>
        ))}
      </ol>
    </section>
  );
}

interface OthersProps {
  title: string;
  alarms: readonly AlarmSummary[];
  naming: Naming;
  onOpen(id: number): void;
}

/** Rows shown before the rest is left to the list. */
const MOST = 60;

/** Other alarms that belong to this one. */
export function OtherAlarms({ title, alarms, naming, onOpen }: OthersProps) {
  const { t } = useWords();
  const clock = clockFor(useCity().data?.timeZone ?? 'Asia/Shanghai');
  return (
    <section>
      <h2>{title}</h2>
      {alarms.length === 0 && <p className="card-words">{t('alarms.detail.beforeNone')}</p>}
      <ul className="alarm-others">
        {alarms.slice(0, MOST).map((alarm) => (
          <li key={alarm.id}>
            <button type="button" onClick={() => onOpen(alarm.id)}>
              <PriorityMark priority={alarm.priority} active={alarm.active} />
              <time>{clock.dayMinute(alarm.raisedAt)}</time>
              <span>{naming.rule(alarm.rule)}</span>
              <span>
                {naming.place(alarm)} {naming.spot(alarm)}
              </span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
