import type { DataFault } from '#twin/wire/api.ts';
import { DataType } from '#twin/wire/sparkplug/datatypes.ts';
import {
  decodePayload,
  encodePayload,
  type Metric,
  numberOf,
  type Payload,
} from '#twin/wire/sparkplug/payload.ts';
import {
  BDSEQ_METRIC,
  nodeTopic,
  parseTopic,
  REBIRTH_METRIC,
  type SparkplugTopic,
} from '#twin/wire/sparkplug/topics.ts';
import {
  definitionOf,
  type EdgeNode,
  type HeldMessage,
  type MetricDefinition,
  metricName,
  newNode,
} from './nodeTable.ts';
import { Rebirths } from './rebirths.ts';

/** A value of a message whose metric the birth table knows. */
export interface HostValue {
  definition: MetricDefinition;
  /** NaN: null, or not a number */
  value: number;
  /** ms since epoch, as the gateway gave it */
  time: number;
  historical: boolean;
}

export interface HostEvents {
  /** Gives each metric of a birth its point. Called before `values` of that birth. `whole`: the node's, not a device's. */
  born: (node: EdgeNode, definitions: readonly MetricDefinition[], whole: boolean) => void;
  /** Values in the order they came; the array is reused. */
  values: (node: EdgeNode, values: readonly HostValue[], fromBirth: boolean) => void;
  died: (node: EdgeNode) => void;
  fault: (fault: DataFault, station: string, detail: string) => void;
}

export interface HostOptions {
  now: () => number;
  publish: (topic: string, payload: Uint8Array) => void;
  /** how long a message that came too early waits for the ones before it, ms */
  reorderTimeoutMs: number;
  rebirthsPerSecond: number;
  /** a node may send this many messages at once, and this many a second after that */
  floodBurst: number;
  floodPerSecond: number;
  events: HostEvents;
}

const REBIRTH_ANSWER_MS = 20_000;
/** Invented ids must not fill the memory: nodes at most, characters of a topic, metrics of a node. */
const MOST_NODES = 20_000;
const LONGEST_TOPIC = 512;
const MOST_METRICS = 20_000;
/** This many messages in a row with old numbers are no repetitions: the node has begun anew without a birth. */
const OLD_IN_A_ROW = 4;

/**
 * The Sparkplug B host application: birth tables, sequence, rebirth, death. Knows nothing of MQTT connections
 * (`connection.ts`) nor of stations; values leave through `events`.
 */
export class SparkplugHost {
  readonly nodes = new Map<string, EdgeNode>();
  private readonly rebirths: Rebirths;
  private readonly options: HostOptions;
  private readonly values: HostValue[] = [];

  constructor(options: HostOptions) {
    this.options = options;
    this.rebirths = new Rebirths({
      now: options.now,
      perSecond: options.rebirthsPerSecond,
      answerTimeoutMs: REBIRTH_ANSWER_MS,
      send: (node) => this.sendRebirth(node),
    });
  }

  /** One message of any topic below the namespace, STATE excepted. Never throws. */
  receive(topicText: string, bytes: Uint8Array): void {
    const topic = topicText.length <= LONGEST_TOPIC ? parseTopic(topicText) : null;
    if (!topic) return this.options.events.fault('unreadableTopic', '', topicText.slice(0, 120));
    if (topic.type === 'NCMD' || topic.type === 'DCMD') return;
    const node = this.nodeOf(topic);
    if (!node) return this.options.events.fault('unknownNode', '', `more than ${MOST_NODES} nodes`);
    if (topic.type !== 'NDEATH' && this.floods(node)) return;
    let payload: Payload;
    try {
      payload = decodePayload(bytes);
    } catch (error) {
      this.options.events.fault(
        'unreadablePayload',
        node.node,
        `${topic.type}, ${bytes.length} bytes: ${(error as Error).message}`,
      );
      if (topic.type !== 'NDEATH') this.askRebirth(node);
      return;
    }
    this.guard(node, () => this.dispatch(node, topic, payload));
  }

  /** One message that nobody can digest must not end the process that hears all the others. */
  private guard(node: EdgeNode, work: () => void): void {
    try {
      work();
    } catch (error) {
      this.options.events.fault('unreadablePayload', node.node, (error as Error).message);
    }
  }

  /** Asks a node for its birth, for instance because its points are mapped anew. */
  askRebirth(node: EdgeNode): void {
    if (node.rebirthAskedAt === 0) this.options.events.fault('rebirthRequested', node.node, '');
    this.rebirths.ask(node);
  }

  /**
   * The connection to the broker was lost: numbers and deaths may have been missed. Each node's next message is
   * taken with whatever number it has, and asked for its birth unless it is one.
   */
  disconnected(): void {
    for (const node of this.nodes.values()) {
      node.doubtful = node.born;
      node.seq = -1;
      this.forgetHeld(node);
    }
  }

  stop(): void {
    this.rebirths.stop();
    for (const node of this.nodes.values()) clearTimeout(node.holdTimer);
  }

  private dispatch(node: EdgeNode, topic: SparkplugTopic, payload: Payload): void {
    if (topic.type === 'NBIRTH') return this.birth(node, payload);
    if (topic.type === 'NDEATH') return this.death(node, payload);
    if (!node.born) {
      this.options.events.fault('unknownNode', node.node, `${topic.type} before NBIRTH`);
      return this.askRebirth(node);
    }
    const message: HeldMessage = {
      type: topic.type as HeldMessage['type'],
      device: topic.device,
      metrics: payload.metrics,
      timestamp: payload.timestamp,
    };
    if (node.doubtful) this.askRebirth(node);
    node.doubtful = false;
    this.sequence(node, payload.seq, message);
  }

  private birth(node: EdgeNode, payload: Payload): void {
    if (node.born && node.rebirthAskedAt === 0) this.options.events.fault('birthRepeated', node.node, '');
    this.rebirths.answered(node);
    this.forgetHeld(node);
    node.byAlias.clear();
    node.byName.clear();
    node.bdSeq = bdSeqOf(payload);
    node.seq = payload.seq !== undefined && payload.seq <= 255 ? payload.seq : 0;
    node.born = true;
    node.doubtful = false;
    const definitions = this.define(node, undefined, payload.metrics);
    this.options.events.born(node, definitions, true);
    this.take(node, undefined, payload.metrics, payload.timestamp, true);
  }

  private death(node: EdgeNode, payload: Payload): void {
    if (!node.born) return;
    const bdSeq = bdSeqOf(payload);
    if (bdSeq !== node.bdSeq) {
      return this.options.events.fault('deathMismatch', node.node, `bdSeq ${bdSeq}, born with ${node.bdSeq}`);
    }
    node.born = false;
    this.forgetHeld(node);
    this.options.events.died(node);
  }

  private forgetHeld(node: EdgeNode): void {
    clearTimeout(node.holdTimer);
    node.holdTimer = undefined;
    node.held.clear();
    node.oldInARow = 0;
  }

  /** Section 6.4.6: numbers grow by one modulo 256; one that comes too early waits, then a rebirth is asked. */
  private sequence(node: EdgeNode, seq: number | undefined, message: HeldMessage): void {
    if (seq === undefined || seq > 255 || node.seq < 0) {
      node.seq = seq !== undefined && seq <= 255 ? seq : node.seq;
      return this.apply(node, message);
    }
    const ahead = (seq - node.seq + 256) % 256;
    if (ahead === 0 || ahead > 128) return this.repeated(node, seq, message);
    node.oldInARow = 0;
    if (ahead > 1) return this.hold(node, seq, message);
    node.seq = seq;
    this.apply(node, message);
    this.drain(node);
  }

  private repeated(node: EdgeNode, seq: number, message: HeldMessage): void {
    this.options.events.fault('duplicate', node.node, `sequence ${seq} after ${node.seq}`);
    if (++node.oldInARow < OLD_IN_A_ROW) return;
    this.forgetHeld(node);
    node.seq = seq;
    this.apply(node, message);
    this.askRebirth(node);
  }

  private hold(node: EdgeNode, seq: number, message: HeldMessage): void {
    node.held.set(seq, message);
    node.holdTimer ??= setTimeout(
      () => this.guard(node, () => this.giveUp(node)),
      this.options.reorderTimeoutMs,
    );
  }

  private drain(node: EdgeNode): void {
    let next = (node.seq + 1) % 256;
    for (let message = node.held.get(next); message; message = node.held.get(next)) {
      node.held.delete(next);
      node.seq = next;
      this.apply(node, message);
      next = (node.seq + 1) % 256;
    }
    if (node.held.size > 0 || !node.holdTimer) return;
    clearTimeout(node.holdTimer);
    node.holdTimer = undefined;
  }

  /** The missing message did not come: what came is taken all the same, and the node is asked for its birth. */
  private giveUp(node: EdgeNode): void {
    node.holdTimer = undefined;
    if (!node.born || node.held.size === 0) return;
    const expected = (node.seq + 1) % 256;
    this.options.events.fault(
      'sequenceGap',
      node.node,
      `${expected} is missing, ${node.held.size} came after it`,
    );
    const early = [...node.held].sort(
      (a, b) => ((a[0] - expected + 256) % 256) - ((b[0] - expected + 256) % 256),
    );
    node.held.clear();
    for (const [seq, message] of early) {
      node.seq = seq;
      this.apply(node, message);
    }
    this.askRebirth(node);
  }

  private apply(node: EdgeNode, message: HeldMessage): void {
    if (message.type === 'DDEATH') return;
    if (message.type === 'DBIRTH')
      this.options.events.born(node, this.define(node, message.device, message.metrics), false);
    this.take(node, message.device, message.metrics, message.timestamp, message.type === 'DBIRTH');
  }

  private define(node: EdgeNode, device: string | undefined, metrics: readonly Metric[]): MetricDefinition[] {
    const definitions: MetricDefinition[] = [];
    for (const metric of metrics) {
      if (metric.name === undefined) continue;
      if (node.byName.size >= MOST_METRICS) {
        this.options.events.fault('flooding', node.node, `more than ${MOST_METRICS} metrics`);
        break;
      }
      const unit = metric.properties?.engUnit;
      const definition: MetricDefinition = {
        name: metricName(device, metric.name),
        datatype: metric.datatype ?? DataType.Unknown,
        unit: typeof unit === 'string' ? unit : null,
        point: -1,
      };
      // the protocol's own metrics may come again in data, but they are no values of the plant
      const own = metric.name === BDSEQ_METRIC || metric.name.startsWith('Node Control/');
      const meant = own ? PROTOCOL : definition;
      node.byName.set(definition.name, meant);
      if (metric.alias !== undefined) node.byAlias.set(metric.alias, meant);
      if (own) continue;
      if (definition.datatype === DataType.Unknown || definition.datatype > DataType.DateTimeArray) {
        this.options.events.fault('unknownDatatype', node.node, `${definition.name}: ${definition.datatype}`);
      }
      definitions.push(definition);
    }
    return definitions;
  }

  private take(
    node: EdgeNode,
    device: string | undefined,
    metrics: readonly Metric[],
    timestamp: number | undefined,
    fromBirth: boolean,
  ): void {
    const values = this.values;
    values.length = 0;
    let unknown = 0;
    for (const metric of metrics) {
      const definition = definitionOf(node, device, metric);
      if (!definition) {
        if (!fromBirth && metric.name !== BDSEQ_METRIC) unknown++;
        continue;
      }
      if (definition === PROTOCOL) continue;
      values.push({
        definition,
        value: numberOf(metric, metric.datatype ?? definition.datatype),
        time: metric.timestamp ?? timestamp ?? this.options.now(),
        historical: metric.historical === true,
      });
    }
    if (values.length > 0) this.options.events.values(node, values, fromBirth);
    if (unknown === 0) return;
    this.options.events.fault(
      'unknownAlias',
      node.node,
      `${unknown} of ${metrics.length} metrics are not in its birth`,
    );
    this.askRebirth(node);
  }

  private floods(node: EdgeNode): boolean {
    const { now, floodBurst, floodPerSecond } = this.options;
    const time = now();
    node.tokens = Math.min(floodBurst, node.tokens + ((time - node.tokensAt) / 1000) * floodPerSecond);
    node.tokensAt = time;
    if (node.tokens >= 1) {
      node.tokens--;
      return false;
    }
    this.options.events.fault('flooding', node.node, `more than ${floodPerSecond} messages a second`);
    // what was passed over is gone: once it is quieter, its birth brings the state and its gateway may replay
    node.doubtful = node.born;
    node.seq = -1;
    return true;
  }

  /** The node of a topic, undefined when there are too many; nodes that were never born make room. */
  private nodeOf(topic: SparkplugTopic): EdgeNode | undefined {
    const key = `${topic.group}/${topic.node}`;
    let node = this.nodes.get(key);
    if (!node) {
      if (this.nodes.size >= MOST_NODES) this.forgetUnborn();
      if (this.nodes.size >= MOST_NODES) return undefined;
      node = newNode(topic.group, topic.node);
      node.tokens = this.options.floodBurst;
      node.tokensAt = this.options.now();
      this.nodes.set(key, node);
    }
    return node;
  }

  private forgetUnborn(): void {
    for (const [key, node] of this.nodes) if (!node.born) this.nodes.delete(key);
  }

  private sendRebirth(node: EdgeNode): void {
    const metric: Metric = {
      name: REBIRTH_METRIC,
      timestamp: this.options.now(),
      datatype: DataType.Boolean,
      field: 'boolean',
      value: true,
    };
    this.options.publish(
      nodeTopic(node.group, 'NCMD', node.node),
      encodePayload({ timestamp: this.options.now(), metrics: [metric] }),
    );
  }
}

const PROTOCOL: MetricDefinition = { name: '', datatype: DataType.Unknown, unit: null, point: -1 };

function bdSeqOf(payload: Payload): number {
  const metric = payload.metrics.find(({ name }) => name === BDSEQ_METRIC);
  return typeof metric?.value === 'number' ? metric.value : -1;
}
