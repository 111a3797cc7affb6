import { connect, createServer, type Server, type Socket } from 'node:net';
import type { Random } from '#sim/random.ts';
import { MqttPackets, type Packet } from './mqttPackets.ts';

/** What a network does to what passes it. */
export interface Weather {
  /** each way, ms; order is kept, as TCP keeps it */
  delayMs: number;
  /** share of QoS 0 publications from the gateways that vanish */
  dropShare: number;
  /** share of them that arrive twice */
  doubleShare: number;
}

/** What happens to the connections of one client. */
export type Link = 'open' | 'cut' | 'silent' | 'held';

const CLEAR: Weather = { delayMs: 0, dropShare: 0, doubleShare: 0 };

const RELEASE_MS = 200;

/**
 * A network between gateways and broker. Per client id a link is `open`; `cut`: refused and broken; `silent`: half
 * open, nothing passes and nobody is told; `held`: publications are kept and, once the link is open, delivered in
 * order, `heldPerSecond` of each client, before anything newer.
 */
export class Network {
  readonly counters = { dropped: 0, doubled: 0, cuts: 0, held: 0 };
  weather = CLEAR;
  /** as fast as an uplink lets a gateway send what it gathered */
  heldPerSecond = Number.POSITIVE_INFINITY;
  url = '';
  private readonly links = new Map<string, Link>();
  private standard: Link = 'open';
  private readonly wires = new Set<Wire>();
  private server: Server | undefined;
  readonly brokerPort: number;
  readonly random: Random;

  private constructor(brokerPort: number, random: Random) {
    this.brokerPort = brokerPort;
    this.random = random;
  }

  static async open(brokerUrl: string, random: Random): Promise<Network> {
    const network = new Network(Number(new URL(brokerUrl).port), random);
    const server = createServer({ noDelay: true }, (socket) => network.wires.add(new Wire(network, socket)));
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', 4096, done));
    network.server = server;
    network.url = `mqtt://127.0.0.1:${(server.address() as { port: number }).port}`;
    return network;
  }

  clear(): void {
    this.weather = CLEAR;
  }

  linkOf(client: string): Link {
    return this.links.get(client) ?? this.standard;
  }

  /** The links of these clients, or of all when none are named. */
  set(link: Link, clients?: Iterable<string>): void {
    if (clients) for (const client of clients) this.links.set(client, link);
    else {
      this.standard = link;
      this.links.clear();
    }
    for (const wire of this.wires) wire.linkChanged();
  }

  /** Publications that are still kept. */
  get waiting(): number {
    let sum = 0;
    for (const wire of this.wires) sum += wire.waiting;
    return sum;
  }

  /** Breaks a share of the connections; they may come back at once. */
  breakSome(share: number): void {
    for (const wire of [...this.wires]) if (this.random.uniform() < share) wire.break();
  }

  forget(wire: Wire): void {
    this.wires.delete(wire);
  }

  async close(): Promise<void> {
    for (const wire of [...this.wires]) wire.break();
    await new Promise((done) => this.server?.close(done));
  }
}

/** One connection of a gateway through the network. */
class Wire {
  private client = '';
  private readonly packets = new MqttPackets();
  private held: Uint8Array[] = [];
  private release: NodeJS.Timeout | undefined;
  private readonly up = new Way();
  private readonly down = new Way();
  private readonly broker: Socket;
  private readonly network: Network;
  private readonly gateway: Socket;

  constructor(network: Network, gateway: Socket) {
    this.network = network;
    this.gateway = gateway;
    this.broker = connect({ port: network.brokerPort, host: '127.0.0.1', noDelay: true });
    gateway.on('data', (bytes: Buffer) => {
      for (const packet of this.packets.take(bytes)) this.pass(packet);
    });
    this.broker.on('data', (bytes: Buffer) => this.send(this.gateway, bytes));
    for (const socket of [gateway, this.broker]) socket.on('error', () => {}).on('close', () => this.end());
  }

  linkChanged(): void {
    const link = this.network.linkOf(this.client);
    if (link === 'cut') this.break();
    clearInterval(this.release);
    this.release = undefined;
    if (link !== 'open' || this.held.length === 0) return;
    const each = (this.network.heldPerSecond * RELEASE_MS) / 1000;
    let sent = 0;
    let allowed = 0;
    const some = () => {
      allowed += each;
      const now = this.held.splice(0, allowed - sent);
      sent += now.length;
      for (const bytes of now) this.send(this.broker, bytes);
      if (this.held.length > 0) return;
      clearInterval(this.release);
      this.release = undefined;
    };
    this.release = setInterval(some, RELEASE_MS);
    some();
  }

  get waiting(): number {
    return this.held.length;
  }

  break(): void {
    if (!this.gateway.destroyed) this.network.counters.cuts++;
    this.end();
  }

  private end(): void {
    clearInterval(this.release);
    this.gateway.destroy();
    this.broker.destroy();
    this.network.forget(this);
  }

  private pass(packet: Packet): void {
    if (packet.client !== undefined) {
      this.client = packet.client;
      if (this.network.linkOf(this.client) === 'cut') return this.end();
    }
    const { weather, random, counters } = this.network;
    const behind = this.release !== undefined || this.network.linkOf(this.client) === 'held';
    if (packet.publication && behind) {
      counters.held++;
      this.held.push(packet.bytes);
      return;
    }
    const times = packet.publication && packet.qos === 0 ? this.times(weather, random.uniform()) : 1;
    if (times === 0) counters.dropped++;
    if (times === 2) counters.doubled++;
    for (let i = 0; i < times; i++) this.send(this.broker, packet.bytes);
  }

  private times({ dropShare, doubleShare }: Weather, chance: number): number {
    if (chance < dropShare) return 0;
    return chance < dropShare + doubleShare ? 2 : 1;
  }

  private send(to: Socket, bytes: Uint8Array): void {
    if (this.network.linkOf(this.client) === 'silent') return;
    const way = to === this.broker ? this.up : this.down;
    way.send(to, bytes, this.network.weather.delayMs);
  }
}

/** One direction of a connection: late, but in order. */
class Way {
  private readonly waiting: { due: number; bytes: Uint8Array }[] = [];
  private timer: NodeJS.Timeout | undefined;

  send(to: Socket, bytes: Uint8Array, delayMs: number): void {
    if (delayMs === 0 && this.waiting.length === 0) {
      if (!to.destroyed) to.write(bytes);
      return;
    }
    this.waiting.push({ due: performance.now() + delayMs, bytes });
    this.timer ??= setTimeout(() => this.flush(to), delayMs);
  }

  private flush(to: Socket): void {
    this.timer = undefined;
    const now = performance.now();
    while (this.waiting.length > 0 && this.waiting[0]!.due <= now) {
      const { bytes } = this.waiting.shift()!;
      if (!to.destroyed) to.write(bytes);
    }
    const next = this.waiting[0];
    if (next) this.timer = setTimeout(() => this.flush(to), next.due - now);
  }
}
