import type { FaultLog } from './ingest/faults.ts';
import type { Ingest } from './ingest/ingest.ts';
import type { Rates } from './ingest/rates.ts';
import type { Overview } from './live/overview.ts';
import type { Registry } from './registry/registry.ts';
import type { Unregistered } from './registry/unregistered.ts';
import type { HostEvents } from './sparkplug/host.ts';

export interface StationEventContext {
  registry: Registry;
  unregistered: Unregistered;
  ingest: Ingest;
  faults: FaultLog;
  rates: Rates;
  overview: Overview;
  now: () => number;
}

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
  return {
    born(node, definitions) {
      rates.totals.births++;
      const station = registry.byCode.get(node.node);
      if (!station) return unregistered.born(node, definitions, now());
      const { index } = station.place.columns.template;
      let unknown = 0;
      for (const definition of definitions) {
        definition.point = index.get(station.mapping.get(definition.name) ?? definition.name) ?? -1;
        if (definition.point < 0) unknown++;
      }
      if (unknown > 0)
        faults.count('unknownMetric', node.node, `${unknown} of ${definitions.length} metrics feed no point`);
      station.place.columns.offlineSince[station.place.row] = 0;
      overview.touch(station);
    },
    values(node, values, fromBirth) {
      const station = registry.byCode.get(node.node);
      if (station) ingest.take(station, values, fromBirth);
      else unregistered.heard(node, values, now());
    },
    died(node) {
      const station = registry.byCode.get(node.node);
      if (!station) return;
      station.place.columns.offlineSince[station.place.row] = now();
      overview.touch(station);
    },
    fault: (fault, station, detail) => faults.count(fault, station, detail),
  };
}
