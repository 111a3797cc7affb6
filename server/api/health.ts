import { z } from 'zod';
import { adoptRequest, type DataHealth, dataHealth, unregisteredStation } from '#twin/wire/api.ts';
import type { FaultLog } from '../ingest/faults.ts';
import type { GapLog } from '../ingest/gaps.ts';
import type { Rates } from '../ingest/rates.ts';
import type { Overview } from '../live/overview.ts';
import type { RefusalLog } from '../refusals.ts';
import { AdoptError } from '../registry/adopt.ts';
import type { Registry } from '../registry/registry.ts';
import type { Unregistered } from '../registry/unregistered.ts';
import { endpoint, HttpError } from './route.ts';

export interface HealthContext {
  registry: Registry;
  unregistered: Unregistered;
  overview: Overview;
  faults: FaultLog;
  refused: RefusalLog;
  gaps: GapLog;
  rates: Rates;
  historyStats: () => DataHealth['history'];
  since: number;
  now: () => number;
  adopt: (request: z.output<typeof adoptRequest>) => Promise<void>;
}

const SHOWN_GAPS = 200;
const SHOWN_STATIONS = 50;

/** What arrives, what is wrong with it, and who sends without being known. */
export const healthEndpoints = (context: HealthContext) => [
  endpoint({
    method: 'get',
    path: '/api/health/data',
    summary: 'What arrives, what is wrong with it, gaps',
    shapes: {},
    answer: dataHealth,
    handle: () => health(context),
  }),
  endpoint({
    method: 'get',
    path: '/api/unregistered',
    summary: 'Edge nodes that were born and are no station yet, with a suggested mapping',
    shapes: {},
    answer: z.array(unregisteredStation),
    handle: () => context.unregistered.list(),
  }),
  endpoint({
    method: 'post',
    path: '/api/stations/adopt',
    summary: 'Makes a station of an unregistered node; its history starts with its next birth',
    shapes: { body: adoptRequest },
    answer: z.object({ code: z.string() }),
    handle: async ({ body }) => {
      if (!context.unregistered.has(body.code))
        throw new HttpError(404, `no unregistered node is called ${body.code}`);
      try {
        await context.adopt(body);
      } catch (error) {
        if (error instanceof AdoptError) throw new HttpError(400, error.message, error.details);
        throw error;
      }
      return { code: body.code };
    },
  }),
];

function health(context: HealthContext): DataHealth {
  const { registry, unregistered, overview, faults, refused, gaps, rates, since, now } = context;
  return {
    time: now(),
    since,
    stations: { registered: registry.stations.length, ...overview.counts, unregistered: unregistered.size },
    rates: { ...rates.perSecond(), ...rates.latencyPercentiles() },
    totals: { ...rates.totals },
    faults: { ...faults.totals },
    refused: { ...refused.totals },
    history: context.historyStats(),
    recent: faults.newest(),
    worst: worst(registry, faults, gaps),
    gaps: gaps.newest(SHOWN_GAPS),
  };
}

function worst(registry: Registry, faults: FaultLog, gaps: GapLog): DataHealth['worst'] {
  const codes = new Set([...faults.byStation.keys(), ...gaps.byStation.keys()]);
  const rows = [...codes].map((station) => {
    const place = registry.byCode.get(station)?.place;
    const last = place?.columns.lastMessage[place.row] ?? 0;
    return {
      station,
      faults: faults.byStation.get(station) ?? 0,
      gaps: gaps.byStation.get(station) ?? 0,
      lastMessage: last > 0 ? last : null,
    };
  });
  return rows.sort((a, b) => b.faults + b.gaps - a.faults - a.gaps).slice(0, SHOWN_STATIONS);
}
