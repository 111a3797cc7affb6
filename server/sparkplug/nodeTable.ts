import type { Alias, Metric } from '#twin/wire/sparkplug/payload.ts';
import type { Template } from '#twin/wire/sparkplug/template.ts';
import type { Budget, FloodLimits } from './flood.ts';

/** A metric as its birth defined it. */
export interface MetricDefinition {
  name: string;
  datatype: number;
  unit: string | null;
  /** index of the twin's point it feeds, −1 for none */
  point: number;
  /** whose it is, when it is a device's and not the node's own */
  device?: string;
  /** of a template, dataset or array: what stands below it */
  parts?: MetricDefinition[];
}

/**
 * Why a node is asked for its birth: messages are missing; what it sends is not in its birth; a message cannot be read; it
 * was passed over; the connection to the broker was lost.
 */
export type Doubt = 'gap' | 'notBorn' | 'unreadable' | 'flood' | 'connection';

/** After a request, when the next may be made for the same reason, as long as the birth is the same. */
export interface Pause {
  /** ms by a clock that is never set */
  askedAt: number;
  ms: number;
  /** the table of the birth that left the reason as it was */
  table: number;
}

/** What the host knows of one edge node: the birth table and where in the sequence it is. */
export interface EdgeNode {
  /** `group/node`: ids are told apart by case, as MQTT topics are */
  key: string;
  group: string;
  node: string;
  born: boolean;
  bdSeq: number;
  /** sequence number of the last message taken; −1: take any next */
  seq: number;
  /** the node's own, and those of its devices that no other has; two of one alias are `AMBIGUOUS` */
  byAlias: Map<Alias, MetricDefinition>;
  /** each device's own */
  byDeviceAlias: Map<string, Map<Alias, MetricDefinition>>;
  byName: Map<string, MetricDefinition>;
  /** template definitions of its birth, by name */
  templates: Map<string, Template>;
  /** devices below it; their metrics stay known after their death */
  devices: Map<string, Device>;
  /** why its next message is answered with a request for its birth; undefined: there is no reason to */
  doubt: Doubt | undefined;
  /** hash of its last birth as it came; 0 = none */
  birthPrint: number;
  /** hash of the names, aliases and types that it and its devices were born with */
  table: number;
  /** fingerprints of the messages taken last, by sequence number modulo the length; 0 = none */
  recent: Int32Array;
  /** messages that came too early, by sequence number */
  held: Map<number, HeldMessage>;
  holdTimer: NodeJS.Timeout | undefined;
  /** when a rebirth was asked and not yet answered, ms by a clock that is never set; undefined: none is pending */
  rebirthAskedAt: number | undefined;
  /** requests of before, by what they were for */
  pauses: Map<Doubt, Pause> | undefined;
  /** flood guard: what it may still send; absent until it is heard for the first time */
  budgets: Record<keyof FloodLimits, Budget> | undefined;
}

export interface Device {
  alive: boolean;
  /** hash of the names, aliases and types that it was born with */
  table: number;
}

export interface HeldMessage {
  type: 'NDATA' | 'DBIRTH' | 'DDEATH' | 'DDATA';
  device: string | undefined;
  metrics: Metric[];
  timestamp: number | undefined;
  /** what it takes in memory, unpacked, about, in bytes */
  weight: number;
  /** hash of its bytes on the wire: two messages of one number are one message when it is the same */
  fingerprint: number;
}

/** A message that comes twice comes again before this many others. */
export const RECENT = 16;
/** Invented ids must not fill the memory: nodes at most, and those of them that are not alive. */
export const MOST_NODES = 20_000;
export const MOST_UNBORN = 5000;

/** Nodes by key. Those that are not alive make room, the one that has been so for longest first. */
export class NodeTable {
  readonly byKey = new Map<string, EdgeNode>();
  /** in the order they died or were first heard of */
  private readonly unborn = new Set<EdgeNode>();
  private readonly forgotten: (node: EdgeNode) => void;

  /** `forgotten` is told of each node that made room. */
  constructor(forgotten: (node: EdgeNode) => void) {
    this.forgotten = forgotten;
  }

  /** The node of these ids, made when it is new; undefined when all places are taken by the living. */
  of(group: string, node: string): EdgeNode | undefined {
    const known = this.byKey.get(`${group}/${node}`);
    if (known) return known;
    if (this.byKey.size >= MOST_NODES || this.unborn.size >= MOST_UNBORN) this.makeRoom();
    if (this.byKey.size >= MOST_NODES) return undefined;
    const made = newNode(group, node);
    this.byKey.set(made.key, made);
    this.unborn.add(made);
    return made;
  }

  /** Whether the next node that is new would take the place of another, or find none. */
  get full(): boolean {
    return this.byKey.size >= MOST_NODES || this.unborn.size >= MOST_UNBORN;
  }

  lives(node: EdgeNode): void {
    node.born = true;
    this.unborn.delete(node);
  }

  died(node: EdgeNode): void {
    node.born = false;
    this.unborn.add(node);
  }

  drop(key: string): void {
    const node = this.byKey.get(key);
    if (!node) return;
    node.born = false;
    this.unborn.delete(node);
    this.byKey.delete(key);
    this.forgotten(node);
  }

  private makeRoom(): void {
    const [oldest] = this.unborn;
    if (oldest) this.drop(oldest.key);
  }
}

export const newNode = (group: string, node: string): EdgeNode => ({
  key: `${group}/${node}`,
  group,
  node,
  born: false,
  bdSeq: -1,
  seq: -1,
  doubt: undefined,
  birthPrint: 0,
  table: 0,
  recent: new Int32Array(RECENT),
  byAlias: new Map(),
  byDeviceAlias: new Map(),
  byName: new Map(),
  templates: new Map(),
  devices: new Map(),
  held: new Map(),
  holdTimer: undefined,
  rebirthAskedAt: undefined,
  pauses: undefined,
  budgets: undefined,
});
