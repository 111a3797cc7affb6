import type { Server } from 'node:http';
import { fileURLToPath } from 'node:url';
import type { Logger } from 'pino';
import type { AlarmDesk } from './alarms/desk.ts';
import type { OverrideDesk } from './alarms/overrideDesk.ts';
import type { RuleBook } from './alarms/ruleBook.ts';
import { alarmEndpoints } from './api/alarms.ts';
import { createApp } from './api/app.ts';
import { backtestEndpoints } from './api/backtests.ts';
import { cityEndpoints } from './api/city.ts';
import { healthEndpoints } from './api/health.ts';
import { metrics } from './api/metrics.ts';
import { notificationEndpoints } from './api/notifications.ts';
import { overrideEndpoints, ruleEndpoints } from './api/rules.ts';
import { isSameOrigin } from './api/sameOrigin.ts';
import { stationEndpoints } from './api/stations.ts';
import type { Backtests } from './backtest/backtests.ts';
import type { ScenarioBacktests } from './backtest/scenarioBacktests.ts';
import type { LiveCity } from './city.ts';
import type { Database } from './database/database.ts';
import type { History } from './history/history.ts';
import { LiveHub } from './live/hub.ts';
import { pastOverview } from './live/past.ts';
import { liveSource } from './live/sources.ts';
import type { Notifications } from './notification/notifications.ts';
import { stillStarting } from './ports.ts';
import type { RefusalLog } from './refusals.ts';
import type { TileService } from './tiles/tiles.ts';

const LIVE_TICK_MS = 250;
/** Live sockets at once. */
export const MAX_CLIENTS = 2000;
const CLIENT_DIR = fileURLToPath(new URL('../dist/client', import.meta.url));

export interface WebOptions {
  http: Server;
  city: LiveCity;
  desk: AlarmDesk;
  notifications: Notifications;
  book: RuleBook;
  overrides: OverrideDesk;
  backtests: Backtests;
  scenarioBacktests: ScenarioBacktests;
  database: Database;
  history: History;
  refused: RefusalLog;
  tiles: TileService;
  tileSource: string | null;
  /** we listen on this machine's own address */
  local: boolean;
  /** null while the process is fit for work, else the reason it is not */
  ready: () => string | null;
  log: Logger;
  now: () => number;
}

/** Puts the HTTP API, the built client and the live socket on a server. */
export function serveWeb({
  http,
  city,
  desk,
  notifications,
  book,
  overrides,
  backtests,
  scenarioBacktests,
  database,
  history,
  refused,
  tiles,
  tileSource,
  local,
  ready,
  log,
  now,
}: WebOptions): LiveHub {
  const { registry, overview } = city;
  const hub = new LiveHub({
    server: http,
    path: '/live',
    refused,
    admits: (headers) => isSameOrigin(headers, local),
    now,
    tickMs: LIVE_TICK_MS,
    maxClients: MAX_CLIENTS,
    source: (topic) => liveSource(topic, registry, overview, desk),
    hello: () => ({ notice: 'hello', serverTime: now(), stationsRevision: registry.revision }),
  });
  const app = createApp({
    local,
    refused,
    tileSource,
    clientDir: CLIENT_DIR,
    endpoints: [
      ...cityEndpoints({ database, registry, tiles, tileSource }),
      ...stationEndpoints({
        registry,
        clocks: city.clocks,
        history,
        overviewAt: pastOverview(history, registry),
        now,
      }),
      ...alarmEndpoints({ desk, database, registry, now }),
      ...notificationEndpoints(notifications, now),
      ...ruleEndpoints(book),
      ...overrideEndpoints(book, overrides),
      ...backtestEndpoints({ backtests, scenarioBacktests }),
      ...healthEndpoints({
        ...city,
        refused,
        since: now(),
        now,
        historyStats: () => history.stats(),
        adopt: async (request) => {
          await city.adopt(request);
          await book.layAnew();
          hub.notifyAll({ notice: 'stations', stationsRevision: registry.revision });
        },
      }),
    ],
    ready,
    metrics: metrics({
      ...city,
      refused,
      hub,
      notifications,
      historyBehindMs: () => history.stats().behindMs,
      unreadableChunks: () => history.stats().unreadable,
    }),
    onError: (error, path) => log.error({ error: error.message, stack: error.stack, path }, 'request failed'),
  });
  http.off('request', stillStarting).on('request', app);
  return hub;
}
