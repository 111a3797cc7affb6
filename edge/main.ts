import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { IClientOptions } from 'mqtt';
import { templateById } from '#twin/catalogue/template.ts';
import { backfill } from './backfill.ts';
import { Delivery, type DeliveryFile, loadDelivery, saveDelivery } from './delivery.ts';
import type { Driver } from './driver.ts';
import { createGateway, type Gateway, takeInputs } from './gateway.ts';
import { EdgeSession } from './node/session.ts';
import { numberStations } from './numbering.ts';
import { FrameQueue } from './queue/queue.ts';
import { Replayer } from './replay.ts';

export interface EdgeOptions {
  driver: Driver;
  dataDir: string;
  mqttUrl: string;
  mqtt: IClientOptions;
  group: string;
  hostId: string;
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
  now: () => number;
  random: () => number;
  onError: (message: string) => void;
}

export interface EdgeCounters {
  stations: number;
  born: number;
  appended: number;
  droppedUnsent: number;
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
  const { driver, dataDir, now } = options;
  await mkdir(dataDir, { recursive: true });
  const { stations } = await driver.describe();
  const numbered = await numberStations(join(dataDir, 'stations.json'), stations);
  const slots = Math.max(0, ...numbered.map((station) => station.number + 1));
  const steps: (readonly number[])[] = new Array(slots).fill([]);
  for (const { number, template } of numbered)
    steps[number] = templateById(template).points.map((point) => point.resolution);
  const delivery = new Delivery(slots, options.keepMs);
  const queue = await FrameQueue.open({
    dir: join(dataDir, 'queue'),
    stepsOf: (station) => steps[station] ?? [],
    maxBytes: options.queueBytes,
    maxAgeMs: options.queueAgeMs,
    syncMs: SYNC_MS,
    isUnsent: (station, time) => delivery.isUnsent(station, time),
    onError: (error) => options.onError(`queue: ${error.message}`),
  });
  const deliveryPath = join(dataDir, 'delivery.json');
  const last = await loadDelivery(deliveryPath);
  const replayer = new Replayer(queue, delivery, now, options.replayRate);
  const filled = new Set(numbered.filter(({ code }) => last[code]?.filled).map(({ number }) => number));
  const toFill: Gateway[] = [];
  const startedAt = now();

  const gateways = numbered.map((station) => {
    // without a mark of what arrived, everything on disk may be missing at the host
    delivery.replayFrom[station.number] =
      station.code in last ? (last[station.code]!.neededFrom ?? Number.POSITIVE_INFINITY) : 0;
    const gateway: Gateway = createGateway(
      station,
      options.deadbandScale,
      ({ code, template, number, wire, current }) =>
        new EdgeSession({
          url: options.mqttUrl,
          mqtt: options.mqtt,
          group: options.group,
          node: code,
          hostId: options.hostId,
          template,
          firstBdSeq: last[code]?.bdSeq ?? 0,
          now,
          random: options.random,
          birthSpreadMs: Math.max(100, (1000 * numbered.length) / options.connectRate),
          current: () => current,
          onBorn: () => {
            replayer.request(gateway);
            if (options.backfill && !filled.has(number)) toFill.push(gateway);
          },
          onBroken: (time) => delivery.doubt(number, time),
          onRebirth: (time) => {
            delivery.doubt(number, time);
            replayer.request(gateway);
          },
          onWrite: (point, value) => {
            driver
              .write(wire, point, value)
              .catch((error: Error) => options.onError(`${code} ${point}: ${error.message}`));
          },
        }),
    );
    return gateway;
  });

  const byWire: Gateway[] = [];
  for (const gateway of gateways) byWire[gateway.wire] = gateway;
  const context = { queue, delivery, reportMs: options.reportMs };
  driver.onInputs((time, station, values) => {
    const gateway = byWire[station];
    if (gateway) takeInputs(gateway, time, values, context);
  });

  const fill = (gateway: Gateway) =>
    backfill(gateway, driver, startedAt, options.replayRate).catch((error: Error) => {
      options.onError(`${gateway.code} backfill: ${error.message}`);
      return false;
    });

  let open = true;
  const connecting = (async () => {
    for (const gateway of gateways) {
      if (!open) return;
      gateway.session.connect();
      await pause(1000 / options.connectRate);
    }
  })();
  const filling = (async () => {
    while (open) {
      const gateway = toFill.shift();
      if (!gateway) await pause(200);
      else if (!filled.has(gateway.number) && (await fill(gateway))) filled.add(gateway.number);
    }
  })();
  const snapshot = (): DeliveryFile =>
    Object.fromEntries(
      gateways.map(({ code, number, session }) => {
        const needed = delivery.neededFrom(number);
        return [
          code,
          {
            neededFrom: Number.isFinite(needed) ? needed : null,
            bdSeq: session.nextBdSeq,
            filled: filled.has(number),
          },
        ];
      }),
    );
  let saving: Promise<void> = Promise.resolve();
  const save = () => {
    saving = saving
      .then(() => saveDelivery(deliveryPath, snapshot()))
      .catch((error: Error) => options.onError(`delivery mark: ${error.message}`));
    return saving;
  };
  const saveTimer = setInterval(save, SAVE_MS);
  const forgetTimer = setInterval(() => {
    const needed = gateways.reduce(
      (oldest, { number }) => Math.min(oldest, delivery.neededFrom(number)),
      now() - options.keepMs,
    );
    void queue.forgetBefore(needed).catch((error: Error) => options.onError(`queue: ${error.message}`));
  }, FORGET_MS);

  return {
    counters: () => ({
      stations: gateways.length,
      born: gateways.filter(({ session }) => session.phase === 'born').length,
      appended: queue.counters.appended,
      droppedUnsent: queue.counters.droppedUnsent,
      queueBytes: queue.counters.bytes,
      filled: filled.size,
    }),
    async close() {
      open = false;
      clearInterval(saveTimer);
      clearInterval(forgetTimer);
      await Promise.all([connecting, filling, replayer.stop()]);
      await driver.close();
      await queue.close();
      await save();
      await Promise.all(gateways.map(({ session }) => session.close()));
    },
  };
}
