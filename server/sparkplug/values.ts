import { isStructured } from '#twin/wire/sparkplug/parts.ts';
import { type Metric, numberOf } from '#twin/wire/sparkplug/payload.ts';
import { BDSEQ_METRIC } from '#twin/wire/sparkplug/topics.ts';
import { AMBIGUOUS, definePart, definitionOf, MOST_METRICS, PROTOCOL, readParts } from './birthTable.ts';
import type { HostEvents, HostValue } from './events.ts';
import type { EdgeNode, HeldMessage, MetricDefinition } from './nodeTable.ts';

/** The property `Quality`: 192 is good, these are not. */
const BAD = 0;
const STALE = 500;

/** Turns the metrics of messages into values by the birth table of their node. */
export class ValueReader {
  private readonly values: HostValue[] = [];
  private readonly events: HostEvents;
  private readonly now: () => number;

  constructor(events: HostEvents, now: () => number) {
    this.events = events;
    this.now = now;
  }

  /** Gives the values of one message away; returns how many metrics no birth has named. */
  take(
    node: EdgeNode,
    message: Pick<HeldMessage, 'device' | 'metrics' | 'timestamp'>,
    fromBirth: boolean,
  ): number {
    this.values.length = 0;
    let unknown = 0;
    const { fault } = this.events;
    for (const metric of message.metrics) {
      const definition = definitionOf(node, message.device, metric, fromBirth, fault);
      if (definition === PROTOCOL || definition === AMBIGUOUS) continue;
      if (definition) this.read(node, metric, definition, message.timestamp);
      else if (!fromBirth && metric.name !== BDSEQ_METRIC) unknown++;
    }
    if (this.values.length > 0) this.events.values(node, this.values, fromBirth);
    return unknown;
  }

  private read(
    node: EdgeNode,
    metric: Metric,
    definition: MetricDefinition,
    timestamp: number | undefined,
  ): void {
    if (metric.isNull && definition.parts) {
      for (const part of definition.parts) this.push(metric, part, timestamp);
      return;
    }
    if (!isStructured(metric, metric.datatype ?? definition.datatype))
      return this.push(metric, definition, timestamp);
    const late: MetricDefinition[] = [];
    const parts = readParts(node, metric, definition, this.events.fault);
    const known = parts.map((part) => {
      const before = node.byName.get(`${definition.name}/${part.name}`);
      if (before || node.byName.size >= MOST_METRICS) return before;
      // an array may grow, a member may first come with data
      late.push(definePart(node, definition, part, this.events.fault));
      return late.at(-1)!;
    });
    if (late.length > 0) this.events.born(node, late, false);
    parts.forEach((part, k) => {
      if (known[k]) this.push(part, known[k], timestamp);
    });
  }

  private push(metric: Metric, definition: MetricDefinition, timestamp: number | undefined): void {
    const stated = metric.timestamp ?? timestamp;
    const quality = metric.properties?.Quality;
    const usable = quality !== BAD && quality !== STALE;
    this.values.push({
      definition,
      value: usable ? numberOf(metric, metric.datatype ?? definition.datatype) : Number.NaN,
      time: stated ?? this.now(),
      historical: metric.historical === true,
      arrived: stated === undefined,
      transient: metric.transient === true,
    });
  }
}
