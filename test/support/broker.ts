import mqtt, { type MqttClient } from 'mqtt';
import { type EmbeddedBroker, startBroker } from '#server/broker/embedded.ts';
import { decodePayload, type Payload } from '#twin/wire/sparkplug/payload.ts';
import { parseTopic, stateTopic } from '#twin/wire/sparkplug/topics.ts';

export interface Heard {
  topic: string;
  payload: Buffer;
  qos: number;
  retain: boolean;
}

/** Everything that passes a broker, as a bare client hears it. */
export interface Recorder {
  heard: Heard[];
  /** Sparkplug messages of one kind, in the order they came */
  messages(type: string, node?: string): Payload[];
  /** what was said on a host's STATE */
  states(hostId: string): { online: boolean; timestamp: number }[];
  client: MqttClient;
  close(): Promise<void>;
}

/** Listens to everything on a broker; resolves once it hears. */
export async function recordAll(url: string, topics = '#'): Promise<Recorder> {
  const client = await mqtt.connectAsync(url, { reconnectPeriod: 50, clientId: `recorder-${recorders++}` });
  const heard: Heard[] = [];
  client.on('message', (topic, payload, { qos, retain }) => heard.push({ topic, payload, qos, retain }));
  await client.subscribeAsync(topics, { qos: 1 });
  return {
    heard,
    client,
    messages: (type, node) =>
      heard.flatMap(({ topic, payload }) => {
        const parsed = parseTopic(topic);
        const wanted = parsed?.type === type && (node === undefined || parsed.node === node);
        return wanted ? [decodePayload(payload)] : [];
      }),
    states: (hostId) =>
      heard
        .filter(({ topic }) => topic === stateTopic(hostId))
        .map(({ payload }) => JSON.parse(payload.toString()) as { online: boolean; timestamp: number }),
    close: () => client.endAsync(true),
  };
}

let recorders = 0;

/** The embedded broker of a test, and how its host says that it is there. */
export async function brokerWithHost(hostId: string): Promise<{
  broker: EmbeddedBroker;
  recorder: Recorder;
  say(online: boolean, timestamp: number): Promise<void>;
  close(): Promise<void>;
}> {
  const broker = await startBroker(0);
  const recorder = await recordAll(broker.url);
  return {
    broker,
    recorder,
    async say(online, timestamp) {
      const text = JSON.stringify({ online, timestamp });
      await recorder.client.publishAsync(stateTopic(hostId), text, { qos: 1, retain: true });
    },
    async close() {
      await recorder.close();
      await broker.close();
    },
  };
}
