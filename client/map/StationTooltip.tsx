import type { StationSummary } from '#twin/wire/api.ts';
import type { Sheet } from '#twin/wire/sheet.ts';
import { formatAge } from '../format/time.ts';
import { useWords } from '../i18n/i18n.ts';
import { useServerNow } from '../live/hooks.ts';
import { ageOf, readings } from '../overview/readings.ts';
import { StateMark } from '../panels/StateMark.tsx';
import { useMoment } from '../state/moment.ts';
import { usePointed } from '../state/pointed.ts';
import { useScale } from '../state/scale.ts';
import { useView } from '../state/view.ts';

interface Props {
  stations: readonly StationSummary[];
  sheet: Sheet | undefined;
  linked: boolean;
}

/** What a station is and says, beside the pointer: each value with its unit, its age and what is wrong. */
export function StationTooltip({ stations, sheet, linked }: Props) {
  const { row, x, y } = usePointed();
  const { t, local, ages } = useWords();
  const colouring = useView((view) => view.colouring);
  const moment = useMoment((state) => state.moment);
  const now = useServerNow();
  const scale = useScale();
  const station = stations[row];
  if (!station || !sheet || row >= sheet.rows) return null;
  const reading = readings(sheet, row, linked);
  const age = ageOf(sheet, row, moment === 'live' ? now : moment + 60_000);
  const old = reading.state !== 'live';
  return (
    <div className={`tip ${old ? 'is-old' : ''}`} style={placed(x, y, scale)} role="tooltip">
      <header>
        <StateMark state={reading.state} priority={reading.priority} />
        <strong>{local(station.name)}</strong>
        <code>{station.code}</code>
      </header>
      {reading.flags.length > 0 && (
        <p className={`flags p${reading.priority}`}>
          {reading.flags.map((flag) => t(`flag.${flag}`)).join(' · ')}
        </p>
      )}
      <dl>
        {reading.values.map(({ column, text }) => (
          <div key={column.key} className={column.key === colouring ? 'is-chosen' : ''}>
            <dt>{local(column)}</dt>
            <dd>
              <b>{text}</b> <i>{column.unit}</i>
            </dd>
          </div>
        ))}
      </dl>
      <footer>
        {t(`state.${reading.state}`)} · {t('station.lastMessage')}{' '}
        {Number.isNaN(age) ? t('station.never') : formatAge(age, ages)}
      </footer>
    </div>
  );
}

/** Half the height and the whole width of the tooltip with its distance, CSS pixels before scaling. */
const HALF_HEIGHT = 140;
const WIDTH = 276;

/** Beside the station, on the side where there is room, and wholly on the page. */
function placed(x: number, y: number, scale: number): React.CSSProperties {
  const left = x + WIDTH * scale > window.innerWidth ? x - (WIDTH + 12) * scale : x;
  const lowest = window.innerHeight - (HALF_HEIGHT + 110) * scale;
  return { left, top: Math.max(HALF_HEIGHT * scale, Math.min(y, lowest)) };
}
