import { describe, expect, test } from 'vitest';
import { templateById } from '#twin/catalogue/template.ts';
import { StationState } from '#twin/overview/columns.ts';
import { addStation, emptyState, type Place } from '#twin/state/columns.ts';
import { revive, silence, stationState, sweepStale } from '#twin/state/freshness.ts';
import { Quality } from '#twin/state/quality.ts';
import { MINUTE } from '#twin/units.ts';

const TEMPLATE = 'tank:LO3';
const { index } = templateById(TEMPLATE);
const P_OUT = index.get('LO/P_OUT')!;
const RUN = index.get('LO/P1/RUN')!;
const START = Date.UTC(2026, 5, 1);
const INTERVAL = 2000;

/** A station heard at START, with a pressure and a pump's running signal of that moment. */
function heardStation(): Place {
  const place = addStation(emptyState(), 'SM-0001', TEMPLATE);
  hear(place, START);
  for (const point of [P_OUT, RUN]) {
    place.columns.values[point]![place.row] = 1;
    place.columns.qualities[point]![place.row] = Quality.good;
    place.columns.times[point]![place.row] = START;
  }
  return place;
}
const hear = ({ columns, row }: Place, time: number) => {
  columns.lastMessage[row] = time;
};
const stateAt = ({ columns, row }: Place, now: number) =>
  stationState(columns, row, { interval: INTERVAL, now });
const sweepAt = ({ columns }: Place, now: number) => sweepStale(columns, { interval: INTERVAL, now });
const quality = ({ columns, row }: Place, point: number) => columns.qualities[point]![row];

describe('columns', () => {
  test('a station keeps its values while the columns grow around it', () => {
    const state = emptyState();
    const places = Array.from({ length: 50 }, (_, i) => addStation(state, `SM-${i}`, TEMPLATE));
    places.forEach(({ columns, row }, i) => {
      columns.values[P_OUT]![row] = i;
    });
    for (let i = 50; i < 200; i++) addStation(state, `SM-${i}`, TEMPLATE);
    places.forEach(({ columns, row }, i) => {
      expect(columns.values[P_OUT]![row]).toBe(i);
      expect(columns.codes[row]).toBe(`SM-${i}`);
    });
  });

  test('a new station has no values, bad quality and was never heard', () => {
    const { columns, row } = addStation(emptyState(), 'SM-0001', TEMPLATE);
    expect(columns.values[P_OUT]![row]).toBeNaN();
    expect(columns.qualities[P_OUT]![row]).toBe(Quality.bad);
    expect(columns.times[P_OUT]![row]).toBe(0);
    expect(stationState(columns, row, { interval: INTERVAL, now: START })).toBe(StationState.never);
  });

  test('the same station asked for again is at the same place; with another template at another', () => {
    const state = emptyState();
    const place = addStation(state, 'SM-0001', TEMPLATE);
    expect(addStation(state, 'SM-0001', TEMPLATE)).toBe(place);
    expect(addStation(state, 'SM-0001', 'tank:LO4').columns).not.toBe(place.columns);
  });
});

describe('freshness', () => {
  test('a station is live for two intervals, then stale', () => {
    const place = heardStation();
    expect(stateAt(place, START)).toBe(StationState.live);
    expect(stateAt(place, START + 4000)).toBe(StationState.live);
    expect(stateAt(place, START + 4001)).toBe(StationState.stale);
  });

  test('a death makes it offline at once, a message after that live again', () => {
    const place = heardStation();
    place.columns.offlineSince[place.row] = START + 1000;
    expect(stateAt(place, START + 1000)).toBe(StationState.offline);
    hear(place, START + 1500);
    expect(stateAt(place, START + 2000)).toBe(StationState.live);
  });

  test('an unchanged value of a live station is current until its own longest silence passed twice', () => {
    const place = heardStation();
    hear(place, START + 12_000);
    expect(sweepAt(place, START + 12_000)).toBe(0);
    hear(place, START + 12_001);
    expect(sweepAt(place, START + 12_001)).toBe(1);
    expect(quality(place, P_OUT)).toBe(Quality.stale);
    expect(quality(place, RUN)).toBe(Quality.good);
    hear(place, START + 31 * MINUTE);
    sweepAt(place, START + 31 * MINUTE);
    expect(quality(place, RUN)).toBe(Quality.stale);
  });

  test('values of a silent station are stale, and current again when it is heard in time', () => {
    const place = heardStation();
    expect(sweepAt(place, START + 5000)).toBe(2);
    hear(place, START + 6000);
    sweepAt(place, START + 6000);
    expect(quality(place, P_OUT)).toBe(Quality.good);
    expect(quality(place, RUN)).toBe(Quality.good);
  });

  test('values of a device that died are stale at once, until a later one comes', () => {
    const place = heardStation();
    silence(place.columns, P_OUT, place.row, START + 500);
    expect([quality(place, P_OUT), quality(place, RUN)]).toEqual([Quality.stale, Quality.good]);
    sweepAt(place, START + 1000);
    expect([quality(place, P_OUT), quality(place, RUN)]).toEqual([Quality.stale, Quality.good]);
    place.columns.times[P_OUT]![place.row] = START + 900;
    sweepAt(place, START + 1000);
    expect(quality(place, P_OUT)).toBe(Quality.good);
  });

  test('a device whose clock is late silences its values all the same', () => {
    const place = heardStation();
    silence(place.columns, P_OUT, place.row, START - MINUTE);
    sweepAt(place, START + 1000);
    expect(quality(place, P_OUT)).toBe(Quality.stale);
  });

  test('a death is remembered while columns grow, and a birth ends it', () => {
    const state = emptyState();
    const place = addStation(state, 'SM-0001', TEMPLATE);
    hear(place, START);
    Object.assign(place.columns.qualities[P_OUT]!, [Quality.good]);
    Object.assign(place.columns.times[P_OUT]!, [START]);
    silence(place.columns, P_OUT, place.row, START);
    const others = Array.from({ length: 50 }, (_, i) => addStation(state, `SM-1${i}`, TEMPLATE));
    for (const other of others) hear(other, START);
    sweepAt(place, START + 1000);
    expect(quality(place, P_OUT)).toBe(Quality.stale);
    revive(place.columns, P_OUT, place.row);
    sweepAt(place, START + 1000);
    expect(quality(place, P_OUT)).toBe(Quality.good);
    expect(place.columns.deadSince[P_OUT]).toBeNull();
  });

  test('a value that comes late from before its device died is stale', () => {
    const place = heardStation();
    silence(place.columns, P_OUT, place.row, START + 500);
    place.columns.qualities[P_OUT]![place.row] = Quality.good;
    place.columns.times[P_OUT]![place.row] = START + 400;
    expect(sweepAt(place, START + 1000)).toBe(1);
    expect(quality(place, P_OUT)).toBe(Quality.stale);
  });

  test('freshness does not make a bad value good, nor hide what is wrong with it', () => {
    const place = heardStation();
    place.columns.qualities[P_OUT]![place.row] = Quality.spike;
    sweepAt(place, START + MINUTE);
    hear(place, START + MINUTE);
    sweepAt(place, START + MINUTE);
    expect(quality(place, P_OUT)).toBe(Quality.spike);
  });
});
