import { keepPreviousData, useQueries } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { Template } from '#twin/catalogue/template.ts';
import { MINUTE } from '#twin/units.ts';
import { stationTopic } from '#twin/wire/live.ts';
import { HISTORY_POINTS_LIMIT, historyQuery } from '../api/queries.ts';
import { useLink, useLive, useLiveSheet } from '../live/hooks.ts';
import { useMoment } from '../state/moment.ts';
import { historyReader, LOOK_BACK, type StationValues, sheetReader } from './values.ts';

/** A station's values now, or at the past minute the viewer chose; undefined until the first frame. */
export function useStationValues(code: string, template: Template, everyMs = 500): StationValues | undefined {
  const moment = useMoment((state) => state.moment);
  const past = moment !== 'live';
  const live = useLiveSheet(stationTopic(code), everyMs);
  const linked = useLink().phase === 'open';
  const { clock } = useLive();

  const chunks = useMemo(
    () =>
      chunked(
        template.points.map(({ name }) => name),
        HISTORY_POINTS_LIMIT,
      ),
    [template],
  );
  const end = past ? moment + MINUTE : 0;
  const answers = useQueries({
    queries: chunks.map((points) => ({
      ...historyQuery({ code, points, from: end - LOOK_BACK, to: end, buckets: LOOK_BACK / MINUTE }),
      enabled: past,
      placeholderData: keepPreviousData,
    })),
  });

  if (past) {
    const series = answers.flatMap(({ data }) => data?.series ?? []);
    if (series.length === 0 && answers.some(({ isLoading }) => isLoading)) return undefined;
    return { template, source: 'past', moving: false, now: end, read: historyReader(template, series) };
  }
  if (!live || live.sheet.rows !== template.points.length) return undefined;
  return {
    template,
    source: 'live',
    moving: linked,
    now: clock.now(),
    read: sheetReader(template, live.sheet),
  };
}

function chunked<T>(list: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(list.length / size) }, (_, i) =>
    list.slice(i * size, (i + 1) * size),
  );
}
