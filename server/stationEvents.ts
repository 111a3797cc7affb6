import { revive, silence } from '#twin/state/freshness.ts';
import type { FaultLog } from './ingest/faults.ts';
import type { Ingest } from './ingest/ingest.ts';
import type { Rates } from './ingest/rates.ts';
import type { Overview } from './live/overview.ts';
import type { RegisteredStation, Registry } from './registry/registry.ts';
import type { Unregistered } from './registry/unregistered.ts';
import type { HostEvents } from './sparkplug/events.ts';
import type { EdgeNode } from './sparkplug/nodeTable.ts';

export interface StationEventContext {
  registry: Registry;
  unregistered: Unregistered;
  ingest: Ingest;
  faults: FaultLog;
  rates: Rates;
  overview: Overview;
  now: () => number;
}

/** A node that is silent for this long no longer keeps another of its id from speaking. */
const SILENT_MS = 30_000;

/** What the Sparkplug host hears, said to the stations: the edge node's id is the station's code. */
export function stationEvents({
  registry,
  unregistered,
  ingest,
  faults,
  rates,
  overview,
  now,
}: StationEventContext): HostEvents {
  /** which node speaks for a station: the one that was born first, while it lives and is heard */
  const speakers = new Map<string, { node: EdgeNode; heard: number }>();
  const stationOf = (node: EdgeNode): RegisteredStation | undefined => {
    const station = registry.byCode.get(node.node);
    if (!station) return undefined;
    const speaker = speakers.get(station.code);
    const silent = speaker !== undefined && now() - speaker.heard > SILENT_MS;
    if (speaker === undefined || speaker.node === node || !speaker.node.born || silent) {
      speakers.set(station.code, { node, heard: now() });
      return station;
    }
    faults.count('groupConflict', station.code, `${node.key} beside ${speaker.node.key}`);
    return undefined;
  };
  return {
    born(node, definitions, whole) {
      if (whole) rates.totals.births++;
      const registered = registry.byCode.get(node.node);
      if (!registered) {
        const hindered = unregistered.born(node, definitions, whole, now());
        if (hindered) faults.count(hindered, node.node, `${node.key} is not listed`);
        return;
      }
      const { template } = registered.place.columns;
      // also of one that may not speak yet
      for (const definition of definitions)
        definition.point =
          template.index.get(registered.mapping.get(definition.name) ?? definition.name) ?? -1;
      const station = stationOf(node);
      if (!station) return;
      const { columns, row } = station.place;
      let unknown = 0;
      for (const { point } of definitions) {
        if (point < 0) unknown++;
        else revive(columns, point, row);
      }
      if (unknown > 0)
        faults.count('unknownMetric', node.node, `${unknown} of ${definitions.length} metrics feed no point`);
      columns.offlineSince[row] = 0;
      overview.touch(station);
    },
    values(node, values, fromBirth) {
      if (!registry.byCode.has(node.node)) return unregistered.heard(node, values, now());
      const station = stationOf(node);
      if (station) ingest.take(station, values, fromBirth);
    },
    died(node) {
      if (speakers.get(node.node)?.node !== node) return;
      speakers.delete(node.node);
      const station = registry.byCode.get(node.node);
      if (!station) return;
      station.place.columns.offlineSince[station.place.row] = now();
      overview.touch(station);
    },
    deviceDied(node, definitions, time) {
      const station = registry.byCode.get(node.node);
      if (!station || speakers.get(station.code)?.node !== node) return;
      const { columns, row } = station.place;
      for (const { point } of definitions) if (point >= 0) silence(columns, point, row, time);
      overview.touch(station);
    },
    fault: (fault, station, detail) => faults.count(fault, station, detail),
  };
}
