import { expect, test } from 'vitest';
import { signal, signalDriver } from '#edge/drivers/signal.ts';
import { VirtualClock } from '#test/support/clock.ts';
import { until } from '#test/support/until.ts';
import { templateById } from '#twin/catalogue/template.ts';

const ROOM = templateById('tank:LO3');

test('a signal stays in the range of its point and moves', () => {
  const start = Date.UTC(2026, 5, 1);
  for (const point of ROOM.points) {
    const values = Array.from({ length: 600 }, (_, k) => signal(point, start + k * 1000));
    expect(Math.min(...values)).toBeGreaterThanOrEqual(point.min);
    expect(Math.max(...values)).toBeLessThanOrEqual(point.max);
    if (point.type !== 'code') expect(new Set(values).size).toBeGreaterThan(1);
  }
});

test('its driver gives images of one station and has no log', async () => {
  const clock = new VirtualClock();
  const driver = signalDriver('SM-1', ROOM.id, clock.now);
  expect((await driver.describe()).stations).toEqual([{ code: 'SM-1', template: ROOM.id }]);
  const images: { time: number; length: number }[] = [];
  driver.onInputs((time, station, values) => images.push({ time, length: station + values.length }));
  await until('an image', () => images.length > 0);
  expect(images[0]).toEqual({ time: clock.time, length: ROOM.points.length });
  expect(await driver.log(0)).toMatchObject({ times: [] });
  await driver.close();
});
