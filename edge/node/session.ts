import { Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { TLSSocket } from 'node:tls';
import mqtt, { type IClientOptions, type MqttClient } from 'mqtt';
import type { Template } from '#twin/catalogue/template.ts';
import { decodePayload } from '#twin/wire/sparkplug/payload.ts';
import { nodeTopic, REBIRTH_METRIC, stateTopic } from '#twin/wire/sparkplug/topics.ts';
import { birth, type CurrentValues, type DatedValues, data, death } from './messages.ts';

/**
 * One Sparkplug B edge node over one MQTT connection: will, birth, data, death, rebirth, and the primary host's
 * STATE. It is `waiting` until the host is online, `born` while it may send data.
 */
export interface SessionOptions {
  url: string;
  mqtt: IClientOptions;
  group: string;
  node: string;
  /** the primary host that a birth waits for; undefined: born as soon as connected */
  hostId: string | undefined;
  template: Template;
  /** bdSeq of the first connection; grows with each (kept over restarts by the caller) */
  firstBdSeq: number;
  /** keeps `nextBdSeq` over a crash; awaited before each further connection. Must not reject. */
  keepBdSeq?: () => Promise<void>;
  now: () => number;
  /** ms of a clock that is never set */
  steady: () => number;
  /** 0 ≤ x < 1, spreads reconnections */
  random: () => number;
  /** spread of births after the host returned, ms */
  birthSpreadMs: number;
  current: () => CurrentValues;
  onBorn: () => void;
  /** no longer born: what was sent lately may not have arrived */
  onBroken: () => void;
  /** what was sent before `until` (of the steady clock) has reached the broker: it answered what was asked after it */
  onCarried: (until: number) => void;
  /** a rebirth was asked: what was sent lately may not have been understood */
  onRebirth: () => void;
}

type Phase = 'connecting' | 'waiting' | 'born' | 'closed';

/** A dead link is noticed within one and a half of these: well inside the time that what was sent is kept. */
const KEEPALIVE_S = 20;
const FIRST_RETRY_MS = 500;
const LONGEST_RETRY_MS = 15_000;
/** A death that the broker has not acknowledged by then is left to the will. */
const FAREWELL_MS = 1000;

/** UTF-8 text as MQTT has it in topics: no NUL, no half of a surrogate pair, and none of the topics' own characters. */
const ID = /^[^/+#\0\p{Cs}]+$/u;

/**
 * MQTT client id of a gateway. Its two parts are joined by a sign that no id may have: group "a-b" with node "c" is not "a"
 * with "b-c", which would take over each other's session.
 */
export const clientIdOf = (group: string, node: string): string => `${group}/${node}`;

export class EdgeSession {
  phase: Phase = 'connecting';
  private client: MqttClient | undefined;
  private bdSeq: number;
  /** whether the CONNECT with this bdSeq may have left */
  private connectSent = false;
  private seq = 0;
  private retryMs = FIRST_RETRY_MS;
  private retry: NodeJS.Timeout | undefined;
  private birthTimer: NodeJS.Timeout | undefined;
  private hostTimestamp = 0;
  private readonly options: SessionOptions;

  constructor(options: SessionOptions) {
    for (const id of [options.group, options.node])
      if (!ID.test(id)) throw new Error(`${JSON.stringify(id)} is no Sparkplug id: not empty, without / + #`);
    this.options = options;
    this.bdSeq = options.firstBdSeq;
  }

  /** bdSeq of the next connection, to be kept over a restart. */
  get nextBdSeq(): number {
    return (this.bdSeq + 1) % 256;
  }

  connect(): void {
    const { url, group, node, hostId, now, steady, onCarried } = this.options;
    const client = mqtt.connect(url, {
      ...this.options.mqtt,
      clientId: clientIdOf(group, node),
      clean: true,
      keepalive: KEEPALIVE_S,
      reconnectPeriod: 0,
      resubscribe: false,
      queueQoSZero: false,
      will: {
        topic: nodeTopic(group, 'NDEATH', node),
        payload: Buffer.from(death(this.bdSeq, now())),
        qos: 1,
        retain: false,
      },
    });
    this.client = client;
    this.connectSent = false;
    onceOpen(client.stream, () => {
      this.connectSent = true;
    });
    let asked = Number.NaN;
    client.on('packetsend', ({ cmd }) => {
      if (cmd === 'pingreq') asked = steady();
    });
    client.on('packetreceive', ({ cmd }) => {
      if (cmd === 'pingresp' && client === this.client) onCarried(asked);
    });
    client.on('connect', () => {
      this.phase = 'waiting';
      // what the broker keeps is the last word, also of a host whose clock was set back or is another
      this.hostTimestamp = 0;
      // of this connection nothing was sent yet, and what others may not have carried is in doubt already
      onCarried(steady());
      const topics = [nodeTopic(group, 'NCMD', node)];
      if (hostId !== undefined) topics.push(stateTopic(hostId));
      client.subscribe(topics, { qos: 1 }, (error) => {
        if (error) client.end(true);
        else if (hostId === undefined && client === this.client) this.planBirth();
      });
    });
    client.on('message', (topic, payload, { retain }) => {
      if (hostId !== undefined && topic === stateTopic(hostId)) this.hearState(payload);
      // a command that the broker kept is one of long ago
      else if (!retain) this.hearCommand(payload);
    });
    client.on('error', () => client.end(true));
    client.on('close', () => this.lost(client));
  }

  /** Sends values of one instant, or earlier ones as historical. False when the session is not born. */
  send(frames: readonly DatedValues[], historical: boolean): boolean {
    const { group, node, template, now } = this.options;
    if (this.phase !== 'born' || !this.client) return false;
    this.seq = (this.seq + 1) % 256;
    this.client.publish(
      nodeTopic(group, 'NDATA', node),
      Buffer.from(data(template, this.seq, now(), frames, historical)),
      { qos: 0 },
    );
    return true;
  }

  /** Bytes waiting to leave this connection: above a few kB the link is slower than the data. */
  get backlog(): number {
    return (this.client?.stream as { writableLength?: number } | undefined)?.writableLength ?? 0;
  }

  /**
   * Publishes the death, as a deliberate disconnect must, and ends. Before its birth a node may publish nothing, and
   * without an NDEATH send no DISCONNECT: there the connection is cut, so that the will is its NDEATH.
   */
  async close(): Promise<void> {
    clearTimeout(this.retry);
    this.cancelBirth();
    const wasBorn = this.phase === 'born';
    this.phase = 'closed';
    const client = this.client;
    if (!client) return;
    if (wasBorn && client.connected) return this.sayFarewell(client);
    await new Promise<void>((done) => client.end(true, {}, () => done()));
  }

  private hearState(payload: Uint8Array): void {
    const state = parseState(payload);
    // an older STATE than the one already acted on in this connection is a leftover of an earlier session
    if (!state || state.timestamp < this.hostTimestamp) return;
    this.hostTimestamp = state.timestamp;
    if (state.online) this.planBirth();
    else {
      this.cancelBirth();
      if (this.phase === 'born' && this.client) this.leave(this.client);
    }
  }

  private planBirth(): void {
    if (this.phase !== 'waiting') return;
    const { random, birthSpreadMs } = this.options;
    this.birthTimer ??= setTimeout(() => this.publishBirth(), random() * birthSpreadMs);
  }

  /**
   * Section 5.4.2: a node whose primary host went offline disconnects. On its next connection it waits there until
   * the host is online: there is no other broker to walk to.
   */
  private leave(client: MqttClient): void {
    this.phase = 'connecting';
    this.options.onBroken();
    void this.sayFarewell(client);
  }

  private cancelBirth(): void {
    clearTimeout(this.birthTimer);
    this.birthTimer = undefined;
  }

  private hearCommand(payload: Uint8Array): void {
    let command: ReturnType<typeof decodePayload>;
    try {
      command = decodePayload(payload);
    } catch {
      return;
    }
    // nothing is written to equipment before a gate has rehearsed and released it: a rebirth is all that is obeyed
    if (command.metrics.some(({ name, value }) => name === REBIRTH_METRIC && value === true)) this.rebirth();
  }

  private rebirth(): void {
    if (this.phase !== 'born') return;
    this.publishBirth();
    this.options.onRebirth();
  }

  private publishBirth(): void {
    const { group, node, template, now, current } = this.options;
    this.cancelBirth();
    if (!this.client?.connected) return;
    const time = now();
    this.seq = 0;
    const first = this.phase !== 'born';
    this.phase = 'born';
    this.retryMs = FIRST_RETRY_MS;
    this.client.publish(
      nodeTopic(group, 'NBIRTH', node),
      Buffer.from(birth(template, this.bdSeq, time, current())),
      { qos: 0 },
    );
    if (first) this.options.onBorn();
  }

  /** NDEATH as the will says it, then DISCONNECT; a link that does not acknowledge is cut, so that the will speaks. */
  private async sayFarewell(client: MqttClient): Promise<void> {
    const { group, node, now } = this.options;
    const payload = Buffer.from(death(this.bdSeq, now()));
    const said = client
      .publishAsync(nodeTopic(group, 'NDEATH', node), payload, { qos: 1, retain: false })
      .then(
        () => true,
        () => false,
      );
    const heard = await Promise.race([said, pause(FAREWELL_MS, false)]);
    await new Promise<void>((done) => client.end(!heard, {}, () => done()));
  }

  private lost(client: MqttClient): void {
    if (client !== this.client || this.phase === 'closed') return;
    this.cancelBirth();
    this.client = undefined;
    if (this.phase === 'born') this.options.onBroken();
    this.phase = 'connecting';
    // it grows by one from CONNECT to CONNECT: a broker that could not be reached got none
    if (this.connectSent) this.bdSeq = this.nextBdSeq;
    client.removeAllListeners();
    client.on('error', () => {});
    this.retry = setTimeout(() => void this.connectAgain(), this.retryMs * (0.5 + this.options.random()));
    this.retryMs = Math.min(LONGEST_RETRY_MS, this.retryMs * 2);
  }

  /** A crash must not give a later session the number, and so the will, of this one. */
  private async connectAgain(): Promise<void> {
    await this.options.keepBdSeq?.();
    if (this.phase === 'connecting') this.connect();
  }
}

/** Calls back when what was written to a stream may begin to leave; at once where a stream does not tell. */
function onceOpen(stream: unknown, open: () => void): void {
  if (!(stream instanceof Socket)) return open();
  stream.once(stream instanceof TLSSocket ? 'secureConnect' : 'connect', open);
}

/** `{"online": true, "timestamp": T}` of a STATE message (section 6.4.24), or null when it is not one. */
export function parseState(payload: Uint8Array): { online: boolean; timestamp: number } | null {
  try {
    const state: unknown = JSON.parse(new TextDecoder().decode(payload));
    if (typeof state !== 'object' || state === null) return null;
    const { online, timestamp } = state as { online?: unknown; timestamp?: unknown };
    return typeof online === 'boolean' && typeof timestamp === 'number' ? { online, timestamp } : null;
  } catch {
    return null;
  }
}
