import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Select } from 'antd';
import { useState } from 'react';
import type { StationKind } from '#twin/model/station.ts';
import type { Equipment } from '#twin/rules/equipment.ts';
import type { AlarmFigures } from '#twin/wire/alarms.ts';
import { useCity } from '../api/queries.ts';
import { formatCount, formatValue } from '../format/number.ts';
import { formatAge } from '../format/time.ts';
import { Figure } from '../health/Figure.tsx';
import '../health/health.css';
import { useWords } from '../i18n/i18n.ts';
import { useServerNow } from '../live/hooks.ts';
import { FailedNote } from '../panels/FailedNote.tsx';
import { Waiting } from '../panels/Waiting.tsx';
import { clockFor } from '../timebar/TimeBar.tsx';
import type { Naming } from './names.ts';
import { PRIORITY_WORDS, PriorityMark } from './PriorityMark.tsx';
import { alarmFiguresAt } from './queries.ts';
import { RANGES, type Range } from './ranges.ts';

const SHOWN = ['day', 'week', 'month'] as const satisfies readonly Range[];
const MINUTE = 60_000;
/** More annunciations in ten minutes are a flood (ISA-18.2, EEMUA 191). */
const MOST_PER_WINDOW = 10;

/** How the alarms weigh on the people who are told of them. */
export function FiguresTab({ naming }: { naming: Naming }) {
  const { t, ages } = useWords();
  const [range, setRange] = useState<(typeof SHOWN)[number]>('day');
  const to = useServerNow(MINUTE) + MINUTE;
  const query = useQuery({ ...alarmFiguresAt(to - RANGES[range], to), placeholderData: keepPreviousData });
  const figures = query.data;
  const age = (ms: number | null) => (ms === null ? '–' : formatAge(ms, ages));
  return (
    <div className="alarm-figures">
      <div className="alarm-filters">
        <Select
          size="small"
          value={range}
          aria-label={t('alarms.filter.range')}
          popupMatchSelectWidth={false}
          options={SHOWN.map((one) => ({ value: one, label: t(`alarms.range.${one}`) }))}
          onChange={setRange}
        />
      </div>
      {figures ? (
        <div className="alarm-figures-body">
          <div className="figures">
            <Figure label={t('alarms.figure.told')} value={formatCount(figures.told)} />
            <Figure label={t('alarms.figure.perHour')} value={formatValue(figures.perHour, 0.01)} />
            <Figure
              label={t('alarms.figure.most')}
              value={formatCount(figures.most)}
              unit={`≤ ${MOST_PER_WINDOW}`}
            />
            <Figure label={t('alarms.figure.floods')} value={formatCount(figures.floods)} />
            <Figure label={t('alarms.figure.standing')} value={formatCount(figures.standing)} />
            <Figure label={t('alarms.figure.stale')} value={formatCount(figures.stale)} />
            <Figure label={t('alarms.figure.chattered')} value={formatCount(figures.chattered)} />
            <Figure label={t('alarms.figure.toAcknowledge')} value={age(figures.toAcknowledge)} />
            <Figure label={t('alarms.figure.toClear')} value={age(figures.toClear)} />
          </div>
          <Windows figures={figures} />
          <div className="alarm-tops">
            <Mix figures={figures} />
            <Top
              title={t('alarms.figure.byRule')}
              rows={figures.byRule.map(({ name, count }) => ({ name: naming.rule(name), count }))}
            />
            <Top
              title={t('alarms.figure.byStation')}
              rows={figures.byStation.map(({ name, count }) => ({
                name: naming.place({ station: name }),
                count,
              }))}
            />
            <Top
              title={t('alarms.figure.byEquipment')}
              rows={figures.byEquipment.map(({ name, count }) => ({
                name: name === '' ? t('alarms.equipment.other') : t(`alarms.equipment.${name as Equipment}`),
                count,
              }))}
            />
            <Top title={t('alarms.figure.byMaker')} rows={figures.byMaker} />
            <Top
              title={t('alarms.figure.byKind')}
              rows={figures.byKind.map(({ name, count }) => ({
                name: t(`kind.${name as StationKind}`),
                count,
              }))}
            />
          </div>
        </div>
      ) : query.error ? (
        <FailedNote what="alarms" error={query.error} onRetry={() => query.refetch()} />
      ) : (
        <Waiting words={t('alarms.loading')} />
      )}
    </div>
  );
}

/** Annunciations in each ten minutes, and the line above which they are a flood. */
function Windows({ figures: { from, to, windows, most } }: { figures: AlarmFigures }) {
  const { t } = useWords();
  const clock = clockFor(useCity().data?.timeZone ?? 'Asia/Shanghai');
  const top = Math.max(most, MOST_PER_WINDOW) * 1.1;
  // the first and the last window may reach beyond what is shown
  const shareOf = (start: number) =>
    (100 * (Math.min(to, start + 10 * MINUTE) - Math.max(from, start))) / (to - from);
  return (
    <section className="card">
      <h2>{t('alarms.figure.windows')}</h2>
      <div className="alarm-windows" role="img" aria-label={t('alarms.figure.windows')}>
        <i style={{ bottom: `${(100 * MOST_PER_WINDOW) / top}%` }} />
        {windows.map(({ start, count }) => (
          <b
            key={start}
            className={count > MOST_PER_WINDOW ? 'alarm-bar is-flood' : 'alarm-bar'}
            title={`${clock.dayMinute(start)} · ${formatCount(count)}`}
            style={{
              left: `${(100 * Math.max(0, start - from)) / (to - from)}%`,
              width: `max(0.125rem, ${shareOf(start)}%)`,
              height: `${(100 * count) / top}%`,
            }}
          />
        ))}
      </div>
      <p className="alarm-window-ends">
        <span>{clock.dayMinute(from)}</span>
        <span>{clock.dayMinute(to)}</span>
      </p>
    </section>
  );
}

function Mix({ figures: { byPriority, told } }: { figures: AlarmFigures }) {
  const { t } = useWords();
  return (
    <section className="card">
      <h2>{t('alarms.figure.mix')}</h2>
      <ul className="alarm-top">
        {PRIORITY_WORDS.map((word, i) => (
          <li key={word}>
            <span className="alarm-name-of">
              <PriorityMark priority={i + 1} /> {t(`alarms.priority.${word}`)}
            </span>
            <span className="alarm-count-of">{formatCount(byPriority[i] ?? 0)}</span>
            <small>{told === 0 ? '–' : `${formatValue((100 * (byPriority[i] ?? 0)) / told, 1)} %`}</small>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Top({ title, rows }: { title: string; rows: readonly { name: string; count: number }[] }) {
  const { t } = useWords();
  return (
    <section className="card">
      <h2>{title}</h2>
      {rows.length === 0 && <p className="card-words">{t('alarms.noHistory')}</p>}
      <ul className="alarm-top">
        {rows.map(({ name, count }) => (
          <li key={name}>
            <span className="alarm-name-of">{name}</span>
            <span className="alarm-count-of">{formatCount(count)}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
