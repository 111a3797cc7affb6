import type { AlarmSummary } from '#twin/wire/alarms.ts';
import { useCity } from '../api/queries.ts';
import { formatAge } from '../format/time.ts';
import { useWords } from '../i18n/i18n.ts';
import { useServerNow } from '../live/hooks.ts';
import { clockFor } from '../timebar/TimeBar.tsx';

/** When it was raised, told, acknowledged and over. */
export function AlarmTimes({ alarm }: { alarm: AlarmSummary }) {
  const { t, ages } = useWords();
  const now = useServerNow(1000);
  const clock = clockFor(useCity().data?.timeZone ?? 'Asia/Shanghai');
  const { raisedAt, toldAt, clearedAt, acknowledgedAt, acknowledgedBy, endedAt } = alarm;
  const moment = (time: number | null) =>
    time === null ? '–' : `${clock.dayMinute(time)}:${clock.second(time).slice(-2)}`;
  return (
    <dl className="alarm-times">
      <Fact name={t('alarms.detail.raised')} value={moment(raisedAt)} />
      <Fact
        name={t('alarms.detail.told')}
        value={
          toldAt === null ? t(alarm.late ? 'alarms.detail.late' : 'alarms.detail.notTold') : moment(toldAt)
        }
      />
      <Fact
        name={t('alarms.detail.acknowledged')}
        value={moment(acknowledgedAt)}
        more={acknowledgedBy === null ? '' : t('alarms.detail.by', { name: acknowledgedBy })}
      />
      <Fact name={t('alarms.detail.cleared')} value={moment(clearedAt)} />
      <Fact
        name={t('alarms.detail.lasted')}
        value={formatAge((clearedAt ?? endedAt ?? now) - raisedAt, ages)}
      />
    </dl>
  );
}

function Fact({ name, value, more = '' }: { name: string; value: string; more?: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        {value} {more && <small>{more}</small>}
      </dd>
    </div>
  );
}
