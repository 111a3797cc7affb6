import { DataType } from '#twin/wire/sparkplug/datatypes.ts';
import { encodePayload, type Metric, type Payload } from '#twin/wire/sparkplug/payload.ts';
import { type MessageType, nodeTopic } from '#twin/wire/sparkplug/topics.ts';

export interface Message {
  topic: string;
  bytes: Uint8Array;
}

/** Messages of an edge node as it would send them, one after the other; `seq` counts as the specification asks. */
export class TestNode {
  readonly group: string;
  readonly node: string;
  seq = 0;
  private readonly now: () => number;

  constructor(now: () => number, node = 'SM-0001', group = 'G') {
    this.now = now;
    this.node = node;
    this.group = group;
  }

  message(type: MessageType, payload: Payload, device?: string): Message {
    return { topic: nodeTopic(this.group, type, this.node, device), bytes: encodePayload(payload) };
  }

  /** NBIRTH; metrics by name, alias 0, 1, 2 … */
  birth(values: Record<string, number> = { 'LO/P_OUT': 0.5 }, bdSeq = 0): Message {
    this.seq = 0;
    const metrics = Object.entries(values).map(([name, value], alias) => ({
      ...number(alias, value, this.now()),
      name,
      datatype: DataType.Double,
    }));
    return this.message('NBIRTH', {
      timestamp: this.now(),
      seq: 0,
      metrics: [bdSeqMetric(bdSeq), ...metrics],
    });
  }

  /** NDATA with these values by alias; the next sequence number unless one is given. */
  data(
    values: Record<number, number> = { 0: 0.5 },
    given: Partial<Payload> & { historical?: true } = {},
  ): Message {
    this.seq = (this.seq + 1) % 256;
    const { historical, ...rest } = given;
    const metrics = Object.entries(values).map(([alias, value]) => ({
      ...number(Number(alias), value, given.timestamp ?? this.now()),
      ...(historical && { historical }),
    }));
    return this.message('NDATA', { timestamp: this.now(), seq: this.seq, metrics, ...rest });
  }

  death(bdSeq = 0): Message {
    return this.message('NDEATH', { timestamp: this.now(), metrics: [bdSeqMetric(bdSeq)] });
  }
}

const bdSeqMetric = (value: number): Metric => ({
  name: 'bdSeq',
  datatype: DataType.Int64,
  field: 'long',
  value,
});

const number = (alias: number, value: number, timestamp: number): Metric => ({
  alias,
  timestamp,
  field: 'double',
  value,
});
