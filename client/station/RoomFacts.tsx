import type { City, StationDetail } from '#twin/wire/api.ts';
import { formatCount, formatValue } from '../format/number.ts';
import { useWords } from '../i18n/i18n.ts';

/** The record of a station: where it is, what it was built with. */
export function RoomFacts({ station, city }: { station: StationDetail; city: City | undefined }) {
  const { t, local } = useWords();
  const district = city?.districts.find(({ code }) => code === station.district);
  const zone = city?.supplyZones.find(({ id }) => id === station.supplyZone);
  const homes = station.pumpSets.reduce((sum, set) => sum + set.homes, 0);
  const { tank, inlet } = station;
  const rows: [string, string][] = [
    [t('facts.district'), district ? local(district.name) : station.district],
    [t('facts.supplyZone'), zone ? local(zone.name) : station.supplyZone],
    [t('facts.coordinates'), `${station.lon.toFixed(5)}°, ${station.lat.toFixed(5)}°`],
    [t('facts.elevation'), `${formatValue(station.elevation, 0.1)} m`],
    [t('facts.meanDemand'), `${formatValue(station.meanDemand, 0.1)} m³/h`],
    [t('facts.homes'), formatCount(homes)],
    [
      t('facts.inlet'),
      `DN ${inlet.dn} · ${t(`inlet.${inlet.kind}`)} · ≤ ${formatValue(inlet.maxFlow, 0.1)} m³/h`,
    ],
    ...(tank
      ? ([[t('facts.tank'), `${formatValue(tank.volume, 0.1)} m³ · ${formatValue(tank.height, 0.01)} m`]] as [
          string,
          string,
        ][])
      : []),
    [t('facts.year'), String(station.year)],
  ];
  return (
    <>
      <dl className="facts">
        {rows.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <table className="plain-table">
        <thead>
          <tr>
            <th>{t('facts.pumps')}</th>
            <th />
            <th className="is-number">kW</th>
            <th className="is-number">{t('facts.year')}</th>
          </tr>
        </thead>
        <tbody>
          {station.pumpSets.flatMap((set) =>
            set.pumps.map((pump) => (
              <tr key={`${set.zone}${pump.id}`}>
                <td>
                  {t(`zone.${set.zone}`)} {pump.id}
                </td>
                <td>
                  {pump.maker} {pump.model}
                </td>
                <td className="is-number">{formatValue(pump.motorKw, 0.1)}</td>
                <td className="is-number">{pump.year}</td>
              </tr>
            )),
          )}
        </tbody>
      </table>
    </>
  );
}
