import { connect as connectTcp, createServer, type Socket } from 'node:net';
import { until } from './until.ts';

/** A packet of MQTT 3.1.1 as a client wrote it, with the connection it went through (1, 2, …). */
export type WirePacket = { connection: number } & (
  | {
      type: 'connect';
      protocol: number;
      clean: boolean;
      clientId: string;
      keepalive: number;
      will: { topic: string; payload: Buffer; qos: number; retain: boolean } | undefined;
    }
  | { type: 'subscribe'; topics: { topic: string; qos: number }[] }
  | { type: 'publish'; topic: string; payload: Buffer; qos: number; retain: boolean; duplicate: boolean }
  | { type: 'disconnect' }
);

/** A way to a broker that writes down every packet a client sends, and can be cut as a cable can. */
export interface Wire {
  url: string;
  packets: WirePacket[];
  /** connections open at this moment, and the most there were at once */
  open(): number;
  mostOpen(): number;
  cut(): void;
  close(): Promise<void>;
}

export async function tapWire(brokerUrl: string): Promise<Wire> {
  const { hostname, port } = new URL(brokerUrl);
  const pairs = new Set<[Socket, Socket]>();
  const packets: WirePacket[] = [];
  let connections = 0;
  let mostOpen = 0;
  const server = createServer((near) => {
    const far = connectTcp(Number(port), hostname);
    const pair: [Socket, Socket] = [near, far];
    pairs.add(pair);
    mostOpen = Math.max(mostOpen, pairs.size);
    const connection = ++connections;
    const read = packetReader((packet) => packets.push({ connection, ...packet } as WirePacket));
    near.on('data', (bytes) => {
      read(bytes);
      far.write(bytes);
    });
    far.on('data', (bytes) => near.write(bytes));
    for (const socket of pair) {
      socket.on('error', () => undefined);
      socket.on('close', () => {
        pairs.delete(pair);
        for (const other of pair) other.destroySoon();
      });
    }
  }).listen(0, '127.0.0.1');
  await until('the tap', () => server.address() !== null);
  const cut = () => {
    for (const pair of pairs) for (const socket of pair) socket.destroy();
  };
  return {
    url: `mqtt://127.0.0.1:${(server.address() as { port: number }).port}`,
    packets,
    open: () => pairs.size,
    mostOpen: () => mostOpen,
    cut,
    async close() {
      cut();
      await new Promise((done) => server.close(done));
    },
  };
}

type Written = Omit<WirePacket, 'connection'>;

/** Takes the bytes of one direction in whatever pieces they come; calls back with each packet that concerns us. */
function packetReader(take: (packet: Written) => void): (bytes: Buffer) => void {
  let held = Buffer.alloc(0);
  return (bytes) => {
    held = Buffer.concat([held, bytes]);
    for (let packet = cutPacket(held); packet; packet = cutPacket(held)) {
      held = held.subarray(packet.end);
      const read = readPacket(packet.head, packet.body);
      if (read) take(read);
    }
  };
}

function cutPacket(bytes: Buffer): { head: number; body: Buffer; end: number } | undefined {
  let length = 0;
  for (let i = 1; i < Math.min(5, bytes.length); i++) {
    length += (bytes[i]! & 0x7f) * 128 ** (i - 1);
    if (bytes[i]! & 0x80) continue;
    const end = i + 1 + length;
    return bytes.length < end ? undefined : { head: bytes[0]!, body: bytes.subarray(i + 1, end), end };
  }
  return undefined;
}

function readPacket(head: number, body: Buffer): Written | undefined {
  let at = 0;
  const u16 = () => {
    at += 2;
    return body.readUInt16BE(at - 2);
  };
  const field = () => {
    const length = u16();
    at += length;
    return Buffer.from(body.subarray(at - length, at));
  };
  const kind = head >> 4;
  if (kind === 1) {
    field();
    const protocol = body[at++]!;
    const flags = body[at++]!;
    const keepalive = u16();
    const clientId = field().toString();
    const will =
      flags & 0x04
        ? { topic: field().toString(), payload: field(), qos: (flags >> 3) & 3, retain: (flags & 0x20) > 0 }
        : undefined;
    return { type: 'connect', protocol, clean: (flags & 0x02) > 0, clientId, keepalive, will } as Written;
  }
  if (kind === 3) {
    const qos = (head >> 1) & 3;
    const topic = field().toString();
    if (qos > 0) u16();
    const rest = { qos, retain: (head & 1) > 0, duplicate: (head & 8) > 0 };
    return { type: 'publish', topic, payload: Buffer.from(body.subarray(at)), ...rest } as Written;
  }
  if (kind === 8) {
    u16();
    const topics: { topic: string; qos: number }[] = [];
    while (at < body.length) topics.push({ topic: field().toString(), qos: body[at++]! });
    return { type: 'subscribe', topics } as Written;
  }
  return kind === 14 ? ({ type: 'disconnect' } as Written) : undefined;
}
