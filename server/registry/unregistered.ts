import { POINTS } from '#twin/catalogue/points.data.ts';
import { template } from '#twin/catalogue/template.ts';
import { PRESSURE_ZONES, type PressureZone } from '#twin/model/station.ts';
import type { DataFault, UnregisteredStation } from '#twin/wire/api.ts';
import { DataType, dataTypeName, isNumeric } from '#twin/wire/sparkplug/datatypes.ts';
import type { HostValue } from '../sparkplug/events.ts';
import type { EdgeNode, MetricDefinition } from '../sparkplug/nodeTable.ts';

interface Stranger {
  node: EdgeNode;
  firstSeen: number;
  lastMessage: number;
  /** by name; a device's birth adds to those of its node */
  definitions: Map<string, MetricDefinition>;
  values: Map<string, string>;
}

/** Invented node ids must not fill the memory. */
const MOST = 5000;
/** Names of a node that is never born, which says them one by one. */
const MOST_SAID = 1000;

/** Nodes that were born and are no station of ours yet. */
export class Unregistered {
  private readonly strangers = new Map<string, Stranger>();

  /**
   * `whole`: the node's own birth, which replaces what was known; else one of its devices'. Says what hinders it:
   * the list is full, or a living node of another group has the same id.
   */
  born(
    node: EdgeNode,
    definitions: readonly MetricDefinition[],
    whole: boolean,
    now: number,
  ): DataFault | undefined {
    const known = this.strangers.get(node.node);
    if (!known && this.strangers.size >= MOST) return 'strangersFull';
    if (known && known.node !== node && known.node.born) return 'groupConflict';
    const kept = known && !whole ? known : { definitions: new Map(), values: new Map() };
    for (const definition of definitions) kept.definitions.set(definition.name, definition);
    this.strangers.set(node.node, { ...kept, node, firstSeen: known?.firstSeen ?? now, lastMessage: now });
    return undefined;
  }

  heard(node: EdgeNode, values: readonly HostValue[], now: number): void {
    const stranger = this.strangers.get(node.node);
    if (stranger?.node !== node) return;
    stranger.lastMessage = now;
    for (const { definition, value } of values) {
      if (!Number.isNaN(value) && stranger.definitions.has(definition.name))
        stranger.values.set(definition.name, String(Number(value.toPrecision(6))));
    }
  }

  forget(code: string): EdgeNode | undefined {
    const node = this.strangers.get(code)?.node;
    this.strangers.delete(code);
    return node;
  }

  /** Whether this node is the one that is listed under its id. */
  lists(group: string, code: string): boolean {
    return this.strangers.get(code)?.node.group === group;
  }

  /** Those of the names that are new of this node, as many as it may still have. */
  unknown(code: string, names: readonly string[]): string[] {
    const known = this.strangers.get(code)?.definitions;
    const unknown = new Set(names.filter((name) => !known?.has(name)));
    return [...unknown].slice(0, Math.max(0, MOST_SAID - (known?.size ?? 0)));
  }

  has(code: string): boolean {
    return this.strangers.has(code);
  }

  get size(): number {
    return this.strangers.size;
  }

  list(): UnregisteredStation[] {
    return [...this.strangers.values()].map(
      ({ node, firstSeen, lastMessage, definitions: known, values }) => {
        const definitions = [...known.values()];
        return {
          code: node.node,
          group: node.group,
          firstSeen,
          lastMessage,
          metrics: definitions.map(({ name, datatype, unit }) => ({
            name,
            datatype: dataTypeName(datatype),
            unit,
            value: values.get(name) ?? '',
          })),
          suggestion: suggest(definitions),
        };
      },
    );
  }
}

/** What kind of station it may be and which metric may be which point, from the names alone. */
export function suggest(definitions: readonly MetricDefinition[]): UnregisteredStation['suggestion'] {
  const names = definitions
    .filter(({ datatype }) => isNumeric(datatype) || datatype === DataType.Unknown)
    .map(({ name }) => name);
  const pumps = new Map<PressureZone, number>();
  for (const name of names) {
    const [zone, pump] = normalise(name).split('/');
    if (!PRESSURE_ZONES.includes(zone as PressureZone)) continue;
    const number = Number(/^P(\d)$/.exec(pump ?? '')?.[1] ?? 0);
    pumps.set(zone as PressureZone, Math.max(pumps.get(zone as PressureZone) ?? 1, number));
  }
  const sets = PRESSURE_ZONES.filter((zone) => pumps.has(zone)).map((zone) => ({
    zone,
    pumps: pumps.get(zone)!,
  }));
  const kind = names.some((name) => /^L[12]$/.test(normalise(name)))
    ? ('tank' as const)
    : ('inline' as const);
  const shape = { kind, sets: sets.length > 0 ? sets : [{ zone: 'LO' as const, pumps: 2 }] };
  const points = template(shape).index;
  const single = new Set(POINTS.filter(({ scope }) => scope === 'station').map(({ tag }) => tag));
  const mapping = new Map<string, string>();
  const taken = new Set<string>();
  const suggestPoint = (name: string, point: string) => {
    if (mapping.has(name) || taken.has(point) || !points.has(point)) return;
    mapping.set(name, point);
    taken.add(point);
  };
  // whole names first: a last part that is a point of the station may belong to several metrics
  for (const name of names) suggestPoint(name, normalise(name));
  for (const name of names) {
    const last = normalise(name).split('/').at(-1)!;
    if (single.has(last)) suggestPoint(name, last);
  }
  return { ...shape, mapping: Object.fromEntries(mapping) };
}

/** `lo.p1.hz`, `LO_P1/HZ` and `LO/P1/HZ` mean the same; tags keep their own underscores. */
function normalise(name: string): string {
  return name
    .toUpperCase()
    .replace(/[.\\:]/g, '/')
    .replace(/^(LO|MI|HI|SP)_/, '$1/')
    .replace(/^((?:LO|MI|HI|SP)\/P\d)_/, '$1/');
}
