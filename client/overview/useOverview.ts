import { useQuery } from '@tanstack/react-query';
import { OVERVIEW_TOPIC } from '#twin/wire/live.ts';
import type { Sheet } from '#twin/wire/sheet.ts';
import { overviewAtQuery } from '../api/queries.ts';
import { useLink, useLiveSheet } from '../live/hooks.ts';
import { useMoment } from '../state/moment.ts';
import { useSettled } from '../state/useSettled.ts';
import type { Moment } from '../timebar/moment.ts';

/** How long the viewer must stay at a minute before it is read, ms. */
export const SETTLE_MS = 150;

export interface Overview {
  sheet: Sheet | undefined;
  /** false: values are the last ones received and grow old */
  linked: boolean;
  moment: Moment;
  /** the past minute is being read, an older one may be on screen */
  loading: boolean;
  error: Error | null;
}

/** The city now or at the chosen past minute, rendered again at most every `everyMs`. */
export function useOverview(everyMs: number): Overview {
  const moment = useMoment((state) => state.moment);
  const live = useLiveSheet(OVERVIEW_TOPIC, everyMs);
  const linked = useLink().phase === 'open';
  const settled = useSettled(moment, SETTLE_MS);
  const at = settled === 'live' ? 0 : settled;
  const past = useQuery({ ...overviewAtQuery(at), enabled: settled !== 'live' });
  if (moment === 'live') return { sheet: live?.sheet, linked, moment, loading: !live, error: null };
  return {
    sheet: past.data,
    linked: true,
    moment,
    loading: past.isFetching || settled !== moment,
    error: past.error,
  };
}
