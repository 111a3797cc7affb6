import { Select } from 'antd';
import { useMemo, useState } from 'react';
import { useStations } from '../api/queries.ts';
import { formatCount } from '../format/number.ts';
import { useWords } from '../i18n/i18n.ts';
import { COLOUR_RULES } from '../map/colouring.ts';
import { cell } from '../overview/condition.ts';
import { matches, type SortBy, sortRows } from '../overview/select.ts';
import { useOverview } from '../overview/useOverview.ts';
import { useView } from '../state/view.ts';
import { FilterField } from './FilterField.tsx';
import { Note } from './Note.tsx';
import { StationRow } from './StationRow.tsx';
import { VirtualList } from './VirtualList.tsx';

const SORTS: readonly SortBy[] = ['attention', 'code', 'value', 'age'];

/** Every station that passes the filters, in the order asked for; only rows in view are drawn. */
export function StationList({ selected }: { selected: number }) {
  const { t } = useWords();
  const [text, setText] = useState('');
  const [sort, setSort] = useState<SortBy>('attention');
  const { district, stateFilter, colouring, set } = useView();
  const { sheet, linked } = useOverview(1000);
  const list = useStations().data?.stations;
  const stations = useMemo(() => list ?? [], [list]);

  const includes = matches(stations, sheet, linked, { district, state: stateFilter, text });
  const found = stations.map((_, row) => row).filter(includes);
  const rule = COLOUR_RULES[colouring];
  const value = (row: number) => (sheet ? cell(sheet, row, rule?.column ?? 'outflow') : Number.NaN);
  const rows = sortRows(found, sort, stations, sheet, linked, value);
  const clear = () => {
    setText('');
    set({ stateFilter: 'all', district: '' });
  };
  return (
    <section className="station-list">
      <h2>
        {t('list.title')}
        <small>
          {formatCount(rows.length)} / {formatCount(stations.length)}
        </small>
        <Select
          size="small"
          variant="borderless"
          value={sort}
          aria-label={t('list.sort')}
          popupMatchSelectWidth={false}
          options={SORTS.map((by) => ({ value: by, label: t(`list.sortBy.${by}`) }))}
          onChange={setSort}
        />
      </h2>
      <FilterField label={t('list.filter')} value={text} onChange={setText} />
      {rows.length > 0 ? (
        <VirtualList
          count={rows.length}
          rowHeight={3}
          label={t('list.title')}
          render={(i) => {
            const row = rows[i]!;
            return (
              <StationRow
                key={stations[row]!.code}
                station={stations[row]!}
                row={row}
                sheet={sheet}
                linked={linked}
                selected={row === selected}
              />
            );
          }}
        />
      ) : stations.length === 0 ? (
        <Note glyph="inbox" title={t('list.noStations')} hint={t('list.noStationsHint')} />
      ) : (
        <Note glyph="search" title={t('list.empty')} hint={t('list.emptyHint')}>
          <button type="button" className="button" onClick={clear}>
            {t('list.clear')}
          </button>
        </Note>
      )}
    </section>
  );
}
