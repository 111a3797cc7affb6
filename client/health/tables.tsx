import { Link } from 'react-router';
import type { DataHealth } from '#twin/wire/api.ts';
import { useStations } from '../api/queries.ts';
import { formatCount } from '../format/number.ts';
import { type Clock, formatAge, formatMoment } from '../format/time.ts';
import { useWords } from '../i18n/i18n.ts';

/** Stations with most faults and gaps. */
export function WorstTable({ health }: { health: DataHealth }) {
  const { t, ages } = useWords();
  if (health.worst.length === 0) return <p className="card-words">{t('health.worstNone')}</p>;
  return (
    <div className="table-scroll">
      <table className="plain-table">
        <thead>
          <tr>
            <th>{t('column.station')}</th>
            <th className="is-number">{t('column.faults')}</th>
            <th className="is-number">{t('column.gaps')}</th>
            <th className="is-number">{t('station.lastMessage')}</th>
          </tr>
        </thead>
        <tbody>
          {health.worst.map(({ station, faults, gaps, lastMessage }) => (
            <tr key={station}>
              <td>
                <StationLink code={station} />
              </td>
              <td className="is-number">{formatCount(faults)}</td>
              <td className="is-number">{formatCount(gaps)}</td>
              <td className="is-number">
                {lastMessage === null ? t('station.never') : formatAge(health.time - lastMessage, ages)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Silences longer than two intervals. */
export function GapTable({ health, clock }: { health: DataHealth; clock: Clock }) {
  const { t, ages } = useWords();
  if (health.gaps.length === 0) return <p className="card-words">{t('health.gapsNone')}</p>;
  return (
    <div className="table-scroll">
      <table className="plain-table">
        <thead>
          <tr>
            <th>{t('column.station')}</th>
            <th className="is-number">{t('column.from')}</th>
            <th className="is-number">{t('column.to')}</th>
            <th className="is-number">{t('column.duration')}</th>
          </tr>
        </thead>
        <tbody>
          {health.gaps.map(({ station, from, to }) => (
            <tr key={`${station}${from}`}>
              <td>
                <StationLink code={station} />
              </td>
              <td className="is-number">{clock.dayMinute(from)}</td>
              <td className="is-number">
                {to === null ? <em className="gap-open">{t('health.gapOpen')}</em> : clock.dayMinute(to)}
              </td>
              <td className="is-number">{formatAge((to ?? health.time) - from, ages)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** The latest faults, newest first. */
export function RecentTable({ health, clock }: { health: DataHealth; clock: Clock }) {
  const { t, ages, faults } = useWords();
  if (health.recent.length === 0) return <p className="card-words">{t('health.recentNone')}</p>;
  return (
    <div className="table-scroll">
      <table className="plain-table">
        <thead>
          <tr>
            <th>{t('column.time')}</th>
            <th>{t('column.station')}</th>
            <th>{t('column.fault')}</th>
            <th>{t('column.detail')}</th>
          </tr>
        </thead>
        <tbody>
          {health.recent.map(({ time, station, fault, detail }, i) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: two faults of one instant may be equal in all they say
            <tr key={`${time}${station}${fault}${i}`}>
              <td title={clock.second(time)}>{formatMoment(time, health.time, clock, ages)}</td>
              <td>
                <StationLink code={station} />
              </td>
              <td title={faults[fault].why}>{faults[fault].name}</td>
              <td>
                <code>{detail}</code>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function StationLink({ code }: { code: string }) {
  const { local } = useWords();
  const station = useStations().data?.stations.find((one) => one.code === code);
  if (!station) return <code>{code}</code>;
  return (
    <Link to={`/stations/${encodeURIComponent(code)}`}>
      {local(station.name)} <code>{code}</code>
    </Link>
  );
}
