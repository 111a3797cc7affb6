import { Clocks } from '#server/ingest/clocks.ts';
import { FaultLog } from '#server/ingest/faults.ts';
import { Ingest, type IngestStation } from '#server/ingest/ingest.ts';
import { Rates } from '#server/ingest/rates.ts';
import type { HostValue } from '#server/sparkplug/events.ts';
import { VirtualClock } from '#test/support/clock.ts';
import { addStation, emptyState } from '#twin/state/columns.ts';
import { DAY } from '#twin/units.ts';

interface Frame {
  kind: 'live' | 'late';
  station: number;
  time: number;
  points: string[];
  values: number[];
  qualities: number[];
}

/** Ingest of one station on a clock that the test moves, with everything that the history was given. */
export function anIngest(clocks = new Clocks(), place = addStation(emptyState(), 'SM-0001', 'tank:LO3')) {
  const clock = new VirtualClock();
  const faults = new FaultLog(clock.now);
  const rates = new Rates();
  const frames: Frame[] = [];
  const touched: string[] = [];
  const late: { from: number; to: number }[] = [];
  const station: IngestStation = {
    code: 'SM-0001',
    id: 7,
    place,
    cleaning: null,
    newestFrame: 0,
  };
  const { columns, row } = station.place;
  const { index, points } = columns.template;
  const sink =
    (kind: Frame['kind']) =>
    (
      number: number,
      _template: unknown,
      time: number,
      count: number,
      indexes: Uint16Array,
      values: Float64Array,
      qualities: Uint8Array,
    ) => {
      frames.push({
        kind,
        station: number,
        time,
        points: [...indexes.subarray(0, count)].map((point) => points[point]!.name),
        values: [...values.subarray(0, count)],
        qualities: [...qualities.subarray(0, count)],
      });
      return true;
    };
  const ingest = new Ingest({
    now: clock.now,
    history: { append: sink('live'), appendLate: sink('late') },
    faults,
    rates,
    clocks,
    interval: 2000,
    retentionMs: 3 * DAY,
    touched: ({ code }) => touched.push(code),
    late: (_, from, to) => late.push({ from, to }),
  });
  const value = (name: string, given: number, time: number, historical = false): HostValue => ({
    definition: { name, datatype: 10, unit: null, point: index.get(name) ?? -1 },
    value: given,
    time,
    historical,
  });
  const take = (values: HostValue[], fromBirth = false) => ingest.take(station, values, fromBirth);
  const current = (name: string) => ({
    value: columns.values[index.get(name)!]![row],
    quality: columns.qualities[index.get(name)!]![row],
    time: columns.times[index.get(name)!]![row],
  });
  const lastMessage = () => columns.lastMessage[row];
  return { clock, faults, rates, frames, touched, late, station, value, take, current, lastMessage };
}
