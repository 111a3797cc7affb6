import { SparkplugHost } from '#server/sparkplug/host.ts';
import { type Message, TestNode } from '#test/support/sparkplug.ts';
import type { DataFault } from '#twin/wire/api.ts';
import { decodePayload } from '#twin/wire/sparkplug/payload.ts';

export interface Seen {
  node: string;
  name: string;
  value: number;
  time: number;
  historical: boolean;
  birth: boolean;
}

/** A host that remembers what it was told and what it asked for. */
export function aHost(given: { rebirthsPerSecond?: number; burst?: number; reorderTimeoutMs?: number } = {}) {
  const published: { topic: string; payload: ReturnType<typeof decodePayload> }[] = [];
  const seen: Seen[] = [];
  const died: string[] = [];
  const deadDevices: { node: string; names: string[]; time: number }[] = [];
  const faults: { fault: DataFault; station: string; detail: string }[] = [];
  const host = new SparkplugHost({
    now: Date.now,
    publish: (topic, bytes) => published.push({ topic, payload: decodePayload(bytes) }),
    reorderTimeoutMs: given.reorderTimeoutMs ?? 2000,
    rebirthsPerSecond: given.rebirthsPerSecond ?? 100,
    flood: {
      births: { burst: given.burst ?? 1000, perSecond: 100 },
      devices: { burst: given.burst ?? 1000, perSecond: 100 },
      data: { burst: given.burst ?? 1000, perSecond: 100 },
    },
    events: {
      born: () => undefined,
      values: (node, values, birth) => {
        for (const { definition, value, time, historical } of values)
          seen.push({ node: node.key, name: definition.name, value, time, historical, birth });
      },
      died: (node) => died.push(node.key),
      deviceDied: (node, definitions, time) =>
        deadDevices.push({ node: node.key, names: definitions.map(({ name }) => name), time }),
      fault: (fault, station, detail) => faults.push({ fault, station, detail }),
    },
  });
  const count = (fault: DataFault) => faults.filter((entry) => entry.fault === fault).length;
  return {
    host,
    published,
    seen,
    died,
    deadDevices,
    faults,
    count,
    values: () => seen.filter(({ birth }) => !birth).map(({ value }) => value),
    hear: (...messages: Message[]) => {
      for (const { topic, bytes } of messages) host.receive(topic, bytes);
    },
  };
}

export const aNode = (node?: string, group?: string) => new TestNode(Date.now, node, group);
/** `count` data messages whose value is their place. */
export const dataOf = (node: TestNode, count: number) =>
  Array.from({ length: count }, (_, k) => node.data({ 0: k + 1 }));
