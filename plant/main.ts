import { setImmediate as breathe } from 'node:timers/promises';
import { Publisher, Reply } from 'zeromq';
import type { CityDrawing } from '#sim/city/build.ts';
import type { Station } from '#twin/model/station.ts';
import { encodeInputs, type InputImage } from '#twin/wire/fieldbus.ts';
import { Field } from './field.ts';
import { answer } from './requests.ts';
import { Schedule } from './schedule.ts';

export interface PlantOptions {
  city: CityDrawing;
  /** those of its stations that are wired; all when absent */
  stations?: readonly Station[];
  dataDir: string;
  seed: number;
  /** sampling periods per second */
  pace?: number;
  /** factor on sensor noise */
  noise?: number;
  /** how long a new field has lived and logged, ms; a day when absent */
  past?: number;
  /** tcp://127.0.0.1:PORT, port 0 chooses one */
  inputs?: string;
  requests?: string;
  /** share of the time that has been caught up with, 0 … 1 */
  onProgress?: (share: number) => void;
}

export interface Plant {
  inputsUrl: string;
  requestsUrl: string;
  /** Saves the state and frees the sockets. */
  close(): Promise<void>;
}

const SLOTS = 20;
/** The whole state is written once in so many ms. */
const SAVE_EVERY = 10_000;
/** Messages kept for a subscriber that does not keep up; then it loses some, as a bus does. */
const HIGH_WATER_MARK = 200;
const ANY_PORT = 'tcp://127.0.0.1:0';

/** Brings the field to the present, opens its sockets and keeps it running. */
export async function startPlant(options: PlantOptions): Promise<Plant> {
  const { pace = 1, noise = 1, inputs = ANY_PORT, requests = ANY_PORT, ...rest } = options;
  if (!(pace > 0)) throw new RangeError(`pace must be above zero, not ${pace}`);
  const publisher = new Publisher({ sendHighWaterMark: HIGH_WATER_MARK, linger: 0 });
  const replier = new Reply({ linger: 0 });
  // the ports first: one that is taken need not wait for the rooms
  await bind(publisher, 'inputs', inputs);
  await bind(replier, 'requests', requests);
  const field = new Field({ ...rest, noise, now: Date.now() });
  for (const share of field.catchUp(Date.now())) {
    options.onProgress?.(share);
    await breathe();
  }
  const count = field.city.rooms.length;

  const period = 1000 / pace;
  const slots = Array.from({ length: SLOTS }, (_, slot) =>
    Array.from({ length: count }, (_, i) => i).filter((i) => i % SLOTS === slot),
  );
  let sent: Promise<unknown> = Promise.resolve();
  let savedAt = Date.now();
  const schedule = new Schedule(period, SLOTS, (slot) => {
    const now = Date.now();
    field.live(now);
    const images: InputImage[] = [];
    for (const station of slots[slot]!) {
      const values = field.sample(station, now)?.slice();
      if (values) images.push({ station, values });
    }
    if (images.length > 0)
      sent = sent.then(() => publisher.send(encodeInputs(now, images))).catch(() => undefined);
    if (now - savedAt < SAVE_EVERY) return;
    savedAt = now;
    field.save().catch((error: unknown) => console.error(`state not saved: ${String(error)}`));
  });
  const answering = (async () => {
    for await (const [question] of replier)
      if (question) await replier.send(answer(field, question, period, Date.now()));
  })();
  schedule.start();

  return {
    inputsUrl: publisher.lastEndpoint!,
    requestsUrl: replier.lastEndpoint!,
    async close() {
      schedule.stop();
      await sent;
      publisher.close();
      replier.close();
      await answering.catch(() => undefined);
      await field.close();
    },
  };
}

async function bind(socket: Publisher | Reply, name: string, url: string): Promise<void> {
  try {
    await socket.bind(url);
  } catch (error) {
    throw new Error(`cannot offer ${name} ${url}: ${(error as Error).message}`);
  }
}
