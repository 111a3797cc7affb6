import pino from 'pino';
import { HOUR, MINUTE } from '#twin/units.ts';
import { AlarmDesk } from './alarms/desk.ts';
import { LateAlarms } from './alarms/lateAlarms.ts';
import { LateArrivals } from './alarms/lateArrivals.ts';
import { LateStretches } from './alarms/lateStretches.ts';
import { motorsIn } from './alarms/motors.ts';
import { OverrideDesk } from './alarms/overrideDesk.ts';
import { platformHealth } from './alarms/platformHealth.ts';
import { RuleBook } from './alarms/ruleBook.ts';
import { RULES } from './alarms/ruleFolder.ts';
import { followFolder, RuleWatch } from './alarms/ruleWatch.ts';
import type { KnownRoute } from './alarms/toldRoutes.ts';
import { warmWindows } from './alarms/warmWindows.ts';
import { areasIn, whereaboutsIn } from './alarms/whereabouts.ts';
import { guardedServer } from './api/guard.ts';
import { isLoopback } from './api/sameOrigin.ts';
import { Backtests } from './backtest/backtests.ts';
import { Turns } from './backtest/jobs.ts';
import { ScenarioBacktests } from './backtest/scenarioBacktests.ts';
import { BaselineKeeper } from './baseline/keeper.ts';
import { Admission } from './broker/admission.ts';
import { Strangers } from './broker/strangers.ts';
import { BurstFinder } from './burst/finder.ts';
import { createLiveCity, type LiveCity } from './city.ts';
import { Closers } from './closers.ts';
import { type DatabaseStep, openDatabase } from './database/database.ts';
import { type History, openHistory } from './history/history.ts';
import { Clocks } from './ingest/clocks.ts';
import { keepOverview } from './live/past.ts';
import { type JsonConnection, listenToJson } from './mapping/connection.ts';
import { jsonFeed } from './mapping/feed.ts';
import { readMapping } from './mapping/read.ts';
import { Notifications, readNotifications } from './notification/notifications.ts';
import { listen, openBroker, stillStarting } from './ports.ts';
import { RefusalLog } from './refusals.ts';
import { importDemoCity } from './registry/demoCity.ts';
import { Registry } from './registry/registry.ts';
import { SCENARIOS, scenariosIn } from './runs/library.ts';
import type { Settings } from './settings.ts';
import { connectHost, type HostConnection, holdsBack } from './sparkplug/connection.ts';
import { tileService } from './tiles/tiles.ts';
import { serveWeb } from './web.ts';

export interface RunningServer {
  url: string;
  mqttUrl: string;
  stop(): Promise<void>;
}

const HISTORY_TICK_MS = 700;
const SWEEP_MS = 1000;
const ALARM_LOOK_MS = 2000;
const BASELINE_TURN_MS = MINUTE;
const NOTIFICATION_TURN_MS = 1000;
const LATE_ALARMS_MS = 10_000;
const RULE_FILES_MS = 2000;

/** Starts the city's side. Rejects with one sentence when a port is taken, a URL is wrong, a database cannot be opened. */
export async function startServer(
  settings: Settings,
  progress: (text: string) => void,
): Promise<RunningServer> {
  const closers = new Closers();
  try {
    return await start(settings, progress, closers);
  } catch (error) {
    await closers.close();
    throw error;
  }
}

async function start(
  settings: Settings,
  progress: (text: string) => void,
  closers: Closers,
): Promise<RunningServer> {
  const log = pino({ level: settings.logLevel }, pino.destination(2));
  const now = Date.now;
  const ruleFiles = new RuleWatch(settings.rulesDir ?? RULES);
  const sources = settings.jsonMapping === undefined ? [] : readMapping(settings.jsonMapping);
  // the ports first: one that is taken need not wait for the database
  const refused = new RefusalLog();
  const broker = await openBroker(settings, refused);
  if (broker) closers.add(() => broker.close());
  const http = guardedServer(stillStarting, refused);
  const port = await listen(http, settings.port, settings.host);
  closers.add(() => {
    http.closeAllConnections();
    http.close();
  });

  const database = await openDatabase({
    url: settings.databaseUrl,
    dataDir: settings.dataDir,
    onProgress: (step) => progress(DATABASE_STEPS[step]),
    onNote: (note) => log.warn(note),
  });
  closers.add(() => database.close());
  if (settings.demo) await importDemoCity(database, settings.demoSeed, progress);
  const registry = await Registry.load(database);
  const history = await openHistory(database, {
    now: now(),
    retentionDays: settings.retentionDays,
    retentionBytes: settings.retentionBytes,
    memoryLimit: settings.historyMemoryBytes,
    note: (note) => log.warn(note),
  });
  closers.add(() => history.close());

  let connection: HostConnection | undefined;
  let brokerTrouble: string | null = 'the broker is not connected yet';
  const publish = (topic: string, payload: Uint8Array) => connection?.publish(topic, payload);
  const clocks = await Clocks.load(database);
  // before the history makes durable what waits
  closers.add(() => (clocks.unsaved ? clocks.save(database) : undefined));
  const arrivals = new LateArrivals();
  const late = (code: string, from: number, to: number) => arrivals.note(code, from, to, now());
  const city = createLiveCity({ settings, database, history, registry, clocks, now, publish, late });
  closers.add(() => city.host.stop());
  // known when the rules are, of which they speak
  let routes: readonly KnownRoute[] | null = null;
  const book = await RuleBook.open({
    database,
    library: ruleFiles.library,
    routes: () => routes,
    stations: () => new Map(registry.stations.map(({ code, place }) => [code, place.columns.template.kind])),
    templates: () => [...registry.state.byTemplate.values()].map(({ template }) => template),
    now,
    note: (note) => log.warn(note),
  });
  const told = readNotifications(settings.notifications, { rules: book.rules, registry }, process.env, now);
  routes = told.book.routes.length > 0 ? told.book.routes : null;
  book.noteStrayRoutes();
  const atDesk: { desk?: AlarmDesk } = {};
  const notifications = await Notifications.begin({
    database,
    registry,
    ruleOf: (id) => book.rules.find(({ text }) => text.id === id),
    ...told,
    find: (id) => atDesk.desk?.find(id),
    now,
    note: (note) => log.warn(note),
  });
  const keeper = await BaselineKeeper.begin(database, (note) => log.warn(note));
  closers.add(() => keeper.close());
  closers.every(BASELINE_TURN_MS, () => keeper.turn());
  const finder = new BurstFinder({ database, registry, note: (note) => log.warn(note) });
  closers.add(() => finder.close());
  registry.awaitAgain(history.earlier.heard, now());
  const desk = await AlarmDesk.begin({
    database,
    rules: book.rules,
    state: registry.state,
    areaOf: areasIn(registry),
    motorsOf: motorsIn(registry),
    whereabouts: whereaboutsIn(registry),
    baselines: keeper.baselines,
    now,
    health: platformHealth({
      database,
      behindMs: () => history.stats().behindMs,
      unreadable: () => history.stats().unreadable,
      channels: () => notifications.channels(),
      dataDir: settings.dataDir,
    }),
    lastAlive: history.earlier.until,
    notifications,
    finder,
    note: (note) => log.warn(note),
  });
  atDesk.desk = desk;
  // what cannot be written is noted, and goes with the next look
  book.follow((rules) => void desk.change(rules).catch(() => undefined));
  closers.every(RULE_FILES_MS, () => followFolder(ruleFiles, book, (note) => log.warn(note)));
  closers.add(() => desk.close());
  closers.add(() => notifications.close());
  closers.every(NOTIFICATION_TURN_MS, () => notifications.turn());
  // a database that is away is asked again an hour later
  closers.every(HOUR, () => notifications.forgetOld().catch(() => undefined));
  closers.every(HOUR, () => desk.forgetOld(settings.alarmRetentionDays).catch(() => undefined));
  const lateAlarms = await LateAlarms.begin({
    arrivals,
    stretches: new LateStretches(database),
    history,
    registry,
    rules: () => desk.rules,
    keep: (found, missed) => desk.addLate(found, missed),
    now,
    interval: settings.reportMs,
    note: (note) => log.warn(note),
  });
  closers.add(() => lateAlarms.close());
  closers.every(LATE_ALARMS_MS, () => lateAlarms.turn());
  const turns = new Turns();
  const backtests = new Backtests({ book, history, registry, now, interval: settings.reportMs, turns });
  closers.add(() => backtests.close());
  const scenarioBacktests = new ScenarioBacktests({ book, registry, library: scenariosIn(SCENARIOS), turns });
  closers.add(() => scenarioBacktests.close());
  const tiles = tileService(database);
  closers.add(() => tiles.close());
  const ready = () => brokerTrouble ?? (database.healthy() ? null : 'the database cannot be reached');
  const hub = serveWeb({
    http,
    city,
    desk,
    notifications,
    book,
    overrides: new OverrideDesk(ruleFiles, book, (note) => log.info(note)),
    backtests,
    scenarioBacktests,
    database,
    history,
    refused,
    tiles,
    tileSource: settings.tileSource,
    local: isLoopback(settings.host),
    ready,
    log,
    now,
  });
  closers.add(() => hub.close());

  const strangers = new Strangers({ now, refused, ...city.strangers });
  const admission = new Admission({
    now,
    refused,
    strangers,
    knows: (node) => registry.byCode.has(node),
    forgotten: city.strangers.forgotten,
  });
  const mqttUrl = settings.mqttUrl ?? broker!.url;
  connection = await connectHost({
    url: mqttUrl,
    mqtt: settings.mqtt,
    hostId: settings.hostId,
    groups: settings.groups,
    now,
    receive: (topic, payload, retained) =>
      admission.admits(topic, payload) && city.host.receive(topic, payload, retained),
    onState: (connected, detail) => {
      brokerTrouble = connected ? null : detail;
      if (connected) return;
      log.warn(brokerTrouble);
      city.host.disconnected();
    },
  }).catch((error: Error) => {
    throw new Error(`the broker at ${withoutPassword(mqttUrl)} cannot be used: ${error.message}`);
  });
  closers.add(() => connection?.close());
  let json: JsonConnection | undefined;
  if (sources.length > 0) {
    json = listenToJson({
      url: mqttUrl,
      mqtt: settings.mqtt,
      clientId: `${settings.hostId}-json`,
      filters: sources.map(({ topic }) => topic.filter),
      // what waited at the broker comes faster than anybody looks
      isFull: () => holdsBack(false, history.pressure(), 0),
      receive: jsonFeed({ ...city, strangers, sources, now }),
      onRepeated: (topic) => city.faults.count('duplicate', '', topic.slice(0, 120)),
      onRefused: (filter, reason) => city.faults.count('subscriptionRefused', '', `${filter}: ${reason}`),
      onTrouble: (message) => log.warn(`JSON: ${message}`),
    });
    closers.add(() => json?.close());
  }
  // apart from the tick, which may wait for the database
  closers.every(SWEEP_MS, () => {
    if (!connection) return;
    connection.hold(holdsBack(connection.held, history.pressure(), connection.lag));
    json?.hold(connection.held);
  });
  const tickFailed = (error: Error) =>
    log.error({ error: error.message, stack: error.stack }, 'history tick failed');
  closers.every(HISTORY_TICK_MS, async () => {
    // a replay after a crash finds the frames that are durable only by the same clocks: those first
    try {
      while (clocks.unsaved) await clocks.save(database);
    } catch (error) {
      return log.warn(`clocks of gateways not kept: ${(error as Error).message}`);
    }
    await history.tick(now()).catch(tickFailed);
  });
  closers.every(
    SWEEP_MS,
    sweeper(city, history, now, (error) => log.warn(`overview not kept: ${error.message}`)),
  );
  const warming = new AbortController();
  const warmed = warmWindows(
    {
      history,
      stations: registry.stations,
      rules: desk.rules,
      interval: settings.reportMs,
      recall: (known) => desk.recall(known),
      now,
      note: (note) => log.warn(note),
    },
    warming.signal,
  );
  closers.add(() => {
    warming.abort();
    return warmed;
  });
  closers.every(ALARM_LOOK_MS, () => {
    try {
      desk.look();
    } catch (error) {
      log.error({ error: (error as Error).message, stack: (error as Error).stack }, 'alarms not looked at');
    }
  });
  return { url: `http://${settings.host}:${port}`, mqttUrl, stop: () => closers.close() };
}

/** Once a second: what grew stale, the rates; once a minute: the sheet of the city for the time bar. */
function sweeper(
  { overview, rates }: LiveCity,
  history: History,
  now: () => number,
  failed: (error: Error) => void,
): () => void {
  let kept = Math.floor(now() / MINUTE);
  return () => {
    const time = now();
    overview.sweep(time);
    rates.mark(time);
    const minute = Math.floor(time / MINUTE);
    if (minute === kept) return;
    kept = minute;
    overview.refresh(time);
    keepOverview(history, minute * MINUTE, overview.sheet).catch(failed);
  };
}

const DATABASE_STEPS: Record<DatabaseStep, string> = {
  connecting: 'Connecting to the database…',
  creating: 'Creating the embedded database (once)…',
  starting: 'Starting the embedded database…',
  postgis: 'Adding PostGIS…',
  migrating: 'Bringing the tables up to date…',
  ready: 'The database is ready.',
};

/** An address as it may be shown. */
function withoutPassword(url: string): string {
  const shown = new URL(url);
  if (shown.password) shown.password = '***';
  return shown.toString();
}
