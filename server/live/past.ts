import { LRUCache } from 'lru-cache';
import { OVERVIEW_COLUMNS, StationState } from '#twin/overview/columns.ts';
import { fillOverviewRow, overviewPoints, type ReadPoint } from '#twin/overview/row.ts';
import { Quality } from '#twin/state/quality.ts';
import { MINUTE } from '#twin/units.ts';
import { OVERVIEW_TOPIC, overviewResolution } from '#twin/wire/live.ts';
import { emptySheet, encodeSnapshot, type Sheet } from '#twin/wire/sheet.ts';
import type { History, LastValue } from '../history/history.ts';
import type { Registry } from '../registry/registry.ts';

/**
 * In the past a station was heard if it left a value in this time: the coarsest history, filled in from a gateway's
 * own logger, has one every five minutes.
 */
const HEARD_MS = 6 * MINUTE;

/** A minute that had to be made from the history may still change as late values arrive: it is shown this long. */
const SHOWN_MS = MINUTE;
const KEPT_MINUTES = 120;

/** The city's sheet at a past time as a snapshot message: as it was kept that minute, else from the history. */
export function pastOverview(history: History, registry: Registry): (time: number) => Promise<Uint8Array> {
  const made = new LRUCache<number, Uint8Array>({
    max: KEPT_MINUTES,
    ttl: SHOWN_MS,
    // whoever drags the time bar asks for the same minute more than once while it is being made
    fetchMethod: async (minute) =>
      encodeSnapshot(OVERVIEW_TOPIC, minute, await sheetAt(history, registry, minute), overviewResolution),
  });
  return async (time) => {
    const minute = Math.floor(time / MINUTE) * MINUTE;
    const kept = await history.getOverview(minute);
    if (kept && rowsOf(kept) === registry.stations.length) return kept.subarray(ROWS_BYTES);
    return made.forceFetch(minute);
  };
}

/** Keeps the sheet of this minute. The number of rows goes first: a sheet of fewer stations cannot be shown later. */
export async function keepOverview(history: History, minute: number, sheet: Sheet): Promise<void> {
  const message = encodeSnapshot(OVERVIEW_TOPIC, minute, sheet, overviewResolution);
  const bytes = new Uint8Array(ROWS_BYTES + message.length);
  new DataView(bytes.buffer).setUint32(0, sheet.rows, true);
  bytes.set(message, ROWS_BYTES);
  await history.putOverview(minute, bytes);
}

const ROWS_BYTES = 4;
const rowsOf = (bytes: Uint8Array): number =>
  new DataView(bytes.buffer, bytes.byteOffset, ROWS_BYTES).getUint32(0, true);

async function sheetAt(history: History, registry: Registry, time: number): Promise<Sheet> {
  const requests = registry.stations.map(({ id, place }) => {
    const { template } = place.columns;
    return { station: id, template, points: pointsOf(template) };
  });
  const states = await history.statesAt(time, requests);
  const sheet = emptySheet(registry.stations.length, OVERVIEW_COLUMNS.length);
  registry.stations.forEach(({ place, station }, row) => {
    const { template } = place.columns;
    const values = states[row]!;
    const last = values.reduce((newest, value) => Math.max(newest, value?.t ?? 0), 0);
    fillOverviewRow(sheet.values, row, template, readValues(requests[row]!.points, values), {
      state:
        last === 0 ? StationState.never : time - last <= HEARD_MS ? StationState.live : StationState.stale,
      lastMessage: last,
      tankHeight: station.tank?.height ?? Number.NaN,
      extraFlags: 0,
    });
  });
  return sheet;
}

function pointsOf(template: Parameters<typeof overviewPoints>[0]): number[] {
  const points = overviewPoints(template);
  const { inletPressure, inflow, power, mains, flood } = points;
  const all = [
    inletPressure,
    inflow,
    power,
    mains,
    flood,
    ...points.outletPressures,
    ...points.setpoints,
    ...points.outflows,
    ...points.levels,
    ...points.runs,
    ...points.faults,
  ];
  return all.filter((point) => point >= 0).sort((a, b) => a - b);
}

const readValues =
  (points: readonly number[], values: readonly (LastValue | undefined)[]): ReadPoint =>
  (point) => {
    const value = values[points.indexOf(point)];
    return value && (value.quality === Quality.good || value.quality === Quality.substituted)
      ? value.value
      : Number.NaN;
  };
