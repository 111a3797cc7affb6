import type { ReactNode } from 'react';
import { MINUTE } from '#twin/units.ts';
import type { City, StationSummary } from '#twin/wire/api.ts';
import { formatAge } from '../format/time.ts';
import { useWords } from '../i18n/i18n.ts';
import { useServerNow } from '../live/hooks.ts';
import { flagsOf, priorityOf, stateOf } from '../overview/condition.ts';
import { ageOf } from '../overview/readings.ts';
import { useOverview } from '../overview/useOverview.ts';
import { StateMark } from '../panels/StateMark.tsx';

interface Props {
  station: StationSummary;
  city: City | undefined;
  row: number;
  children?: ReactNode;
}

/** Who the station is and how it is: name, code, kind, district, state, what is wrong, age of its last message. */
export function StationHeader({ station, city, row, children }: Props) {
  const { t, local, ages } = useWords();
  const { sheet, linked, moment } = useOverview(1000);
  const now = useServerNow();
  const district = city?.districts.find(({ code }) => code === station.district);
  const ready = sheet !== undefined && row >= 0 && row < sheet.rows;
  const state = ready ? stateOf(sheet, row, linked) : 'never';
  const flags = ready ? flagsOf(sheet, row) : [];
  const priority = ready ? priorityOf(sheet, row) : 0;
  const age = ready ? ageOf(sheet, row, moment === 'live' ? now : moment + MINUTE) : Number.NaN;
  return (
    <header className="station-header">
      <div className="station-title">
        <StateMark state={state} priority={priority} />
        <h1>{local(station.name)}</h1>
        {children}
      </div>
      <p className="station-facts">
        <code>{station.code}</code>
        <span>{t(`kind.${station.kind}`)}</span>
        <span>{district ? local(district.name) : station.district}</span>
        {ready ? (
          <>
            <span className={`state-word state-${state}`} title={t(`stateHint.${state}`)}>
              {t(`state.${state}`)}
            </span>
            <span>
              {t('station.lastMessage')} {Number.isNaN(age) ? t('station.never') : formatAge(age, ages)}
            </span>
          </>
        ) : (
          <span>{t('stateUnknown')}</span>
        )}
      </p>
      {flags.length > 0 && (
        <p className={`flags p${priority}`}>{flags.map((flag) => t(`flag.${flag}`)).join(' · ')}</p>
      )}
    </header>
  );
}
