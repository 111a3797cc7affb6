import type { Payload } from '#twin/wire/sparkplug/payload.ts';
import {
  BDSEQ_METRIC,
  type MessageType,
  parseTopic,
  type SparkplugTopic,
} from '#twin/wire/sparkplug/topics.ts';
import { define, definitionsOf, undefine } from './birthTable.ts';
import { readPayload } from './compressed.ts';
import type { HostEvents } from './events.ts';
import { fingerprint, tableOf } from './fingerprint.ts';
import { admits, type FloodLimits } from './flood.ts';
import { type Doubt, type EdgeNode, type HeldMessage, MOST_NODES, NodeTable } from './nodeTable.ts';
import { rebirthCommand } from './rebirthCommand.ts';
import { longestPause, Rebirths } from './rebirths.ts';
import { Sequence } from './sequence.ts';
import { ValueReader } from './values.ts';

export interface HostOptions {
  flood: FloodLimits;
  now: () => number;
  /** ms by a clock that is never set */
  steady?: () => number;
  publish: (topic: string, payload: Uint8Array) => void;
  /** how long a message that came too early waits for the ones before it, ms */
  reorderTimeoutMs: number;
  rebirthsPerSecond: number;
  events: HostEvents;
}

const REBIRTH_ANSWER_MS = 20_000;
/** Invented names must not fill the memory: characters of a topic, bytes of a payload, devices of a node. */
const LONGEST_TOPIC = 512;
const LARGEST_PAYLOAD = 8 * 2 ** 20;
export const MOST_DEVICES = 1000;

/**
 * The Sparkplug B host application: birth tables, sequence, rebirth, death. Knows nothing of MQTT connections
 * (`connection.ts`) nor of stations; values leave through `events`.
 */
export class SparkplugHost {
  private readonly table = new NodeTable((node) => this.forget(node));
  private readonly rebirths: Rebirths;
  private readonly sequence: Sequence;
  private readonly reader: ValueReader;
  private readonly options: HostOptions;

  constructor(options: HostOptions) {
    this.options = options;
    const { now, steady = () => performance.now(), events } = options;
    this.reader = new ValueReader(events, now);
    this.rebirths = new Rebirths({
      steady,
      perSecond: options.rebirthsPerSecond,
      answerTimeoutMs: REBIRTH_ANSWER_MS,
      send: ({ group, node }) => {
        const { topic, payload } = rebirthCommand(group, node, now());
        options.publish(topic, payload);
      },
    });
    this.sequence = new Sequence({
      reorderTimeoutMs: options.reorderTimeoutMs,
      apply: (node, message) => this.apply(node, message),
      gap: (node) => this.askRebirth(node, 'gap'),
      guard: (node, work) => this.guard(node, work),
      fault: events.fault,
    });
  }

  get nodes(): ReadonlyMap<string, EdgeNode> {
    return this.table.byKey;
  }

  /** One message of any topic below the namespace, STATE excepted; `retained`: the broker had it from before. Never throws. */
  receive(topicText: string, bytes: Uint8Array, retained = false): void {
    const { fault } = this.options.events;
    const topic = topicText.length <= LONGEST_TOPIC ? parseTopic(topicText) : null;
    if (!topic) return fault('unreadableTopic', '', topicText.slice(0, 120));
    if (topic.type === 'NCMD' || topic.type === 'DCMD') return;
    // of some other day: its node may have gone since
    if (retained) return fault('retainedMessage', topic.node, `${topic.type}, ${bytes.length} bytes`);
    const node = this.nodeOf(topic);
    if (!node) return;
    if (this.floods(node, topic.type, bytes.length)) return;
    let read: { payload: Payload; weight: number };
    try {
      read = readPayload(bytes, LARGEST_PAYLOAD);
    } catch (error) {
      fault(
        'unreadablePayload',
        node.node,
        `${topic.type}, ${bytes.length} bytes: ${(error as Error).message}`,
      );
      if (topic.type !== 'NDEATH') this.askRebirth(node, 'unreadable');
      return;
    }
    this.guard(node, () => this.dispatch(node, topic, read, bytes));
  }

  /** A node that is no longer listened to, by its ids: nothing is kept of it. */
  drop(group: string, node: string): void {
    this.table.drop(`${group}/${node}`);
  }

  /**
   * Asks a node for its birth, for instance because its points are mapped anew. With a `doubt` that no birth has mended
   * this waits; the node's next messages ask again.
   */
  askRebirth(node: EdgeNode, doubt?: Doubt): void {
    const isFirst = node.rebirthAskedAt === undefined;
    const asked = this.rebirths.ask(node, doubt);
    if (asked && isFirst) this.options.events.fault('rebirthRequested', node.node, '');
    // one that waits for longer does not hide one that may be asked for sooner
    if (asked) node.doubt = undefined;
    else if (!node.doubt || longestPause(doubt) < longestPause(node.doubt)) node.doubt = doubt;
  }

  /**
   * The connection to the broker was lost: numbers and deaths may have been missed. Each node's next message is
   * taken with whatever number it has, and asked for its birth unless it is one.
   */
  disconnected(): void {
    for (const node of this.nodes.values()) {
      this.guard(node, () => this.sequence.release(node));
      this.rebirths.lost(node);
      node.doubt = node.born ? 'connection' : undefined;
      node.seq = -1;
    }
  }

  stop(): void {
    this.rebirths.stop();
    for (const node of this.nodes.values()) this.sequence.forget(node);
  }

  /** One message that nobody can digest must not end the process that hears all the others. */
  private guard(node: EdgeNode, work: () => void): void {
    try {
      work();
    } catch (error) {
      this.options.events.fault('unreadablePayload', node.node, (error as Error).message);
    }
  }

  private dispatch(
    node: EdgeNode,
    { type, device }: SparkplugTopic,
    { payload, weight }: { payload: Payload; weight: number },
    bytes: Uint8Array,
  ): void {
    if (type === 'NBIRTH') return this.birth(node, payload, fingerprint(bytes));
    if (type === 'NDEATH') return this.death(node, payload);
    if (!node.born) {
      this.options.events.fault('unknownNode', node.node, `${type} before NBIRTH`);
      return this.askRebirth(node);
    }
    // a request or its answer may have been lost on the way: who owes a birth is asked again with what it sends
    if (node.doubt || node.rebirthAskedAt !== undefined) this.askRebirth(node, node.doubt);
    const { metrics, timestamp, seq } = payload;
    this.sequence.take(node, seq, {
      type: type as HeldMessage['type'],
      device,
      metrics,
      timestamp,
      weight,
      fingerprint: fingerprint(bytes),
    });
  }

  private birth(node: EdgeNode, { metrics, timestamp, seq, ...rest }: Payload, print: number): void {
    const { events } = this.options;
    if (node.born && node.rebirthAskedAt === undefined) {
      // a network doubled it: the devices that were born since and their values stay
      if (print === node.birthPrint && timestamp !== undefined && !node.doubt)
        return events.fault('duplicate', node.node, 'NBIRTH');
      events.fault('birthRepeated', node.node, '');
    }
    this.sequence.release(node);
    this.rebirths.answered(node);
    for (const known of [node.byAlias, node.byDeviceAlias, node.byName, node.templates, node.devices])
      known.clear();
    node.bdSeq = bdSeqOf({ metrics, ...rest });
    node.seq = seq !== undefined && seq <= 255 ? seq : 0;
    node.recent.fill(0);
    node.doubt = undefined;
    node.birthPrint = print;
    node.table = tableOf(metrics);
    this.table.lives(node);
    events.born(node, define(node, undefined, metrics, events.fault), true);
    this.reader.take(node, { device: undefined, metrics, timestamp }, true);
  }

  private death(node: EdgeNode, payload: Payload): void {
    if (!node.born) return;
    const bdSeq = bdSeqOf(payload);
    if (bdSeq !== node.bdSeq) {
      const detail = `bdSeq ${bdSeq}, born with ${node.bdSeq}`;
      return this.options.events.fault('deathMismatch', node.node, detail);
    }
    this.sequence.release(node);
    this.table.died(node);
    for (const device of node.devices.values()) device.alive = false;
    this.options.events.died(node);
  }

  private apply(node: EdgeNode, message: HeldMessage): void {
    if (message.type === 'DBIRTH') return this.deviceBirth(node, message);
    if (message.type === 'DDEATH') return this.deviceDeath(node, message);
    const { fault } = this.options.events;
    const { device, metrics } = message;
    const known = device === undefined || node.devices.get(device)?.alive === true;
    const unknown = this.reader.take(node, message, false);
    if (!known && !node.devices.has(device) && node.devices.size >= MOST_DEVICES)
      return this.refuseDevice(node);
    if (!known) fault('unknownNode', node.node, `DDATA before DBIRTH of ${device}`);
    else if (unknown > 0)
      fault('unknownAlias', node.node, `${unknown} of ${metrics.length} metrics are not in its birth`);
    else return;
    this.askRebirth(node, 'notBorn');
  }

  private deviceBirth(node: EdgeNode, message: HeldMessage): void {
    const { events } = this.options;
    const name = message.device!;
    const before = node.devices.get(name);
    if (before) undefine(node, name);
    else if (node.devices.size >= MOST_DEVICES) return this.refuseDevice(node);
    const table = tableOf(message.metrics);
    // in whatever order devices are born
    node.table += table - (before?.table ?? 0);
    node.devices.set(name, { alive: true, table });
    events.born(node, define(node, name, message.metrics, events.fault), false);
    this.reader.take(node, message, true);
  }

  /** No birth would make room for it, so none is asked for. */
  private refuseDevice({ node }: EdgeNode): void {
    this.options.events.fault('nodesFull', node, `more than ${MOST_DEVICES} devices`);
  }

  /** Its metrics stay known: what comes before its next birth is not thrown away. */
  private deviceDeath(node: EdgeNode, { device, timestamp }: HeldMessage): void {
    const known = node.devices.get(device!);
    if (!known?.alive) return;
    known.alive = false;
    const { events, now } = this.options;
    events.deviceDied(node, definitionsOf(node, device!), timestamp ?? now());
  }

  private floods(node: EdgeNode, type: MessageType, size: number): boolean {
    const { now, flood, events } = this.options;
    const kind = floodKind(type);
    const weight = kind === 'data' ? Math.ceil(size / 1024) : 1;
    node.budgets ??= {
      births: { left: flood.births.burst, at: now() },
      devices: { left: flood.devices.burst, at: now() },
      data: { left: flood.data.burst, at: now() },
    };
    if (admits(node.budgets[kind], now(), weight, flood[kind])) return false;
    const { perSecond } = flood[kind];
    events.fault('flooding', node.node, `more than ${perSecond} ${FLOOD_UNITS[kind]} a second`);
    // what was passed over is gone: once it is quieter, its birth brings the state and its gateway may replay
    this.sequence.release(node);
    // who sends too many births is not asked for another
    if (node.born && kind === 'data') node.doubt ??= 'flood';
    node.seq = -1;
    return true;
  }

  /** The node of a topic, undefined when there are too many, or when one has gone that nobody knows. */
  private nodeOf({ type, group, node: id }: SparkplugTopic): EdgeNode | undefined {
    const known = this.nodes.get(`${group}/${id}`);
    if (known || type === 'NDEATH') return known;
    if (this.table.full)
      this.options.events.fault(
        'nodesFull',
        '',
        `${this.nodes.size} of ${MOST_NODES} nodes, ${group}/${id} is new`,
      );
    return this.table.of(group, id);
  }

  private forget(node: EdgeNode): void {
    this.rebirths.answered(node);
    this.sequence.forget(node);
  }
}

const FLOOD_UNITS = { births: 'births', devices: 'births of devices', data: 'kB' };

function floodKind(type: MessageType): keyof FloodLimits {
  if (type === 'NDATA' || type === 'DDATA') return 'data';
  return type === 'DBIRTH' || type === 'DDEATH' ? 'devices' : 'births';
}

function bdSeqOf(payload: Payload): number {
  const metric = payload.metrics.find(({ name }) => name === BDSEQ_METRIC);
  return typeof metric?.value === 'number' ? metric.value : -1;
}
