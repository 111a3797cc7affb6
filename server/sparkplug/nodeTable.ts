import type { Metric } from '#twin/wire/sparkplug/payload.ts';

/** A metric as its birth defined it. */
export interface MetricDefinition {
  name: string;
  datatype: number;
  unit: string | null;
  /** index of the twin's point it feeds, −1 for none */
  point: number;
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
  byAlias: Map<number, MetricDefinition>;
  byName: Map<string, MetricDefinition>;
  /** messages may have been missed: its next one is answered with a request for its birth */
  doubtful: boolean;
  /** messages with old numbers since the last one that was not */
  oldInARow: number;
  /** messages that came too early, by sequence number */
  held: Map<number, HeldMessage>;
  holdTimer: NodeJS.Timeout | undefined;
  /** when a rebirth was asked and not yet answered, ms; 0 = none pending */
  rebirthAskedAt: number;
  /** flood guard: how many messages it may still send now */
  tokens: number;
  tokensAt: number;
}

export interface HeldMessage {
  type: 'NDATA' | 'DBIRTH' | 'DDEATH' | 'DDATA';
  device: string | undefined;
  metrics: Metric[];
  timestamp: number | undefined;
}

export const newNode = (group: string, node: string): EdgeNode => ({
  key: `${group}/${node}`,
  group,
  node,
  born: false,
  bdSeq: -1,
  seq: -1,
  doubtful: false,
  oldInARow: 0,
  byAlias: new Map(),
  byName: new Map(),
  held: new Map(),
  holdTimer: undefined,
  rebirthAskedAt: 0,
  tokens: 0,
  tokensAt: 0,
});

/** Metrics of a device stand under `device/metric`, so that a node's names are one space. */
export const metricName = (device: string | undefined, name: string): string =>
  device === undefined ? name : `${device}/${name}`;

/** The definition a metric of a DATA message refers to, by alias first (a metric with an alias may leave its name out). */
export function definitionOf(
  node: EdgeNode,
  device: string | undefined,
  metric: Metric,
): MetricDefinition | undefined {
  const byAlias = metric.alias === undefined ? undefined : node.byAlias.get(metric.alias);
  return (
    byAlias ?? (metric.name === undefined ? undefined : node.byName.get(metricName(device, metric.name)))
  );
}
