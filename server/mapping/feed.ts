import { DataType } from '#twin/wire/sparkplug/datatypes.ts';
import type { Strangers } from '../broker/strangers.ts';
import type { FaultLog } from '../ingest/faults.ts';
import type { Ingest } from '../ingest/ingest.ts';
import type { RegisteredStation, Registry } from '../registry/registry.ts';
import type { Unregistered } from '../registry/unregistered.ts';
import type { HostValue } from '../sparkplug/events.ts';
import { newNode } from '../sparkplug/nodeTable.ts';
import type { Source } from './compile.ts';
import { type MappedValue, readPayload } from './payload.ts';
import { fill, type Places } from './topic.ts';

export interface FeedContext {
  sources: readonly Source[];
  registry: Registry;
  unregistered: Unregistered;
  /** what stations that nobody has registered may take */
  strangers: Pick<Strangers, 'spends' | 'keeps'>;
  ingest: Ingest;
  faults: FaultLog;
  now: () => number;
}

/** Stands for a Sparkplug group where nodes that speak JSON are listed. */
const GROUP = 'json';
const LONGEST_TOPIC = 512;
const LONGEST_CODE = 128;
/** What a name takes in memory beside its characters, about. */
const NAME_BYTES = 200;

/**
 * What JSON says, brought to the stations as Sparkplug's values are. The first source whose pattern fits a topic reads
 * it. Never throws: what cannot be read is counted for its station.
 */
export function jsonFeed(
  context: FeedContext,
): (topic: string, payload: Uint8Array, retained: boolean) => void {
  const { sources, faults, registry, strangers } = context;
  return (topic, payload, retained) => {
    if (topic.length > LONGEST_TOPIC) return faults.count('unreadableTopic', '', topic.slice(0, 120));
    for (const source of sources) {
      const places = source.topic.match(topic);
      if (!places) continue;
      // kept by the broker from some other day: without a time of its own it says nothing of now
      if (retained && !source.time) return;
      const code = fill(source.station, places);
      if (code.length > LONGEST_CODE) return faults.count('unreadableTopic', '', topic.slice(0, 120));
      if (!registry.byCode.has(code) && !strangers.spends(payload.length)) return;
      return take(context, source, code, places, payload);
    }
    faults.count('unreadableTopic', '', topic.slice(0, 120));
  };
}

function take(context: FeedContext, source: Source, code: string, places: Places, payload: Uint8Array): void {
  const { registry, faults, ingest, now } = context;
  const unreadable = (what: string) =>
    faults.count('unreadablePayload', code, `JSON, ${payload.length} bytes: ${what}`);
  try {
    const mapped = readPayload(source, places, payload, now(), unreadable);
    if (mapped.length === 0) return;
    const station = registry.byCode.get(code);
    if (!station) return stranger(context, code, mapped);
    const values = bind(station, mapped, !source.time);
    const unknown = values.filter(({ definition }) => definition.point < 0).length;
    if (unknown > 0)
      faults.count('unknownMetric', code, `${unknown} of ${values.length} values feed no point`);
    ingest.take(station, values, false);
  } catch (error) {
    unreadable((error as Error).message);
  }
}

function bind(station: RegisteredStation, mapped: readonly MappedValue[], arrived: boolean): HostValue[] {
  const { index } = station.place.columns.template;
  return mapped.map(({ point, value, time }) => ({
    definition: definition(point, index.get(station.mapping.get(point) ?? point) ?? -1),
    value,
    time,
    historical: false,
    arrived,
  }));
}

/** A station that is not registered is listed as other unknown gateways are, and can be adopted. */
function stranger(context: FeedContext, code: string, mapped: readonly MappedValue[]): void {
  const { unregistered, strangers, now } = context;
  const unknown = unregistered.unknown(
    code,
    mapped.map(({ point }) => point),
  );
  const weight = unknown.reduce((sum, name) => sum + NAME_BYTES + 2 * name.length, 0);
  if (!strangers.keeps(GROUP, code, (before) => before + weight)) return;
  const node = newNode(GROUP, code);
  const values = mapped.map(({ point, value, time }) => ({
    definition: definition(point, -1),
    value,
    time,
    historical: false,
  }));
  const fresh = unknown.map((name) => definition(name, -1));
  if (unregistered.born(node, fresh, false, now())) return;
  unregistered.heard(node, values, now());
}

const definition = (name: string, point: number) => ({ name, datatype: DataType.Double, unit: null, point });
