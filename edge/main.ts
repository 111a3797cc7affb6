import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { IClientOptions } from 'mqtt';
import { templateById } from '#twin/catalogue/template.ts';
import { Backfiller } from './backfill.ts';
import { type Delivery, type DeliveryFile, deliveryFrom, loadDelivery, saveDelivery } from './delivery.ts';
import type { Driver } from './driver.ts';
import { createGateway, type Gateway, type ReportContext, takeInputs } from './gateway.ts';
import { EdgeSession, type SessionOptions } from './node/session.ts';
import { type NumberedStation, numberStations } from './numbering.ts';
import { FrameQueue } from './queue/queue.ts';
import { Replayer } from './replay.ts';

/** The time before an installation waits behind what was missed: of the pace of a replay it has this share. */
const BACKFILL_SHARE = 0.4;

export interface EdgeOptions {
  driver: Driver;
  dataDir: string;
  mqttUrl: string;
  mqtt: IClientOptions;
  group: string;
  /** undefined: no primary host, gateways are born as soon as they are connected */
  hostId: string | undefined;
  /** one report per station this often, ms */
  reportMs: number;
  /** 1: the catalogue's dead-bands; 0: every step of the resolution */
  deadbandScale: number;
  /** what was sent stays this long for a replay, ms */
  keepMs: number;
  queueBytes: number;
  queueAgeMs: number;
  /** historical values a second, all stations together */
  replayRate: number;
  /** new connections and births are spread so that no more than this many come a second */
  connectRate: number;
  backfill: boolean;
  /** the clock on the wall, which may be wrong and be set right; `steady` only goes on */
  now: () => number;
  steady: () => number;
  random: () => number;
  onError: (message: string) => void;
}

export interface EdgeCounters {
  stations: number;
  born: number;
  appended: number;
  appendedValues: number;
  droppedUnsent: number;
  /** values that a full or failing disk did not take */
  unkeptValues: number;
  queueBytes: number;
  filled: number;
}

export interface Edge {
  counters(): EdgeCounters;
  close(): Promise<void>;
}

const SYNC_MS = 100;
const SAVE_MS = 2000;
const FORGET_MS = 10_000;

/** Starts the gateways of every station the driver has. */
export async function startEdge(options: EdgeOptions): Promise<Edge> {
  const { driver, dataDir, now, steady, onError } = options;
  await mkdir(dataDir, { recursive: true });
  const { stations } = await driver.describe();
  const numbered = await numberStations(join(dataDir, 'stations.json'), stations);
  const marksPath = join(dataDir, 'delivery.json');
  const marks = await loadDelivery(marksPath);
  const delivery = deliveryFrom(marks, numbered, slotsOf(numbered), options.keepMs);
  const queue = await openQueue(options, numbered, delivery);
  const replayer = new Replayer(queue, delivery, {
    now: steady,
    valuesPerSecond: options.replayRate,
    onError,
  });
  const filled = numbered
    .filter(({ code }) => marks[code]?.filled || !options.backfill)
    .map(({ number }) => number);
  const backfiller = new Backfiller(
    {
      driver,
      before: now(),
      valuesPerSecond: options.replayRate * BACKFILL_SHARE,
      keepMs: options.keepMs,
      now: steady,
      onError,
    },
    filled,
  );

  const gateways = numbered.map((station) => {
    const { number, code } = station;
    const gateway: Gateway = createGateway(station, options.deadbandScale, ({ template, current }) => {
      const session: SessionOptions = {
        url: options.mqttUrl,
        mqtt: options.mqtt,
        group: options.group,
        node: code,
        hostId: options.hostId,
        template,
        firstBdSeq: marks[code]?.bdSeq ?? 0,
        keepBdSeq: () => saved(),
        now,
        steady,
        random: options.random,
        birthSpreadMs: Math.max(100, (1000 * numbered.length) / options.connectRate),
        current: () => current,
        onBorn: () => {
          replayer.request(gateway);
          backfiller.request(gateway);
        },
        onBroken: () => {
          delivery.doubt(number, steady());
          backfiller.doubt(gateway);
        },
        onCarried: (until) => delivery.carried(number, until),
        onRebirth: () => {
          delivery.doubt(number, steady());
          backfiller.doubt(gateway);
          replayer.request(gateway);
          backfiller.request(gateway);
        },
      };
      return new EdgeSession(session);
    });
    return gateway;
  });
  listen(driver, gateways, { queue, delivery, reportMs: options.reportMs, steady });
  // the numbers of the sessions that begin now must be on disk: a crash must not give a later one the same will
  await saveDelivery(marksPath, marksOf(gateways, delivery, backfiller.filled, steady())).catch(
    (error: Error) => onError(`delivery marks: ${error.message}`),
  );
  const connecting = connectAll(gateways, options.connectRate);

  let saving: Promise<void> = Promise.resolve();
  const save = () => {
    saving = saving
      .then(() => saveDelivery(marksPath, marksOf(gateways, delivery, backfiller.filled, steady())))
      .catch((error: Error) => onError(`delivery marks: ${error.message}`));
    return saving;
  };
  let next: Promise<void> | undefined;
  /** A city that connects again asks at once: whoever asks while one file is written shares the next. */
  const saved = () => {
    next ??= saving.then(() => {
      next = undefined;
      return save();
    });
    return next;
  };
  const saveTimer = setInterval(save, SAVE_MS);
  const forgetTimer = setInterval(() => {
    const kept = steady() - options.keepMs;
    const needed = gateways.reduce(
      (oldest, { number }) => Math.min(oldest, delivery.neededFrom(number, steady())),
      kept,
    );
    const isWaiting = (station: number, time: number) => delivery.isWaiting(station, time, steady());
    queue.forgetBefore(needed, isWaiting).catch((error: Error) => onError(`queue: ${error.message}`));
  }, FORGET_MS);

  return {
    counters: () => ({
      stations: gateways.length,
      born: gateways.filter(({ session }) => session.phase === 'born').length,
      appended: queue.counters.appended,
      appendedValues: queue.counters.appendedValues,
      droppedUnsent: queue.counters.droppedUnsent,
      unkeptValues: queue.counters.unkeptValues,
      queueBytes: queue.counters.bytes,
      filled: backfiller.filled.size,
    }),
    async close() {
      clearInterval(saveTimer);
      clearInterval(forgetTimer);
      await Promise.all([connecting.stop(), backfiller.stop(), replayer.stop()]);
      await driver.close();
      await queue.close();
      await save();
      await Promise.all(gateways.map(({ session }) => session.close()));
    },
  };
}

function openQueue(
  options: EdgeOptions,
  stations: readonly NumberedStation[],
  delivery: Delivery,
): Promise<FrameQueue> {
  const steps: (readonly number[])[] = new Array(slotsOf(stations)).fill([]);
  for (const { number, template } of stations)
    steps[number] = templateById(template).points.map((point) => point.resolution);
  return FrameQueue.open({
    dir: join(options.dataDir, 'queue'),
    stepsOf: (station) => steps[station] ?? [],
    maxBytes: options.queueBytes,
    maxAgeMs: options.queueAgeMs,
    syncMs: SYNC_MS,
    now: options.steady,
    isUnsent: (station, time) => delivery.isUnsent(station, time),
    onError: (error) => options.onError(`queue: ${error.message}`),
  });
}

const slotsOf = (stations: readonly NumberedStation[]): number =>
  Math.max(0, ...stations.map(({ number }) => number + 1));

function listen(driver: Driver, gateways: readonly Gateway[], context: ReportContext): void {
  const byWire: Gateway[] = [];
  for (const gateway of gateways) byWire[gateway.wire] = gateway;
  driver.onInputs((time, station, values) => {
    const gateway = byWire[station];
    if (gateway) takeInputs(gateway, time, values, context);
  });
}

/** A broker need not meet two thousand new connections in one moment. */
function connectAll(gateways: readonly Gateway[], perSecond: number): { stop(): Promise<void> } {
  let open = true;
  const done = (async () => {
    for (const gateway of gateways) {
      if (!open) return;
      gateway.session.connect();
      await pause(1000 / perSecond);
    }
  })();
  return {
    stop() {
      open = false;
      return done;
    },
  };
}

function marksOf(
  gateways: readonly Gateway[],
  delivery: Delivery,
  filled: ReadonlySet<number>,
  now: number,
): DeliveryFile {
  return Object.fromEntries(
    gateways.map(({ code, number, session }) => {
      const needed = delivery.neededFrom(number, now);
      const neededFrom = Number.isFinite(needed) ? needed : null;
      return [code, { neededFrom, bdSeq: session.nextBdSeq, filled: filled.has(number) }];
    }),
  );
}
