import type { AlarmSummary } from '#twin/wire/alarms.ts';
import { useCity } from '../api/queries.ts';
import { formatCount } from '../format/number.ts';
import { formatAge, formatMoment } from '../format/time.ts';
import { useWords } from '../i18n/i18n.ts';
import { clockFor } from '../timebar/TimeBar.tsx';
import type { Line } from './lines.ts';
import type { Naming } from './names.ts';
import { PriorityMark } from './PriorityMark.tsx';

interface Props {
  alarm: AlarmSummary;
  naming: Naming;
  now: number;
  depth?: number;
  consequences?: number;
  unfolded?: boolean;
  current: boolean;
  opened: boolean;
  picked?: boolean;
  onOpen(): void;
  onPick?: () => void;
  onUnfold?: () => void;
}

/** Headings of the columns of `AlarmRow`. */
export function AlarmColumns() {
  const { t } = useWords();
  return (
    <div className="alarm-columns" aria-hidden="true">
      <span />
      {(['what', 'where', 'state', 'when', 'lasted'] as const).map((column) => (
        <span key={column} className={`alarm-${column}`}>
          {t(`alarms.column.${column}`)}
        </span>
      ))}
    </div>
  );
}

/** One alarm in a list: what, where, how it stands, since when. */
export function AlarmRow(props: Props) {
  const {
    alarm,
    naming,
    now,
    depth = 0,
    consequences = 0,
    unfolded = false,
    current,
    opened,
    picked,
  } = props;
  const { onOpen, onPick, onUnfold } = props;
  const { t, ages } = useWords();
  const clock = clockFor(useCity().data?.timeZone ?? 'Asia/Shanghai');
  const spot = naming.spot(alarm);
  const until = alarm.clearedAt ?? alarm.endedAt ?? now;
  const waiting = alarm.state === 'unacknowledged' || alarm.state === 'returned';
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the list moves and opens by keys
    // biome-ignore lint/a11y/useFocusableInteractive: the list holds the focus
    <div
      id={`alarm-${alarm.id}`}
      role="option"
      aria-selected={current}
      className={`alarm-row ${waiting ? 'is-waiting' : ''} ${current ? 'is-current' : ''} ${opened ? 'is-opened' : ''}`}
      onClick={onOpen}
    >
      <span className="alarm-pick">
        {onPick && (
          <input
            type="checkbox"
            checked={picked ?? false}
            aria-label={t('alarms.select')}
            tabIndex={-1}
            onClick={(event) => event.stopPropagation()}
            onChange={onPick}
          />
        )}
      </span>
      <span className="alarm-what" style={{ paddingLeft: `${depth * 1.25}rem` }}>
        <PriorityMark priority={alarm.priority} active={alarm.active} />
        <b>{naming.rule(alarm.rule)}</b>
        {alarm.chattering && <em className="alarm-chip">{t('alarms.chattering')}</em>}
        {alarm.late && (
          <em className="alarm-chip" title={t('alarms.lateHint')}>
            {t('alarms.late')}
          </em>
        )}
        {consequences > 0 && (
          <button
            type="button"
            className="alarm-chip"
            tabIndex={-1}
            aria-expanded={unfolded}
            aria-label={t('alarms.consequences', { count: consequences })}
            title={t('alarms.consequences', { count: consequences })}
            onClick={(event) => {
              event.stopPropagation();
              onUnfold?.();
            }}
          >
            {unfolded ? '▾' : '▸'} <span>{t('alarms.consequences', { count: consequences })}</span>
            <i>{formatCount(consequences)}</i>
          </button>
        )}
      </span>
      <span className="alarm-where">
        {naming.place(alarm)} {spot && <i>{spot}</i>} <code>{naming.station(alarm.station)?.code}</code>
      </span>
      <span className={`alarm-state state-of-${alarm.state}`}>{t(`alarms.state.${alarm.state}`)}</span>
      <time className="alarm-when" title={clock.second(alarm.raisedAt)}>
        {formatMoment(alarm.raisedAt, now, clock, ages)}
      </time>
      <span className="alarm-lasted">{formatAge(until - alarm.raisedAt, ages)}</span>
    </div>
  );
}

/** The head of a group: its name, how many, its most urgent priority. */
export function GroupRow({
  group: { label, count, worst, folded },
  current,
  onFold,
}: {
  group: Extract<Line, { kind: 'group' }>;
  current: boolean;
  onFold(): void;
}) {
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the list moves and folds by keys
    // biome-ignore lint/a11y/useFocusableInteractive: the list holds the focus
    <div
      role="option"
      aria-selected={current}
      className={`alarm-group ${current ? 'is-current' : ''}`}
      onClick={onFold}
    >
      <span>{folded ? '▸' : '▾'}</span>
      <PriorityMark priority={worst} />
      <b>{label}</b>
      <small>{formatCount(count)}</small>
    </div>
  );
}
