import type { DataFault } from '#twin/wire/api.ts';
import { DataType } from '#twin/wire/sparkplug/datatypes.ts';
import { isStructured, partsOf } from '#twin/wire/sparkplug/parts.ts';
import type { Metric } from '#twin/wire/sparkplug/payload.ts';
import { decodeTemplate } from '#twin/wire/sparkplug/template.ts';
import { BDSEQ_METRIC } from '#twin/wire/sparkplug/topics.ts';
import type { EdgeNode, MetricDefinition } from './nodeTable.ts';

/** Names of one node at most, those of its devices and of the parts of its metrics included. */
export const MOST_METRICS = 20_000;
/** Stands for metrics of the protocol itself: they may come in data, but they are no values of the plant. */
export const PROTOCOL: MetricDefinition = { name: '', datatype: DataType.Unknown, unit: null, point: -1 };

type CountFault = (fault: DataFault, station: string, detail: string) => void;

/** Metrics of a device stand under `device/metric`, so that a node's names are one space. */
const metricName = (device: string | undefined, name: string): string =>
  device === undefined ? name : `${device}/${name}`;

/** Takes up the metrics of a birth. Returns those that carry one value each: of structured metrics, their parts. */
export function define(
  node: EdgeNode,
  device: string | undefined,
  metrics: readonly Metric[],
  fault: CountFault,
): MetricDefinition[] {
  learnTemplates(node, metrics, fault);
  const defined: MetricDefinition[] = [];
  for (const metric of metrics) {
    if (metric.name === undefined) continue;
    if (metric.name === BDSEQ_METRIC || metric.name.startsWith('Node Control/')) {
      enter(node, metricName(device, metric.name), metric.alias, PROTOCOL);
      continue;
    }
    if (node.byName.size >= MOST_METRICS) {
      fault('flooding', node.node, `more than ${MOST_METRICS} metrics`);
      break;
    }
    const definition = definitionFrom(metric, metricName(device, metric.name), device);
    enter(node, definition.name, metric.alias, definition);
    if (isStructured(metric, definition.datatype)) {
      const parts = readParts(node, metric, definition, fault);
      for (const part of parts) defined.push(definePart(node, definition, part, fault));
      definition.parts ??= [];
      continue;
    }
    checkType(node, definition, fault);
    defined.push(definition);
  }
  return defined;
}

/** Takes up one part of a structured metric, in a birth or when it first comes. */
export function definePart(
  node: EdgeNode,
  whole: MetricDefinition,
  part: Metric,
  fault: CountFault,
): MetricDefinition {
  const definition = definitionFrom(part, `${whole.name}/${part.name}`, whole.device);
  checkType(node, definition, fault);
  enter(node, definition.name, part.alias, definition);
  whole.parts ??= [];
  whole.parts.push(definition);
  return definition;
}

/** A type that is missing, or that does not exist, is counted; the value is taken as it is. */
function checkType(node: EdgeNode, { name, datatype }: MetricDefinition, fault: CountFault): void {
  if (datatype === DataType.Unknown || datatype > DataType.DateTimeArray)
    fault('unknownDatatype', node.node, `${name}: ${datatype}`);
}

/** The parts of a structured metric, none when they cannot be read (which is counted). */
export function readParts(
  node: EdgeNode,
  metric: Metric,
  definition: MetricDefinition,
  fault: CountFault,
): Metric[] {
  try {
    return partsOf(metric, metric.datatype ?? definition.datatype, node.templates);
  } catch (error) {
    fault('unreadableParts', node.node, `${definition.name}: ${(error as Error).message}`);
    return [];
  }
}

/** The metrics of a device and their parts. */
export const definitionsOf = (node: EdgeNode, device: string): MetricDefinition[] =>
  [...node.byName.values()].filter((definition) => definition.device === device);

/** Forgets what a device's birth said, before it says it anew. */
export function undefine(node: EdgeNode, device: string): void {
  for (const known of [node.byName, node.byAlias] as Map<string | number, MetricDefinition>[])
    for (const [key, definition] of known) if (definition.device === device) known.delete(key);
}

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

/** Definitions may come after the instances that need them. */
function learnTemplates(node: EdgeNode, metrics: readonly Metric[], fault: CountFault): void {
  for (const { name, field, value } of metrics) {
    if (field !== 'template' || name === undefined || !(value instanceof Uint8Array)) continue;
    try {
      const template = decodeTemplate(value);
      if (template.isDefinition) node.templates.set(name, template);
    } catch (error) {
      fault('unreadableParts', node.node, `${name}: ${(error as Error).message}`);
    }
  }
}

function definitionFrom(
  { datatype, properties }: Metric,
  name: string,
  device: string | undefined,
): MetricDefinition {
  const unit = properties?.engUnit;
  return {
    name,
    datatype: datatype ?? DataType.Unknown,
    unit: typeof unit === 'string' ? unit : null,
    point: -1,
    ...(device !== undefined && { device }),
  };
}

function enter(node: EdgeNode, name: string, alias: number | undefined, definition: MetricDefinition): void {
  node.byName.set(name, definition);
  if (alias !== undefined) node.byAlias.set(alias, definition);
}
