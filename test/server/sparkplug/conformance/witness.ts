import { createServer, type Socket } from 'node:net';
import { Aedes } from 'aedes';
import { connectHost, type HostConnection } from '#server/sparkplug/connection.ts';
import { SparkplugHost } from '#server/sparkplug/host.ts';
import type { DataFault } from '#twin/wire/api.ts';

/** One packet as the broker took it from a client. */
export type Packet =
  | { kind: 'connect'; clean: boolean; protocol: number; will: Message | undefined; at: number }
  | { kind: 'subscribe'; topics: string[] }
  | ({ kind: 'publish' } & Message);
export interface Message {
  topic: string;
  payload: Buffer;
  qos: number;
  retain: boolean;
}

/** A real broker that writes down, client by client, what it is sent and in which order. */
export interface Witness {
  url: string;
  /** packets of the client whose id begins so */
  of(client: string): Packet[];
  published(client: string): Message[];
  /** cuts every connection, as a network does */
  cut(): void;
  /** the last payload on a topic, a client's or a will's */
  lastOn(topic: string): string | undefined;
  /** acknowledges nothing that is published from now on */
  mute(): void;
  /** takes its time to answer subscriptions from now on */
  slow(): void;
  close(): Promise<void>;
}

export async function startWitness(port = 0): Promise<Witness> {
  const packets: { client: string; packet: Packet }[] = [];
  const note = (client: string, packet: Packet) => packets.push({ client, packet });
  let patience = 0;
  let acknowledges = true;
  const aedes = await Aedes.createBroker({
    preConnect: (_client, packet, done) => {
      const { clientId, clean, will, protocolVersion } = packet as typeof packet & {
        will?: Message;
        protocolVersion: number;
      };
      note(clientId, {
        kind: 'connect',
        clean: clean === true,
        protocol: protocolVersion,
        will,
        at: Date.now(),
      });
      done(null, true);
    },
    authorizePublish: (client, { topic, payload, qos, retain }, done) => {
      if (client) note(client.id, { kind: 'publish', topic, payload: Buffer.from(payload), qos, retain });
      if (acknowledges) done(null);
    },
    authorizeSubscribe: (_client, subscription, done) => {
      setTimeout(() => done(null, subscription), patience);
    },
  });
  aedes.on('subscribe', (subscriptions, client) =>
    note(client.id, { kind: 'subscribe', topics: subscriptions.map(({ topic }) => topic) }),
  );
  const last = new Map<string, string>();
  aedes.on('publish', ({ topic, payload }) => last.set(topic, payload.toString()));
  const sockets = new Set<Socket>();
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    aedes.handle(socket);
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const of = (client: string) =>
    packets.filter((entry) => entry.client.startsWith(client)).map(({ packet }) => packet);
  return {
    url: `mqtt://127.0.0.1:${(server.address() as { port: number }).port}`,
    of,
    published: (client) => of(client).flatMap((packet) => (packet.kind === 'publish' ? [packet] : [])),
    cut: () => {
      for (const socket of sockets) socket.destroy();
    },
    lastOn: (topic) => last.get(topic),
    mute: () => {
      acknowledges = false;
    },
    slow: () => {
      patience = 300;
    },
    close: () =>
      new Promise((done) => {
        aedes.close(() => {
          server.close(() => done());
          for (const socket of sockets) socket.destroy();
        });
      }),
  };
}

/** The whole host as the server joins it: connection and application, on a real broker. */
export async function hostOn(url: string, mqtt: { protocolVersion?: 4 | 5 } = {}) {
  const seen: {
    node: string;
    name: string;
    value: number;
    time: number;
    historical: boolean;
    birth: boolean;
  }[] = [];
  const faults: { fault: DataFault; detail: string }[] = [];
  const died: string[] = [];
  const deadDevices: string[][] = [];
  let connection: HostConnection | undefined;
  const host = new SparkplugHost({
    now: Date.now,
    publish: (topic, payload) => connection?.publish(topic, payload),
    reorderTimeoutMs: 300,
    rebirthsPerSecond: 100,
    flood: {
      births: { burst: 1000, perSecond: 1000 },
      devices: { burst: 1000, perSecond: 1000 },
      data: { burst: 1000, perSecond: 1000 },
    },
    events: {
      born: () => undefined,
      values: (node, values, birth) => {
        for (const { definition, ...rest } of values)
          seen.push({ node: node.key, name: definition.name, ...rest, birth });
      },
      died: (node) => died.push(node.key),
      deviceDied: (_node, definitions) => deadDevices.push(definitions.map(({ name }) => name)),
      fault: (fault, _station, detail) => faults.push({ fault, detail }),
    },
  });
  connection = await connectHost({
    url,
    mqtt,
    hostId: 'city',
    groups: [],
    now: Date.now,
    receive: (topic, payload) => host.receive(topic, payload),
    onState: (connected) => {
      if (!connected) host.disconnected();
    },
  });
  const joined = connection;
  return {
    host,
    seen,
    faults,
    died,
    deadDevices,
    count: (fault: DataFault) => faults.filter((entry) => entry.fault === fault).length,
    close: async () => {
      host.stop();
      await joined.close();
    },
  };
}
