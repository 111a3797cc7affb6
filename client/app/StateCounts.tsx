import { useStations } from '../api/queries.ts';
import { formatCount } from '../format/number.ts';
import { useWords } from '../i18n/i18n.ts';
import { type StateCounts as Counts, countStates } from '../overview/condition.ts';
import { matches } from '../overview/select.ts';
import { useOverview } from '../overview/useOverview.ts';
import { StateMark } from '../panels/StateMark.tsx';
import { useView } from '../state/view.ts';

const SHOWN = ['live', 'stale', 'offline', 'never'] as const;

/** How many stations are in which state; a click shows only those. */
export function StateCounts() {
  const { t } = useWords();
  const { district, stateFilter, set } = useView();
  const { sheet, linked } = useOverview(1000);
  const stations = useStations().data?.stations ?? [];
  if (!sheet) return <span className="counts" />;
  const counts: Counts = countStates(
    sheet,
    linked,
    matches(stations, sheet, linked, { district, state: 'all', text: '' }),
  );
  return (
    <fieldset className="counts" aria-label={t('colouring.state')}>
      {SHOWN.map((state) => (
        <button
          key={state}
          type="button"
          className={stateFilter === state ? 'is-on' : ''}
          aria-pressed={stateFilter === state}
          title={t(`stateHint.${state}`)}
          onClick={() => set({ stateFilter: stateFilter === state ? 'all' : state })}
        >
          <StateMark state={state} />
          <b>{formatCount(counts[state])}</b>
          <span>{t(`state.${state}`)}</span>
        </button>
      ))}
      <button
        type="button"
        className={stateFilter === 'attention' ? 'is-on' : ''}
        aria-pressed={stateFilter === 'attention'}
        title={t('stateHint.attention')}
        onClick={() => set({ stateFilter: stateFilter === 'attention' ? 'all' : 'attention' })}
      >
        <StateMark state="live" priority={counts.attention > 0 ? 2 : 0} />
        <b>{formatCount(counts.attention)}</b>
        <span>{t('state.attention')}</span>
      </button>
    </fieldset>
  );
}
