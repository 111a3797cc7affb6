import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { useWindowWidth } from '../app/useWindowWidth.ts';
import { useWords } from '../i18n/i18n.ts';
import { useServerNow } from '../live/hooks.ts';
import { FailedNote } from '../panels/FailedNote.tsx';
import { Note } from '../panels/Note.tsx';
import { VirtualList } from '../panels/VirtualList.tsx';
import { Waiting } from '../panels/Waiting.tsx';
import { useScale } from '../state/scale.ts';
import { AlarmColumns, AlarmRow, GroupRow } from './AlarmRow.tsx';
import { ALL, filtersOf, HistoryFilters } from './HistoryFilters.tsx';
import { type GroupBy, historyLines } from './lines.ts';
import type { Naming } from './names.ts';
import { GroupSelect } from './OpenFilters.tsx';
import { flipped, ROW } from './OpenTab.tsx';
import { alarmHistoryPages, searchOf } from './queries.ts';

interface Props {
  naming: Naming;
  selected: number;
  onOpen(id: number): void;
}

/** The begin of a range moves on in steps, so that the question stays the same for a while, ms. */
const STEP = 60_000;
/** Alarms of a page: of groups one wants to see more than fits a screen. */
const PAGE = { plain: 200, grouped: 1000 } as const;

/** Every alarm there was, newest first or in groups, filtered by the server, page by page. */
export function HistoryTab({ naming, selected, onOpen }: Props) {
  const { t, language } = useWords();
  const [wanted, setWanted] = useState(ALL);
  const [by, setBy] = useState<GroupBy>('none');
  const [unfolded, setUnfolded] = useState<ReadonlySet<string>>(new Set());
  const minute = useServerNow(STEP);
  const now = useServerNow(1000);
  const filters = useMemo(() => filtersOf(wanted, minute), [wanted, minute]);
  const query = useInfiniteQuery({
    ...alarmHistoryPages(filters, by === 'none' ? PAGE.plain : PAGE.grouped),
    refetchInterval: 10_000,
    placeholderData: keepPreviousData,
  });
  const narrow = useWindowWidth() / useScale() <= 900;
  const alarms = useMemo(() => query.data?.pages.flatMap((page) => page.alarms) ?? [], [query.data]);
  const lines = useMemo(() => historyLines(alarms, by, unfolded, naming), [alarms, by, unfolded, naming]);
  const more = query.hasNextPage ? 1 : 0;
  const search = searchOf(filters);
  search.set('language', language);
  return (
    <>
      <HistoryFilters naming={naming} wanted={wanted} onChange={setWanted}>
        <GroupSelect value={by} onChange={setBy} />
      </HistoryFilters>
      <div className="alarm-actions">
        <span className="alarm-picked">
          {t(more ? 'alarms.shownOfMore' : 'alarms.shown', { count: alarms.length })}
        </span>
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
        <>
          <AlarmColumns />
          <div className="alarm-list" role="listbox" aria-label={t('alarms.tabs.history')}>
            <VirtualList
              count={lines.length + more}
              rowHeight={narrow ? ROW.narrow : ROW.wide}
              label={t('alarms.tabs.history')}
              render={(i) => {
                const line = lines[i];
                if (!line)
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
                if (line.kind === 'group')
                  return (
                    <GroupRow
                      key={line.key}
                      group={line}
                      current={false}
                      onFold={() => setUnfolded((before) => flipped(before, line.key))}
                    />
                  );
                const { alarm } = line;
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
        </>
      )}
    </>
  );
}
