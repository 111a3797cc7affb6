import { infiniteQueryOptions, queryOptions, useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { z } from 'zod';
import {
  ALARM_SHEET,
  ALARMS_TOPIC,
  type AlarmHistoryQuery,
  type AlarmRule,
  alarmDetail,
  alarmFigures,
  alarmHistory,
  alarmRules,
  openAlarms,
  silencerList,
} from '#twin/wire/alarms.ts';
import { notificationHealth } from '#twin/wire/notifications.ts';
import { getJson } from '../api/http.ts';
import { useLiveSheet } from '../live/hooks.ts';

/** The list is asked for again at most this often, ms: a flood changes it with every look. */
const EVERY = 1000;

const openAlarmsQuery = queryOptions({
  queryKey: ['alarms', 'open'],
  queryFn: ({ signal }) => getJson(openAlarms, '/api/alarms', signal),
  staleTime: Number.POSITIVE_INFINITY,
});

const rulesQuery = queryOptions({
  queryKey: ['alarms', 'rules'],
  queryFn: async ({ signal }) => {
    const rules = await getJson(alarmRules, '/api/alarms/rules', signal);
    return new Map(rules.map((rule) => [rule.id, rule]));
  },
  staleTime: 60_000,
});

const silencersQuery = queryOptions({
  queryKey: ['alarms', 'silencers'],
  queryFn: ({ signal }) => getJson(silencerList, '/api/alarms/silencers', signal),
});

export const makersQuery = queryOptions({
  queryKey: ['alarms', 'makers'],
  queryFn: ({ signal }) => getJson(z.array(z.string()), '/api/alarms/makers', signal),
  staleTime: 600_000,
});

export const alarmQuery = (id: number) =>
  queryOptions({
    queryKey: ['alarms', 'one', id],
    queryFn: ({ signal }) => getJson(alarmDetail, `/api/alarms/${id}`, signal),
  });

/** The filters of a history query as part of an address. */
export function searchOf(filters: AlarmHistoryQuery): URLSearchParams {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(filters))
    if (value !== undefined && value !== '') search.set(name, String(value));
  return search;
}

export const alarmHistoryPages = (filters: AlarmHistoryQuery, limit: number) =>
  infiniteQueryOptions({
    queryKey: ['alarms', 'history', filters, limit],
    queryFn: ({ signal, pageParam }) => {
      const search = searchOf(filters);
      search.set('limit', String(limit));
      if (pageParam !== null) search.set('before', pageParam);
      return getJson(alarmHistory, `/api/alarms/history?${search}`, signal);
    },
    initialPageParam: null as string | null,
    getNextPageParam: ({ next }) => next,
  });

export const alarmFiguresAt = (from: number, to: number) =>
  queryOptions({
    queryKey: ['alarms', 'figures', from, to],
    queryFn: ({ signal }) => getJson(alarmFigures, `/api/alarms/figures?from=${from}&to=${to}`, signal),
  });

/** How the ways to people outside of the page are doing. */
export const notificationsQuery = queryOptions({
  queryKey: ['notifications'],
  queryFn: ({ signal }) => getJson(notificationHealth, '/api/notifications', signal),
  refetchInterval: 3000,
});

/** The live counts; undefined before the first message. */
export function useAlarmCounts() {
  const values = useLiveSheet(ALARMS_TOPIC, EVERY)?.sheet.values;
  if (!values) return undefined;
  const { revision, waiting1, lastTold } = ALARM_SHEET;
  return {
    revision: values[revision]!,
    /** to acknowledge, by priority 1 to 4 */
    waiting: [0, 1, 2, 3].map((i) => values[waiting1 + i]!),
    lastTold: values[lastTold]!,
  };
}

/** Every alarm that is not normal; read again whenever the live counts say that something changed. */
export function useOpenAlarms() {
  const query = useQuery(openAlarmsQuery);
  useAgain(query.refetch);
  return query;
}

/** What is on a shelf or out of service; read again as the alarms are. */
export function useSilencers() {
  const query = useQuery(silencersQuery);
  useAgain(query.refetch);
  return query;
}

function useAgain(refetch: (options: { cancelRefetch: boolean }) => unknown): void {
  const revision = useAlarmCounts()?.revision;
  useEffect(() => {
    if (revision !== undefined) refetch({ cancelRefetch: false });
  }, [revision, refetch]);
}

const NO_RULES: ReadonlyMap<string, AlarmRule> = new Map();

/** The rules in force by id. */
export const useRules = (): ReadonlyMap<string, AlarmRule> => useQuery(rulesQuery).data ?? NO_RULES;
