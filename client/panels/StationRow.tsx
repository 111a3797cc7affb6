import { NavLink } from 'react-router';
import { OVERVIEW_COLUMNS, OVERVIEW_INDEX } from '#twin/overview/columns.ts';
import type { StationSummary } from '#twin/wire/api.ts';
import type { Sheet } from '#twin/wire/sheet.ts';
import { formatSigned, formatValue } from '../format/number.ts';
import { formatAge } from '../format/time.ts';
import { useWords } from '../i18n/i18n.ts';
import { useLive } from '../live/hooks.ts';
import { COLOUR_RULES } from '../map/colouring.ts';
import { cell, flagsOf, priorityOf, stateOf } from '../overview/condition.ts';
import { ageOf } from '../overview/readings.ts';
import { useMoment } from '../state/moment.ts';
import { useView } from '../state/view.ts';
import { StateMark } from './StateMark.tsx';

interface Props {
  station: StationSummary;
  row: number;
  sheet: Sheet | undefined;
  linked: boolean;
  selected: boolean;
}

/** One station in the list: its mark, its name, what is wrong or its coloured value, and its age when old. */
export function StationRow({ station, row, sheet, linked, selected }: Props) {
  const { t, local, ages } = useWords();
  const { clock } = useLive();
  const moment = useMoment((state) => state.moment);
  const colouring = useView((view) => view.colouring);
  const ready = sheet !== undefined && row < sheet.rows;
  const state = ready ? stateOf(sheet, row, linked) : 'never';
  const flags = ready ? flagsOf(sheet, row) : [];
  const priority = ready ? priorityOf(sheet, row) : 0;
  const key = COLOUR_RULES[colouring]?.column ?? 'outflow';
  const column = OVERVIEW_COLUMNS[OVERVIEW_INDEX[key]]!;
  const format = key === 'pressureError' ? formatSigned : formatValue;
  const age = ready ? ageOf(sheet, row, moment === 'live' ? clock.now() : moment + 60_000) : Number.NaN;
  return (
    <NavLink
      to={`/stations/${encodeURIComponent(station.code)}`}
      className={`station-row ${selected ? 'is-selected' : ''} ${state === 'live' || !ready ? '' : 'is-old'}`}
      aria-current={selected}
    >
      <StateMark state={state} priority={priority} />
      <span className="row-name">{local(station.name)}</span>
      <span className="row-value">
        {ready && state !== 'never' ? format(cell(sheet, row, key), column.resolution) : ready ? '–' : '…'}{' '}
        <i>{column.unit}</i>
      </span>
      <span className="row-sub">
        <code>{station.code}</code> {t(`kind.${station.kind}`)}
        {flags.length > 0 && <em className={`flags p${priority}`}>{t(`flag.${flags[0]!}`)}</em>}
      </span>
      <span className="row-age">
        {state === 'live' || !ready ? '' : Number.isNaN(age) ? t('state.never') : formatAge(age, ages)}
      </span>
    </NavLink>
  );
}
