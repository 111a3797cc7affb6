import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';
import pino from 'pino';
import { buildDemoCity, DEMO_SEED } from '#gis/city/city.ts';
import { readXiamenLand } from '#gis/io/land.ts';
import { DAY, MINUTE } from '#twin/units.ts';
import { createApp } from './api/app.ts';
import { cityEndpoints } from './api/city.ts';
import { healthEndpoints } from './api/health.ts';
import { metrics } from './api/metrics.ts';
import { stationEndpoints } from './api/stations.ts';
import { type EmbeddedBroker, startBroker } from './broker/embedded.ts';
import { type Database, openDatabase } from './database/database.ts';
import { openHistory } from './history/history.ts';
import { FaultLog } from './ingest/faults.ts';
import { GapLog } from './ingest/gaps.ts';
import { Ingest } from './ingest/ingest.ts';
import { Rates } from './ingest/rates.ts';
import { LiveHub } from './live/hub.ts';
import { Overview } from './live/overview.ts';
import { keepOverview, overviewAt } from './live/past.ts';
import { liveSource } from './live/sources.ts';
import { adopt } from './registry/adopt.ts';
import { importCity, importedCity } from './registry/importCity.ts';
import { Registry } from './registry/registry.ts';
import { Unregistered } from './registry/unregistered.ts';
import type { Settings } from './settings.ts';
import { connectHost } from './sparkplug/connection.ts';
import { SparkplugHost } from './sparkplug/host.ts';
import { stationEvents } from './stationEvents.ts';
import { tileService } from './tiles/tiles.ts';

export interface RunningServer {
  url: string;
  mqttUrl: string;
  stop(): Promise<void>;
}

const LIVE_TICK_MS = 250;
const HISTORY_TICK_MS = 700;
const SWEEP_MS = 1000;
const MAX_CLIENTS = 2000;
const CLIENT_DIR = fileURLToPath(new URL('../dist/client', import.meta.url));

/** Starts the city's side. Rejects with one sentence when a port is taken, a URL is wrong, a database cannot be opened. */
export async function startServer(
  settings: Settings,
  progress: (text: string) => void,
): Promise<RunningServer> {
  const log = pino({ level: settings.logLevel }, pino.destination(2));
  const now = Date.now;
  const stops: (() => unknown)[] = [];
  const stop = async () => {
    for (const end of stops.reverse()) await end();
  };
  try {
    const broker = await openBroker(settings);
    if (broker) stops.push(() => broker.close());
    const http = createServer();
    await listen(http, settings.port, settings.host);
    stops.push(
      () =>
        new Promise<void>((done) => {
          http.closeAllConnections();
          http.close(() => done());
        }),
    );

    const database = await openDatabase({
      url: settings.databaseUrl,
      dataDir: settings.dataDir,
      onProgress: (step) => progress(DATABASE_STEPS[step]),
      onNote: (note) => log.warn(note),
    });
    stops.push(() => database.close());
    if (settings.demo) await importDemo(database, settings, progress);
    const registry = await Registry.load(database);

    const history = await openHistory(database, {
      now: now(),
      retentionDays: settings.retentionDays,
      retentionBytes: settings.retentionBytes,
      note: (note) => log.warn(note),
    });
    stops.push(() => history.close());

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
      retentionMs: settings.retentionDays * DAY,
      touched: (station) => {
        const row = registry.byCode.get(station.code);
        if (row) overview.touch(row);
      },
    });
    let publish: (topic: string, payload: Uint8Array) => void = () => {};
    const host = new SparkplugHost({
      now,
      publish: (topic, payload) => publish(topic, payload),
      reorderTimeoutMs: 2000,
      rebirthsPerSecond: 200,
      floodBurst: 600,
      floodPerSecond: 100,
      events: stationEvents({ registry, unregistered, ingest, faults, rates, overview, now }),
    });
    stops.push(() => host.stop());

    const hub = new LiveHub({
      server: http,
      path: '/live',
      now,
      tickMs: LIVE_TICK_MS,
      maxClients: MAX_CLIENTS,
      source: (topic) => liveSource(topic, registry, overview),
      hello: () => ({ notice: 'hello', serverTime: now(), stationsRevision: registry.revision }),
    });
    stops.push(() => hub.close());
    const tiles = tileService(database);
    stops.push(() => tiles.close());

    let brokerTrouble = 'the broker is not connected yet';
    const app = createApp({
      clientDir: CLIENT_DIR,
      endpoints: [
        ...cityEndpoints({ database, registry, tiles, tileSource: settings.tileSource }),
        ...stationEndpoints({
          registry,
          history: { read: async (query) => (await history.read(query)).series },
          overviewAt: (time) => overviewAt(history, registry, time),
          now,
        }),
        ...healthEndpoints({
          registry,
          unregistered,
          overview,
          faults,
          gaps,
          rates,
          since: now(),
          now,
          historyStats: async () => {
            const { bytes, bytesPerValue, unsealedFrames, oldest, behindMs } = history.stats();
            return { bytes, bytesPerValue, unsealedFrames, oldest, behindMs };
          },
          adopt: async (request) => {
            await adopt(database, request);
            await registry.reload(database);
            overview.resize();
            hub.notifyAll({ notice: 'stations', stationsRevision: registry.revision });
            const node = unregistered.forget(request.code);
            // its next birth binds its metrics to points
            if (node) host.askRebirth(node);
          },
        }),
      ],
      ready: () => brokerTrouble || (database.healthy() ? null : 'the database cannot be reached'),
      metrics: metrics({ rates, faults, overview, hub, historyBehindMs: () => history.stats().behindMs }),
      onError: (error, path) =>
        log.error({ error: error.message, stack: error.stack, path }, 'request failed'),
    });
    http.on('request', app);

    const mqttUrl = settings.mqttUrl ?? broker!.url;
    const connection = await connectHost({
      url: mqttUrl,
      mqtt: settings.mqtt,
      hostId: settings.hostId,
      groups: settings.groups,
      now,
      receive: (topic, payload) => host.receive(topic, payload),
      onState: (connected, detail) => {
        brokerTrouble = connected ? '' : `the broker cannot be reached: ${detail}`;
        if (!connected) log.warn(brokerTrouble);
      },
    }).catch((error: Error) => {
      throw new Error(`the broker at ${redacted(mqttUrl)} cannot be used: ${error.message}`);
    });
    publish = connection.publish;
    stops.push(() => connection.close());

    const every = (ms: number, work: () => unknown) => {
      const timer = setInterval(work, ms);
      stops.push(() => clearInterval(timer));
    };
    let minute = Math.floor(now() / MINUTE);
    every(HISTORY_TICK_MS, () => history.tick(now()));
    every(SWEEP_MS, () => {
      const time = now();
      overview.sweep(time);
      rates.mark(time);
      if (Math.floor(time / MINUTE) === minute) return;
      minute = Math.floor(time / MINUTE);
      overview.refresh(time);
      keepOverview(history, minute * MINUTE, overview.sheet).catch((error: Error) =>
        log.warn(`overview not kept: ${error.message}`),
      );
    });

    const { port } = http.address() as { port: number };
    return { url: `http://${settings.host}:${port}`, mqttUrl, stop };
  } catch (error) {
    await stop().catch(() => undefined);
    throw error;
  }
}

const DATABASE_STEPS = {
  connecting: 'Connecting to the database…',
  creating: 'Creating the embedded database (once)…',
  starting: 'Starting the embedded database…',
  postgis: 'Adding PostGIS…',
  migrating: 'Bringing the tables up to date…',
  ready: 'The database is ready.',
} as const;

async function openBroker(settings: Settings): Promise<EmbeddedBroker | undefined> {
  if (settings.mqttUrl) return undefined;
  try {
    return await startBroker(settings.mqttPort);
  } catch (error) {
    throw portError(error, settings.mqttPort, 'MQTT_PORT', 'the embedded broker');
  }
}

function listen(http: ReturnType<typeof createServer>, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    http.once('error', (error) => reject(portError(error, port, 'PORT', 'the web server')));
    http.listen(port, host, resolve);
  });
}

function portError(error: unknown, port: number, variable: string, who: string): Error {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code !== 'EADDRINUSE') return new Error(`${who} cannot listen: ${message}`);
  return new Error(
    `port ${port} is taken, so ${who} cannot listen: end what uses it or set ${variable} to another`,
  );
}

async function importDemo(
  database: Database,
  settings: Settings,
  progress: (text: string) => void,
): Promise<void> {
  const seed = settings.demoSeed ?? DEMO_SEED;
  const known = await importedCity(database);
  if (known?.seed === seed) return;
  progress('Building the demo city (once)…');
  const land = readXiamenLand();
  const city = buildDemoCity(seed, land);
  let shown = -1;
  await importCity(database, city, land, (share) => {
    const percent = Math.floor(share * 10) * 10;
    if (percent > shown) progress(`Writing the demo city to the database: ${percent} %`);
    shown = percent;
  });
}

/** An address without its password, for messages. */
function redacted(url: string): string {
  const shown = new URL(url);
  if (shown.password) shown.password = '***';
  return shown.toString();
}
