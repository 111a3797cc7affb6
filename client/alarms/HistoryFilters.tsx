import { useQuery } from '@tanstack/react-query';
import { Checkbox, Select } from 'antd';
import { type ReactNode, useMemo } from 'react';
import { STATION_KINDS } from '#twin/model/station.ts';
import { ALARM_STATES, type AlarmHistoryQuery } from '#twin/wire/alarms.ts';
import { useCity, useStations } from '../api/queries.ts';
import { useWords } from '../i18n/i18n.ts';
import type { Naming } from './names.ts';
import { DistrictFilter, PrioritySelect } from './OpenFilters.tsx';
import { makersQuery } from './queries.ts';
import { RANGES, type Range } from './ranges.ts';

/** Which alarms of the history are asked for; empty: all. */
export interface Wanted {
  range: Range;
  priority: number;
  district: string;
  zone: string;
  rule: string;
  station: string;
  kind: string;
  maker: string;
  state: string;
  told: boolean;
}
export const ALL: Wanted = {
  range: 'day',
  priority: 0,
  district: '',
  zone: '',
  rule: '',
  station: '',
  kind: '',
  maker: '',
  state: '',
  told: false,
};

/** The same as the server is asked, at `now` (ms since epoch). */
export function filtersOf(wanted: Wanted, now: number): AlarmHistoryQuery {
  const { range, priority, district, zone, rule, station, maker, told } = wanted;
  const state = ALARM_STATES.find((one) => one === wanted.state);
  const kind = STATION_KINDS.find((one) => one === wanted.kind);
  return {
    ...(RANGES[range] > 0 && { from: now - RANGES[range] }),
    ...(priority !== 0 && { priority: String(priority) }),
    ...(district !== '' && { district }),
    ...(zone !== '' && { zone }),
    ...(rule !== '' && { rule }),
    ...(station !== '' && { station }),
    ...(kind && { kind }),
    ...(maker !== '' && { maker }),
    ...(state && { state }),
    ...(told && { told: 'yes' }),
  };
}

interface FilterProps {
  naming: Naming;
  wanted: Wanted;
  onChange(wanted: Wanted): void;
  children: ReactNode;
}

/** What of the history is shown; how it is grouped stands beside it. */
export function HistoryFilters({ naming, wanted, onChange, children }: FilterProps) {
  const { t, local } = useWords();
  const stations = useStations().data?.stations;
  const makers = useQuery(makersQuery).data ?? [];
  const zones = useCity().data?.supplyZones ?? [];
  const change = (part: Partial<Wanted>) => onChange({ ...wanted, ...part });
  const rooms = useMemo(
    () => (stations ?? []).map(({ code, name }) => ({ value: code, label: `${local(name)} ${code}` })),
    [stations, local],
  );
  const select = (
    key: 'range' | 'rule' | 'zone' | 'kind' | 'maker' | 'state',
    label: string,
    options: { value: string; label: string }[],
  ) => (
    <Select
      size="small"
      value={wanted[key]}
      aria-label={label}
      popupMatchSelectWidth={false}
      options={options}
      onChange={(value: string) => change({ [key]: value })}
    />
  );
  return (
    <div className="alarm-filters">
      {select(
        'range',
        t('alarms.filter.range'),
        (Object.keys(RANGES) as Range[]).map((range) => ({
          value: range,
          label: t(`alarms.range.${range}`),
        })),
      )}
      <Select
        size="small"
        className="alarm-text"
        value={wanted.station === '' ? null : wanted.station}
        placeholder={t('search.stations')}
        aria-label={t('search.stations')}
        allowClear
        showSearch={{ optionFilterProp: 'label' }}
        options={rooms}
        onChange={(station: string | null) => change({ station: station ?? '' })}
      />
      <PrioritySelect value={wanted.priority} onChange={(priority) => change({ priority })} />
      {select('rule', t('alarms.filter.rule'), [
        { value: '', label: t('alarms.filter.rule') },
        ...[...naming.rules.keys()].map((rule) => ({ value: rule, label: naming.rule(rule) })),
      ])}
      <DistrictFilter value={wanted.district} naming={naming} onChange={(district) => change({ district })} />
      {select('zone', t('alarms.filter.zone'), [
        { value: '', label: t('alarms.filter.zone') },
        ...zones.map(({ id }) => ({ value: id, label: naming.zone(id) })),
      ])}
      {select('kind', t('alarms.filter.kind'), [
        { value: '', label: t('alarms.filter.kind') },
        ...STATION_KINDS.map((kind) => ({ value: kind, label: t(`kind.${kind}`) })),
      ])}
      {select('maker', t('alarms.filter.maker'), [
        { value: '', label: t('alarms.filter.maker') },
        ...makers.map((maker) => ({ value: maker, label: maker })),
      ])}
      {select('state', t('alarms.filter.state'), [
        { value: '', label: t('alarms.filter.state') },
        ...ALARM_STATES.map((state) => ({ value: state, label: t(`alarms.state.${state}`) })),
      ])}
      <Checkbox checked={wanted.told} onChange={(event) => change({ told: event.target.checked })}>
        {t('alarms.filter.told')}
      </Checkbox>
      {children}
    </div>
  );
}
