import { useMemo } from 'react';
import { PLATFORM } from '#twin/alarm/alarm.ts';
import type { AlarmRule, AlarmSummary } from '#twin/wire/alarms.ts';
import type { City, StationSummary } from '#twin/wire/api.ts';
import { useCity, useStations } from '../api/queries.ts';
import { type LocalName, useWords } from '../i18n/i18n.ts';
import type { AlarmNames } from './lines.ts';
import { useRules } from './queries.ts';

/** How alarms and their places are called in the viewer's language. */
export interface Naming extends AlarmNames {
  rule(id: string): string;
  place(alarm: Pick<AlarmSummary, 'station'>): string;
  /** pump set and pump, such as 低区 P1; empty for a whole station */
  spot(alarm: Pick<AlarmSummary, 'spot'>): string;
  district(code: string): string;
  zone(id: string): string;
  station(code: string): StationSummary | undefined;
  rules: ReadonlyMap<string, AlarmRule>;
}

export function useNaming(): Naming {
  const { t, local, language } = useWords();
  const rules = useRules();
  const stations = useStations().data?.stations;
  const city = useCity().data;
  // `t` and `local` follow the language
  // biome-ignore lint/correctness/useExhaustiveDependencies: they are new with every rendering
  return useMemo(() => naming(t, local, rules, stations ?? [], city), [language, rules, stations, city]);
}

type Translate = ReturnType<typeof useWords>['t'];

function naming(
  t: Translate,
  local: (name: LocalName) => string,
  rules: ReadonlyMap<string, AlarmRule>,
  stations: readonly StationSummary[],
  city: City | undefined,
): Naming {
  const byCode = new Map(stations.map((station) => [station.code, station]));
  const districts = new Map(city?.districts.map(({ code, name }) => [code, local(name)]));
  const zones = new Map(city?.supplyZones.map(({ id, name }) => [id, local(name)]));
  const station = (code: string) => byCode.get(code);
  const district = (code: string) => districts.get(code) ?? code;
  const zone = (id: string) => zones.get(id) ?? id;
  const rule = (id: string) => {
    const known = rules.get(id);
    return known ? local(known.name) : id;
  };
  const place = ({ station: code }: Pick<AlarmSummary, 'station'>) => {
    const known = byCode.get(code);
    if (known) return local(known.name);
    if (code === 'city') return t('alarms.place.city');
    if (code === PLATFORM) return t('alarms.place.platform');
    const [kind, id = ''] = code.split(':');
    if (kind === 'zone') return t('alarms.place.zone', { name: zone(id) });
    return kind === 'district' ? t('alarms.place.district', { name: district(id) }) : code;
  };
  const spot = ({ spot: name }: Pick<AlarmSummary, 'spot'>) => {
    const [set, pump] = name.split('/');
    const known = set === 'LO' || set === 'MI' || set === 'HI' || set === 'SP' ? t(`zone.${set}`) : set;
    return [known, pump].filter(Boolean).join(' ');
  };
  return {
    rules,
    rule,
    place,
    spot,
    district,
    zone,
    station,
    searched: (alarm) =>
      `${alarm.rule} ${rule(alarm.rule)} ${alarm.station} ${place(alarm)} ${alarm.maker}`.toLowerCase(),
    groupOf(alarm, by) {
      switch (by) {
        case 'rule':
          return { key: alarm.rule, label: rule(alarm.rule) };
        case 'station':
          return { key: alarm.station, label: place(alarm) };
        case 'zone':
          return { key: alarm.supplyZone, label: zone(alarm.supplyZone) || t('alarms.place.city') };
        case 'district':
          return { key: alarm.district, label: district(alarm.district) || t('alarms.place.city') };
        case 'kind': {
          const kind = station(alarm.station)?.kind;
          return kind ? { key: kind, label: t(`kind.${kind}`) } : { key: '', label: t('alarms.place.city') };
        }
        case 'equipment': {
          const equipment = rules.get(alarm.rule)?.equipment ?? 'other';
          return { key: equipment, label: t(`alarms.equipment.${equipment}`) };
        }
        case 'maker':
          return { key: alarm.maker, label: alarm.maker || t('point.none') };
      }
    },
  };
}
