import { Clocks } from '#server/ingest/clocks.ts';
import { FaultLog } from '#server/ingest/faults.ts';
import { GapLog } from '#server/ingest/gaps.ts';
import { Ingest } from '#server/ingest/ingest.ts';
import { Rates } from '#server/ingest/rates.ts';
import { Overview } from '#server/live/overview.ts';
import { type RegisteredStation, Registry } from '#server/registry/registry.ts';
import { Unregistered } from '#server/registry/unregistered.ts';
import { stationEvents } from '#server/stationEvents.ts';
import { aStation } from '#test/support/stations.ts';
import { addStation } from '#twin/state/columns.ts';
import { stationState } from '#twin/state/freshness.ts';
import { QUALITY_NAMES } from '#twin/state/quality.ts';
import { DAY } from '#twin/units.ts';

const TEMPLATE = 'tank:LO3';
const INTERVAL = 2000;

/** A value as the history was given it. */
export interface Kept {
  point: string;
  time: number;
  value: number;
  late: boolean;
}

/** What stands behind a host in the server, without its database: one station, and all that it is told. */
export function aCity(now: () => number, mapping: Record<string, string> = {}, code = 'SM-0001') {
  const registry = new Registry();
  const station: RegisteredStation = {
    code,
    id: 1,
    place: addStation(registry.state, code, TEMPLATE),
    cleaning: null,
    newestFrame: 0,
    station: aStation(code),
    templateId: TEMPLATE,
    overviewRow: 0,
    mapping: new Map(Object.entries(mapping)),
  };
  registry.stations.push(station);
  registry.byCode.set(code, station);
  const { columns, row } = station.place;
  const { index, points } = columns.template;
  const kept: Kept[] = [];
  const keep =
    (late: boolean) =>
    (_id: number, _t: unknown, time: number, count: number, at: Uint16Array, values: Float64Array) => {
      for (let k = 0; k < count; k++)
        kept.push({ point: points[at[k]!]!.name, time, value: values[k]!, late });
      return true;
    };
  const faults = new FaultLog(now);
  const rates = new Rates();
  const unregistered = new Unregistered();
  const overview = new Overview(registry, new GapLog(), INTERVAL);
  const ingest = new Ingest({
    now,
    history: { append: keep(false), appendLate: keep(true) },
    faults,
    rates,
    clocks: new Clocks(),
    interval: 2000,
    retentionMs: 3 * DAY,
    touched: () => overview.touch(station),
  });
  const at = (point: string) => index.get(point)!;
  return {
    events: stationEvents({ registry, unregistered, ingest, faults, rates, overview, now }),
    faults,
    unregistered,
    overview,
    kept,
    value: (point: string) => columns.values[at(point)]![row]!,
    time: (point: string) => columns.times[at(point)]![row]!,
    quality: (point: string) => QUALITY_NAMES[columns.qualities[at(point)]![row]!],
    offlineSince: () => columns.offlineSince[row]!,
    state: () => stationState(columns, row, { interval: INTERVAL, now: now() }),
  };
}
