import { DAY } from '#twin/units.ts';
import type { AdoptRequest } from '#twin/wire/api.ts';
import type { StrangersOptions } from './broker/strangers.ts';
import type { Database } from './database/database.ts';
import type { History } from './history/history.ts';
import { Clocks } from './ingest/clocks.ts';
import { FaultLog } from './ingest/faults.ts';
import { GapLog } from './ingest/gaps.ts';
import { Ingest } from './ingest/ingest.ts';
import { Rates } from './ingest/rates.ts';
import { Overview } from './live/overview.ts';
import { adopt } from './registry/adopt.ts';
import type { Registry } from './registry/registry.ts';
import { Unregistered } from './registry/unregistered.ts';
import type { Settings } from './settings.ts';
import { MOST_DEVICES, SparkplugHost } from './sparkplug/host.ts';
import { stationEvents } from './stationEvents.ts';

/** A birth is large: a city that comes back at once is asked for its births one after the other. */
const REBIRTHS_PER_SECOND = 200;
/**
 * A gateway that comes back sends its queue, some of them in order as if it were live: what two days of reports weigh
 * may come at once. Nobody is born hundreds of times, but all devices of a node may die, be born, and be born again because the
 * node was asked.
 */
const FLOOD = {
  births: { burst: 600, perSecond: 100 },
  devices: { burst: 4 * MOST_DEVICES, perSecond: 100 },
  data: { burst: 100_000, perSecond: 200 },
};

/** Everything that knows the city now: stations, what arrives from them, and what is wrong with it. */
export interface LiveCity {
  registry: Registry;
  unregistered: Unregistered;
  overview: Overview;
  faults: FaultLog;
  gaps: GapLog;
  rates: Rates;
  clocks: Clocks;
  ingest: Ingest;
  host: SparkplugHost;
  /** what is understood and kept of nodes that nobody has registered */
  strangers: Pick<StrangersOptions, 'understood' | 'forgotten'>;
  /** Makes a station of an unregistered node. Throws AdoptError. */
  adopt(request: AdoptRequest): Promise<void>;
}

export interface LiveCityOptions {
  settings: Settings;
  database: Database;
  history: History;
  registry: Registry;
  /** clocks of gateways that were ahead, of the runs before */
  clocks?: Clocks;
  now: () => number;
  publish: (topic: string, payload: Uint8Array) => void;
  /** values of a station of between two times, ms since epoch, came when nobody looked at that time any more */
  late?: (code: string, from: number, to: number) => void;
}

export function createLiveCity({
  settings,
  database,
  history,
  registry,
  clocks = new Clocks(),
  now,
  publish,
  late,
}: LiveCityOptions): LiveCity {
  const faults = new FaultLog(now);
  const gaps = new GapLog();
  const rates = new Rates();
  const overview = new Overview(registry, gaps, settings.reportMs);
  const unregistered = new Unregistered();
  const ingest = new Ingest({
    now,
    history: {
      append: (...frame) => history.append(...frame),
      appendLate: (...frame) => history.appendLate(...frame),
    },
    faults,
    rates,
    clocks,
    interval: settings.reportMs,
    retentionMs: settings.retentionDays * DAY,
    touched: ({ code }) => {
      const station = registry.byCode.get(code);
      if (station) overview.touch(station);
    },
    late: ({ code }, from, to) => late?.(code, from, to),
  });
  const host = new SparkplugHost({
    now,
    publish,
    reorderTimeoutMs: settings.reorderMs,
    rebirthsPerSecond: REBIRTHS_PER_SECOND,
    flood: FLOOD,
    events: stationEvents({ registry, unregistered, ingest, faults, rates, overview, now }),
  });
  return {
    registry,
    unregistered,
    overview,
    faults,
    gaps,
    rates,
    clocks,
    ingest,
    host,
    strangers: {
      understood: (group, node) =>
        host.nodes.get(`${group}/${node}`)?.born || unregistered.lists(group, node),
      forgotten(group, node) {
        host.drop(group, node);
        if (unregistered.lists(group, node)) unregistered.forget(node);
      },
    },
    async adopt(request) {
      await adopt(database, request);
      await registry.reload(database);
      overview.resize();
      const node = unregistered.forget(request.code);
      // its next birth binds its metrics to points; one that was never born speaks JSON
      if (node?.born) host.askRebirth(node);
    },
  };
}
