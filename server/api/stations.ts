import { z } from 'zod';
import type { Template } from '#twin/catalogue/template.ts';
import type { Station } from '#twin/model/station.ts';
import {
  type HistorySeries,
  historyAnswer,
  historyQuery,
  overviewQuery,
  type StationSummary,
  stationDetail,
  stationList,
} from '#twin/wire/api.ts';
import type { Clocks } from '../ingest/clocks.ts';
import type { RegisteredStation, Registry } from '../registry/registry.ts';
import { type Bytes, endpoint, HttpError } from './route.ts';

/** What the endpoints ask of the history. */
export interface HistoryReader {
  read(query: {
    station: number;
    template: Template;
    points: readonly string[];
    from: number;
    to: number;
    buckets: number;
  }): Promise<{ bucketMs: number; series: HistorySeries[] }>;
}

export interface StationContext {
  registry: Registry;
  clocks: Clocks;
  history: HistoryReader;
  /** the overview sheet at a past time as a live message, null when nothing is known of that time */
  overviewAt: (time: number) => Promise<Uint8Array | null>;
  now: () => number;
}

const MOST_POINTS = 12;
const codePath = z.object({ code: z.string() });

/** Stations, their history, and the whole city at a past time. */
export const stationEndpoints = ({ registry, clocks, history, overviewAt, now }: StationContext) => {
  const find = (code: string): RegisteredStation => {
    const station = registry.byCode.get(code);
    if (!station) throw new HttpError(404, `there is no station ${code}`);
    return station;
  };
  return [
    endpoint({
      method: 'get',
      path: '/api/stations',
      summary: 'All stations, in the order of the rows of the overview sheet',
      shapes: {},
      answer: stationList,
      handle: () => ({
        revision: registry.revision,
        stations: registry.stations.map(({ station, templateId }) => summary(station, templateId)),
      }),
    }),
    endpoint({
      method: 'get',
      path: '/api/stations/:code',
      summary: 'One station with its equipment',
      shapes: { params: codePath },
      answer: stationDetail,
      handle: ({ params }) => {
        const { id, station, templateId } = find(params.code);
        return {
          ...station,
          ...summary(station, templateId),
          clockAhead: clocks.of(id)?.steps ?? [],
        };
      },
    }),
    endpoint({
      method: 'get',
      path: '/api/stations/:code/history',
      summary: 'Points of a station over time, as min, mean and max of each bucket with the worst quality',
      shapes: { params: codePath, query: historyQuery },
      answer: historyAnswer,
      handle: async ({ params, query }) => {
        const { id, place } = find(params.code);
        const { template } = place.columns;
        const { from, to, buckets } = query;
        if (!(to > from)) throw new HttpError(400, '`to` must be later than `from`');
        const points = pointNames(template, query.points);
        const read = await history.read({ station: id, template, points, from, to, buckets });
        return { station: params.code, from, to, ...read };
      },
    }),
    endpoint({
      method: 'get',
      path: '/api/overview',
      summary: 'The overview sheet of the whole city at a past time, as a live snapshot message',
      shapes: { query: overviewQuery },
      answer: 'application/octet-stream',
      handle: async ({ query }): Promise<Bytes> => {
        if (query.at > now()) throw new HttpError(400, 'that time is still to come');
        return { bytes: await overviewAt(query.at), maxAgeSeconds: 0 };
      },
    }),
  ];
};

function summary(station: Station, template: string): StationSummary {
  const { code, name, kind, district, supplyZone, lon, lat } = station;
  return { code, name, kind, district, supplyZone, lon, lat, template, registered: true };
}

function pointNames(template: Template, names: string): string[] {
  const wanted = [...new Set(names.split(',').map((name) => name.trim()))].filter(Boolean);
  const unknown = wanted.filter((name) => !template.index.has(name));
  if (unknown.length > 0)
    throw new HttpError(400, 'this station does not have every point asked for', unknown);
  if (wanted.length > MOST_POINTS) throw new HttpError(400, `at most ${MOST_POINTS} points at once`);
  return wanted;
}
