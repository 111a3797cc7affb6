import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { Checkbox, Select } from 'antd';
import { useMemo, useState } from 'react';
import { ALARM_STATES, type AlarmHistoryQuery } from '#twin/wire/alarms.ts';
import { useCity, useStations } from '../api/queries.ts';
import { useWindowWidth } from '../app/useWindowWidth.ts';
import { useWords } from '../i18n/i18n.ts';
import { useServerNow } from '../live/hooks.ts';
import { FailedNote } from '../panels/FailedNote.tsx';
import { Note } from '../panels/Note.tsx';
import { VirtualList } from '../panels/VirtualList.tsx';
import { Waiting } from '../panels/Waiting.tsx';
import { useScale } from '../state/scale.ts';
import { AlarmRow } from './AlarmRow.tsx';
import type { Naming } from './names.ts';
import { DistrictFilter, PrioritySelect } from './OpenFilters.tsx';
import { ROW } from './OpenTab.tsx';
import { alarmHistoryPages, searchOf } from './queries.ts';
import { RANGES, type Range } from './ranges.ts';

interface Props {
  naming: Naming;
  selected: number;
  onOpen(id: number): void;
}

/** The begin of a range moves on in steps, so that the question stays the same for a while, ms. */
const STEP = 60_000;

interface Wanted {
  range: Range;
  priority: number;
  district: string;
  zone: string;
  rule: string;
  station: string;
  state: string;
  told: boolean;
}
const ALL: Wanted = {
  range: 'day',
  priority: 0,
  district: '',
  zone: '',
  rule: '',
  station: '',
  state: '',
  told: false,
};

/** Every alarm there was, newest first, filtered by the server, page by page. */
export function HistoryTab({ naming, selected, onOpen }: Props) {
  const { t, language } = useWords();
  const [wanted, setWanted] = useState(ALL);
  const minute = useServerNow(STEP);
  const now = useServerNow(1000);
  const filters = useMemo(() => filtersOf(wanted, minute), [wanted, minute]);
  const query = useInfiniteQuery({
    ...alarmHistoryPages(filters),
    refetchInterval: 10_000,
    placeholderData: keepPreviousData,
  });
  const narrow = useWindowWidth() / useScale() <= 900;
  const alarms = query.data?.pages.flatMap((page) => page.alarms) ?? [];
  const more = query.hasNextPage ? 1 : 0;
  const search = searchOf(filters);
  search.set('language', language);
  return (
    <>
      <HistoryFilters naming={naming} wanted={wanted} onChange={setWanted} />
      <div className="alarm-actions">
        <span className="alarm-picked">{t('alarms.shown', { count: alarms.length })}</span>
        <a className="button" href={`/api/alarms/export.xlsx?${search}`} download="alarms.xlsx">
          {t('alarms.act.export')}
        </a>
      </div>
      {query.error && !query.data ? (
        <FailedNote what="alarms" error={query.error} onRetry={() => query.refetch()} />
      ) : !query.data ? (
        <Waiting words={t('alarms.loading')} />
      ) : alarms.length === 0 ? (
        <Note glyph="bell" title={t('alarms.noHistory')}>
          <button type="button" className="button" onClick={() => setWanted({ ...ALL, range: 'all' })}>
            {t('alarms.range.all')}
          </button>
        </Note>
      ) : (
        <div className="alarm-list" role="listbox" aria-label={t('alarms.tabs.history')}>
          <VirtualList
            count={alarms.length + more}
            rowHeight={narrow ? ROW.narrow : ROW.wide}
            label={t('alarms.tabs.history')}
            render={(i) => {
              const alarm = alarms[i];
              if (!alarm)
                return (
                  <div key="more" className="alarm-more">
                    <button
                      type="button"
                      className="button"
                      disabled={query.isFetchingNextPage}
                      onClick={() => query.fetchNextPage()}
                    >
                      {t('alarms.more')}
                    </button>
                  </div>
                );
              return (
                <AlarmRow
                  key={alarm.id}
                  alarm={alarm}
                  naming={naming}
                  now={now}
                  current={false}
                  opened={alarm.id === selected}
                  onOpen={() => onOpen(alarm.id)}
                />
              );
            }}
          />
        </div>
      )}
    </>
  );
}

function filtersOf(wanted: Wanted, now: number): AlarmHistoryQuery {
  const { range, priority, district, zone, rule, station, state, told } = wanted;
  const wantedState = ALARM_STATES.find((one) => one === state);
  return {
    ...(RANGES[range] > 0 && { from: now - RANGES[range] }),
    ...(priority !== 0 && { priority: String(priority) }),
    ...(district !== '' && { district }),
    ...(zone !== '' && { zone }),
    ...(rule !== '' && { rule }),
    ...(station !== '' && { station }),
    ...(wantedState && { state: wantedState }),
    ...(told && { told: 'yes' }),
  };
}

interface FilterProps {
  naming: Naming;
  wanted: Wanted;
  onChange(wanted: Wanted): void;
}

function HistoryFilters({ naming, wanted, onChange }: FilterProps) {
  const { t, local } = useWords();
  const stations = useStations().data?.stations;
  const zones = useCity().data?.supplyZones ?? [];
  const change = (part: Partial<Wanted>) => onChange({ ...wanted, ...part });
  const rooms = useMemo(
    () => (stations ?? []).map(({ code, name }) => ({ value: code, label: `${local(name)} ${code}` })),
    [stations, local],
  );
  const select = (
    key: 'range' | 'rule' | 'zone' | 'state',
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
      {select('state', t('alarms.filter.state'), [
        { value: '', label: t('alarms.filter.state') },
        ...ALARM_STATES.map((state) => ({ value: state, label: t(`alarms.state.${state}`) })),
      ])}
      <Checkbox checked={wanted.told} onChange={(event) => change({ told: event.target.checked })}>
        {t('alarms.filter.told')}
      </Checkbox>
    </div>
  );
}
