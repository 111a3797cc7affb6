import { keepPreviousData, type QueryClient, queryOptions, useQuery } from '@tanstack/react-query';
import { z } from 'zod';
import {
  city,
  dataHealth,
  historyAnswer,
  mainDetail,
  searchAnswer,
  stationDetail,
  stationList,
  unregisteredStation,
} from '#twin/wire/api.ts';
import { overviewResolution } from '#twin/wire/live.ts';
import { decodeSheet, type Sheet } from '#twin/wire/sheet.ts';
import { getBytes, getJson } from './http.ts';

const STILL = { staleTime: Number.POSITIVE_INFINITY } as const;
const land = z.object({
  type: z.literal('FeatureCollection'),
  features: z.array(
    z.object({
      type: z.literal('Feature'),
      properties: z
        .record(z.string(), z.unknown())
        .nullish()
        .transform((given) => given ?? {}),
      geometry: z.object({
        type: z.literal('Polygon'),
        coordinates: z.array(z.array(z.array(z.number()).min(2))),
      }),
    }),
  ),
});
const clientConfig = z.object({ tileSource: z.string().nullable() });

export const cityQuery = queryOptions({
  queryKey: ['city'],
  queryFn: ({ signal }) => getJson(city, '/api/city', signal),
  ...STILL,
});

export const clientConfigQuery = queryOptions({
  queryKey: ['client-config'],
  queryFn: ({ signal }) => getJson(clientConfig, '/api/client-config', signal),
  ...STILL,
});

/** Land polygons around the city, GeoJSON. */
export const landQuery = queryOptions({
  queryKey: ['land'],
  queryFn: ({ signal }) => getJson(land, '/api/land.geojson', signal),
  ...STILL,
});

export const stationsQuery = queryOptions({
  queryKey: ['stations'],
  queryFn: ({ signal }) => getJson(stationList, '/api/stations', signal),
  ...STILL,
});

/**
 * The server is there (again), with this revision of its stations: loads the list when ours is another, and asks
 * again for all that could not be read before.
 */
export function followServer(client: QueryClient, revision: number): void {
  client.refetchQueries({ type: 'active', predicate: ({ state }) => state.status === 'error' });
  const known = client.getQueryData(stationsQuery.queryKey)?.revision;
  if (known !== undefined && known !== revision)
    client.invalidateQueries({ queryKey: stationsQuery.queryKey });
}

export const stationQuery = (code: string) =>
  queryOptions({
    queryKey: ['station', code],
    queryFn: ({ signal }) => getJson(stationDetail, `/api/stations/${encodeURIComponent(code)}`, signal),
    ...STILL,
  });

export interface HistoryRequest {
  code: string;
  points: readonly string[];
  from: number;
  to: number;
  buckets: number;
}

/** The server takes at most twelve points a question. */
export const HISTORY_POINTS_LIMIT = 12;

export const historyQuery = ({ code, points, from, to, buckets }: HistoryRequest) =>
  queryOptions({
    queryKey: ['history', code, points, from, to, buckets],
    queryFn: ({ signal }) => {
      const query = new URLSearchParams({
        points: points.join(','),
        from: String(from),
        to: String(to),
        buckets: String(buckets),
      });
      return getJson(historyAnswer, `/api/stations/${encodeURIComponent(code)}/history?${query}`, signal);
    },
    staleTime: 30_000,
    placeholderData: keepPreviousData,
  });

/** The city as it was at a minute (ms since epoch). */
export const overviewAtQuery = (at: number) =>
  queryOptions({
    queryKey: ['overview', at],
    queryFn: async ({ signal }): Promise<Sheet> => {
      const bytes = await getBytes(`/api/overview?at=${at}`, signal);
      const message = decodeSheet(
        bytes,
        () => undefined,
        () => overviewResolution,
      );
      if (message.kind !== 'snapshot') throw new Error('the overview of a past minute is not a snapshot');
      return message.sheet;
    },
    gcTime: 120_000,
    ...STILL,
    placeholderData: keepPreviousData,
  });

export const searchQuery = (q: string) =>
  queryOptions({
    queryKey: ['search', q],
    queryFn: ({ signal }) => getJson(searchAnswer, `/api/search?q=${encodeURIComponent(q)}`, signal),
    staleTime: 60_000,
    placeholderData: keepPreviousData,
  });

export const mainQuery = (id: string) =>
  queryOptions({
    queryKey: ['main', id],
    queryFn: ({ signal }) => getJson(mainDetail, `/api/mains/${encodeURIComponent(id)}`, signal),
    ...STILL,
  });

export const dataHealthQuery = queryOptions({
  queryKey: ['health'],
  queryFn: ({ signal }) => getJson(dataHealth, '/api/health/data', signal),
  refetchInterval: 2000,
});

export const unregisteredQuery = queryOptions({
  queryKey: ['unregistered'],
  queryFn: ({ signal }) => getJson(z.array(unregisteredStation), '/api/unregistered', signal),
  refetchInterval: 10_000,
});

export const useCity = () => useQuery(cityQuery);
export const useStations = () => useQuery(stationsQuery);
