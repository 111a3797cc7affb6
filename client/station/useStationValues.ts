import { keepPreviousData, useQueries } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { Template } from '#twin/catalogue/template.ts';
import { MINUTE } from '#twin/units.ts';
import { stationTopic } from '#twin/wire/live.ts';
import { HISTORY_POINTS_LIMIT, historyQuery } from '../api/queries.ts';
import { useLink, useLive, useLiveSheet } from '../live/hooks.ts';
import { SETTLE_MS } from '../overview/useOverview.ts';
import { useMoment } from '../state/moment.ts';
import { useSettled } from '../state/useSettled.ts';
import {
  historyReader,
  LIVE_PATIENCE,
  LOOK_BACK,
  PAST_PATIENCE,
  type StationValues,
  sheetReader,
} from './values.ts';

/**
 * A station's values now, or at the past minute the viewer chose; undefined until the first frame. Of a past minute
 * only `names` are read, all points when absent.
 */
export function useStationValues(
  code: string,
  template: Template,
  names?: readonly string[],
): StationValues | undefined {
  const moment = useMoment((state) => state.moment);
  const past = moment !== 'live';
  const live = useLiveSheet(stationTopic(code), 500);
  const linked = useLink().phase === 'open';
  const { clock } = useLive();

  const chunks = useMemo(
    () => chunked(names ?? template.points.map(({ name }) => name), HISTORY_POINTS_LIMIT),
    [template, names],
  );
  const settled = useSettled(moment, SETTLE_MS);
  const end = settled === 'live' ? 0 : settled + MINUTE;
  const answers = useQueries({
    queries: chunks.map((points) => ({
      ...historyQuery({ code, points, from: end - LOOK_BACK, to: end, buckets: LOOK_BACK / MINUTE }),
      enabled: settled !== 'live',
      placeholderData: keepPreviousData,
    })),
  });

  if (past) {
    const series = answers.flatMap(({ data }) => data?.series ?? []);
    if (series.length === 0 && answers.some(({ isLoading }) => isLoading)) return undefined;
    return {
      template,
      source: 'past',
      moving: false,
      patience: PAST_PATIENCE,
      now: end,
      read: historyReader(template, series),
    };
  }
  if (!live || live.sheet.rows !== template.points.length) return undefined;
  return {
    template,
    source: 'live',
    moving: linked,
    patience: LIVE_PATIENCE,
    now: clock.now(),
    read: sheetReader(template, live.sheet),
  };
}

function chunked<T>(list: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(list.length / size) }, (_, i) =>
    list.slice(i * size, (i + 1) * size),
  );
}
