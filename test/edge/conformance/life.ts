import { EdgeSession, type SessionOptions } from '#edge/node/session.ts';
import { type Recorder, recordAll } from '#test/support/broker.ts';
import { startMosquitto } from '#test/support/mosquitto.ts';
import { tapWire, type Wire, type WirePacket } from '#test/support/mqttWire.ts';
import { until } from '#test/support/until.ts';
import { templateById } from '#twin/catalogue/template.ts';
import { DataType } from '#twin/wire/sparkplug/datatypes.ts';
import { decodePayload, encodePayload, type Metric, type Payload } from '#twin/wire/sparkplug/payload.ts';
import { nodeTopic, stateTopic } from '#twin/wire/sparkplug/topics.ts';

/** One gateway's life on mosquitto, written down on its wire and by a bare subscriber; the tests read it. */
export const GROUP = 'Xiamen East';
export const NODE = 'SM-0001';
export const HOST = 'city';
export const ROOM = templateById('tank:LO3');
export const DATA_MESSAGES = 300;

type Published = Extract<WirePacket, { type: 'publish' }> & { message: Payload };

export interface Life {
  wire: Wire;
  heard: Recorder['heard'];
  /** what the gateway published, decoded, in order */
  published(type?: string): Published[];
  /** what had gone over the wire when a step of its life was over */
  at: Record<Step, number>;
  connects(): Extract<WirePacket, { type: 'connect' }>[];
  end(): Promise<void>;
}

const STEPS = [
  'connected',
  'another host is online',
  'its host is online',
  'data',
  'historical data',
  'rebirth',
  'an old offline',
  'its host is offline',
  'connected again',
  'an old online',
  'its host is back',
  'the cable is cut',
  'closed',
] as const;
export type Step = (typeof STEPS)[number];

export async function liveOnce(): Promise<Life> {
  const broker = await startMosquitto();
  const recorder = await recordAll(broker.url);
  const wire = await tapWire(broker.url);
  const at = {} as Record<Step, number>;
  const done = (step: Step) => {
    at[step] = wire.packets.length;
  };
  const published = (type?: string) =>
    wire.packets.flatMap((packet) =>
      packet.type === 'publish' && (type === undefined || packet.topic.split('/')[2] === type)
        ? [{ ...packet, message: decodePayload(packet.payload) }]
        : [],
    );
  const session = aSession(wire.url);
  const births = (count: number) => until(`birth ${count}`, () => published('NBIRTH').length >= count);
  const say = (host: string, online: boolean, timestamp: number) =>
    recorder.client.publishAsync(stateTopic(host), JSON.stringify({ online, timestamp }), {
      qos: 1,
      retain: true,
    });
  /** what was sent to the gateway before this has reached it once it has answered a message after it */
  const settle = () => new Promise((done) => setTimeout(done, 150));

  session.connect();
  await until('the connection', () => session.phase === 'waiting');
  await settle();
  done('connected');
  await say('another', true, 2000);
  await settle();
  done('another host is online');
  await say(HOST, true, 1000);
  await births(1);
  done('its host is online');
  for (let k = 1; k <= DATA_MESSAGES; k++) session.send([frame(k)], false);
  await until('the data', () => published('NDATA').length === DATA_MESSAGES);
  done('data');
  session.send([frame(1), frame(2)], true);
  await until('the historical data', () => published('NDATA').length === DATA_MESSAGES + 1);
  done('historical data');
  await recorder.client.publishAsync(nodeTopic(GROUP, 'NCMD', NODE), rebirthRequest());
  await births(2);
  session.send([frame(4)], false);
  await until('data after it', () => published('NDATA').length === DATA_MESSAGES + 2);
  done('rebirth');
  await say(HOST, false, 999);
  await settle();
  done('an old offline');
  await say(HOST, false, 1000);
  await until('the death', () => published('NDEATH').length === 1);
  await until('the disconnect', () => wire.packets.some(({ type }) => type === 'disconnect'));
  done('its host is offline');
  await until('the next connection', () => session.phase === 'waiting');
  await settle();
  done('connected again');
  await say(HOST, true, 999);
  await settle();
  done('an old online');
  // of the time of its last STATE, no later
  await say(HOST, true, 1000);
  await births(3);
  done('its host is back');
  wire.cut();
  await births(4);
  await until('the will', () => recorder.messages('NDEATH', NODE).length === 2);
  done('the cable is cut');
  await session.close();
  await until('the last death', () => recorder.messages('NDEATH', NODE).length === 3);
  done('closed');
  return {
    wire,
    heard: recorder.heard,
    published,
    at,
    connects: () => wire.packets.flatMap((packet) => (packet.type === 'connect' ? [packet] : [])),
    async end() {
      await wire.close();
      await recorder.close();
      await broker.remove();
    },
  };
}

/** A session as a gateway has it, every point sampled but the last; the later in the template, the longer ago. */
export function aSession(url: string, given: Partial<SessionOptions> = {}) {
  const values = new Float64Array(ROOM.points.length).fill(1);
  values[values.length - 1] = Number.NaN;
  return new EdgeSession({
    url,
    mqtt: {},
    group: GROUP,
    node: NODE,
    hostId: HOST,
    template: ROOM,
    firstBdSeq: 0,
    now: Date.now,
    steady: () => performance.now(),
    random: () => 0,
    birthSpreadMs: 0,
    current: () => ({ values, times: values.map((_, k) => START - 1000 * k) }),
    onBorn: () => undefined,
    onBroken: () => undefined,
    onCarried: () => undefined,
    onRebirth: () => undefined,
    ...given,
  });
}

export const START = Date.UTC(2026, 5, 1);
const frame = (k: number) => ({
  time: START + k * 2000,
  points: Uint16Array.of(0, 1),
  values: Float64Array.of(k / 1000, 1),
});

const rebirthRequest = (): Buffer => {
  const metric: Metric = {
    name: 'Node Control/Rebirth',
    datatype: DataType.Boolean,
    field: 'boolean',
    value: true,
  };
  return Buffer.from(encodePayload({ timestamp: Date.now(), metrics: [metric] }));
};

export const own = (message: Payload, name: string): Metric | undefined =>
  message.metrics.find((metric) => metric.name === name);
export const bdSeq = (message: Payload) => own(message, 'bdSeq')?.value;
