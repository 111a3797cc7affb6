import type { DataFault } from '#twin/wire/api.ts';
import { DataType } from '#twin/wire/sparkplug/datatypes.ts';
import { isStructured, partsOf } from '#twin/wire/sparkplug/parts.ts';
import type { Alias, Metric } from '#twin/wire/sparkplug/payload.ts';
import { decodeTemplate } from '#twin/wire/sparkplug/template.ts';
import { BDSEQ_METRIC } from '#twin/wire/sparkplug/topics.ts';
import type { EdgeNode, MetricDefinition } from './nodeTable.ts';

/** Names of one node at most, those of its devices and of the parts of its metrics included. */
export const MOST_METRICS = 20_000;
/** Stands for metrics of the protocol itself: they may come in data, but they are no values of the plant. */
export const PROTOCOL: MetricDefinition = { name: '', datatype: DataType.Unknown, unit: null, point: -1 };
/** Stands for an alias that a birth gives two metrics: nobody knows whose value it is. */
export const AMBIGUOUS: MetricDefinition = { ...PROTOCOL };

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
      enter(node, device, metricName(device, metric.name), metric.alias, PROTOCOL, fault);
      continue;
    }
    if (node.byName.size >= MOST_METRICS) {
      fault('flooding', node.node, `more than ${MOST_METRICS} metrics`);
      break;
    }
    const definition = definitionFrom(metric, metricName(device, metric.name), device);
    enter(node, device, definition.name, metric.alias, definition, fault);
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
  // by its name alone: a part has its place in its whole, and its alias may count there only
  node.byName.set(definition.name, definition);
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
  for (const known of [node.byName, node.byAlias] as Map<Alias, MetricDefinition>[])
    for (const [key, definition] of known) if (definition.device === device) known.delete(key);
  // what was nobody's because of it may be somebody's now: the next birth of whose it is says so
  for (const alias of node.byDeviceAlias.get(device)?.keys() ?? [])
    if (node.byAlias.get(alias) === AMBIGUOUS) node.byAlias.delete(alias);
  node.byDeviceAlias.delete(device);
}

/**
 * The definition that a metric refers to. A birth goes by its names. Data go by their alias (a metric with an alias may
 * leave its name out), a device's own before the node's; where a name says otherwise the name counts, and the fault is told.
 */
export function definitionOf(
  node: EdgeNode,
  device: string | undefined,
  { name, alias }: Metric,
  fromBirth: boolean,
  fault: CountFault,
): MetricDefinition | undefined {
  const byAlias =
    alias === undefined || (fromBirth && name !== undefined) ? undefined : ofAlias(node, device, alias);
  const isNamed = byAlias !== undefined && name !== undefined && byAlias.name === metricName(device, name);
  const byName = name === undefined || isNamed ? undefined : node.byName.get(metricName(device, name));
  if (byAlias === AMBIGUOUS && !byName) fault('aliasConflict', node.node, `alias ${alias} is of several`);
  else if (byAlias && byAlias !== AMBIGUOUS && name !== undefined && !isNamed && byAlias !== byName)
    fault('aliasConflict', node.node, `alias ${alias} of ${name} is that of ${byAlias.name}`);
  // a name that no birth said is not what the alias says either
  return byName ?? (name === undefined || isNamed || byAlias === AMBIGUOUS ? byAlias : undefined);
}

const ofAlias = (node: EdgeNode, device: string | undefined, alias: Alias): MetricDefinition | undefined =>
  (device === undefined ? undefined : node.byDeviceAlias.get(device)?.get(alias)) ?? node.byAlias.get(alias);

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

/**
 * An alias is of one metric of the whole node (`tck-id-payloads-alias-uniqueness`). Where several have it, a device still
 * knows its own by it, and the node its own; what two metrics of one birth have is nobody's.
 */
function enter(
  node: EdgeNode,
  device: string | undefined,
  name: string,
  alias: Alias | undefined,
  definition: MetricDefinition,
  fault: CountFault,
): void {
  node.byName.set(name, definition);
  if (alias === undefined) return;
  const other = node.byAlias.get(alias);
  if (other && other.name !== definition.name)
    fault('aliasConflict', node.node, `alias ${alias} of ${name} is ${other.name || "another's"} as well`);
  const isNodes = other !== undefined && other.device === undefined && device !== undefined;
  if (!isNodes) node.byAlias.set(alias, eitherOf(other, definition));
  if (device === undefined) return;
  const own = node.byDeviceAlias.get(device) ?? new Map<Alias, MetricDefinition>();
  node.byDeviceAlias.set(device, own);
  own.set(alias, eitherOf(own.get(alias), definition));
}

/** What an alias stands for that was another's before. Metrics of the protocol are called by their names. */
function eitherOf(before: MetricDefinition | undefined, definition: MetricDefinition): MetricDefinition {
  if (!before || before === PROTOCOL || before.name === definition.name) return definition;
  return definition === PROTOCOL ? before : AMBIGUOUS;
}
