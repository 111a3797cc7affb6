import { type QueryClient, queryOptions } from '@tanstack/react-query';
import {
  type BacktestRequest,
  backtestJob,
  backtestStarted,
  type OverrideAddRequest,
  type OverrideRemoveRequest,
  overrideChanged,
  ruleCheckAnswer,
  ruleEntries,
  ruleHistory,
  ruleSaved,
} from '#twin/wire/rules.ts';
import { type ScenarioBacktestRequest, scenarioBacktestJob, scenarioEntries } from '#twin/wire/scenarios.ts';
import { askJson, getJson } from '../api/http.ts';

const address = (id: string, what = ''): string => `/api/rules/${encodeURIComponent(id)}${what}`;

export const rulesQuery = queryOptions({
  queryKey: ['rules', 'all'],
  queryFn: ({ signal }) => getJson(ruleEntries, '/api/rules', signal),
  staleTime: 30_000,
});

export const ruleHistoryQuery = (id: string) =>
  queryOptions({
    queryKey: ['rules', 'history', id],
    queryFn: ({ signal }) => getJson(ruleHistory, address(id, '/history'), signal),
  });

/** What is wrong with a text; asked again only when the text is another. */
export const ruleCheckQuery = (id: string, yaml: string) =>
  queryOptions({
    queryKey: ['rules', 'check', id, yaml],
    queryFn: () => askJson(ruleCheckAnswer, address(id, '/check'), { yaml }),
    gcTime: 60_000,
  });

export const saveRule = (id: string, body: { yaml: string; base: number; by: string; reason: string }) =>
  askJson(ruleSaved, address(id), body, 'PUT');

export const backToLibrary = (id: string, body: { base: number; by: string; reason: string }) =>
  askJson(ruleSaved, address(id, '/library'), body);

/** Stations have another threshold. */
export const addOverride = (id: string, body: OverrideAddRequest) =>
  askJson(overrideChanged, address(id, '/overrides'), body);

export const removeOverride = (id: string, body: OverrideRemoveRequest) =>
  askJson(overrideChanged, address(id, '/overrides/remove'), body);

/** A back-test over the recorded history. */
export const historyTrial = {
  key: 'history',
  begin: (id: string, body: BacktestRequest) => askJson(backtestStarted, address(id, '/backtest'), body),
  read: (job: number, signal: AbortSignal) => getJson(backtestJob, `/api/backtests/${job}`, signal),
  cancel: (job: number) => askJson(backtestJob, `/api/backtests/${job}/cancel`, {}),
};

export const scenariosQuery = queryOptions({
  queryKey: ['scenarios'],
  queryFn: ({ signal }) => getJson(scenarioEntries, '/api/scenarios', signal),
  staleTime: Number.POSITIVE_INFINITY,
});

/** A back-test over the scenario library. */
export const scenarioTrial = {
  key: 'scenarios',
  begin: (id: string, body: ScenarioBacktestRequest) =>
    askJson(backtestStarted, address(id, '/backtest/scenarios'), body),
  read: (job: number, signal: AbortSignal) =>
    getJson(scenarioBacktestJob, `/api/backtests/scenarios/${job}`, signal),
  cancel: (job: number) => askJson(scenarioBacktestJob, `/api/backtests/scenarios/${job}/cancel`, {}),
};

/** Rules are others now: their texts, and what alarms are called by them. */
export async function forgetRules(client: QueryClient): Promise<void> {
  await Promise.all([
    client.invalidateQueries({ queryKey: ['rules'] }),
    client.invalidateQueries({ queryKey: ['alarms', 'rules'] }),
  ]);
}
