import { expect, test } from 'vitest';
import { newNode } from '#server/sparkplug/nodeTable.ts';
import { VirtualClock } from '#test/support/clock.ts';
import { DataType } from '#twin/wire/sparkplug/datatypes.ts';
import { aCity } from './aCity.ts';

const POINT = 'LO/P_OUT';

/** Two nodes of one id in two groups, each born, the true one last. */
function twoSpeakers() {
  const clock = new VirtualClock();
  const city = aCity(clock.now);
  const speaker = (group: string) => {
    const node = { ...newNode(group, 'SM-0001'), born: true };
    const definition = { name: POINT, datatype: DataType.Double, unit: null, point: -1 };
    city.events.born(node, [definition], true);
    return (value: number) =>
      city.events.values(node, [{ definition, value, time: clock.now(), historical: false }], false);
  };
  return { clock, city, invented: speaker('invented'), genuine: speaker('true') };
}

test('of two nodes of one id the first speaks for the station while it is heard, the other is counted', () => {
  const { clock, city, invented, genuine } = twoSpeakers();
  for (let k = 0; k < 5; k++) {
    clock.pass(20_000);
    invented(0.3);
    genuine(0.5);
  }
  expect(city.value(POINT)).toBe(0.3);
  expect(city.faults.totals.groupConflict).toBe(6);
});

test('one that is silent for half a minute no longer keeps the other from speaking', () => {
  const { clock, city, genuine } = twoSpeakers();
  clock.pass(30_001);
  genuine(0.5);
  expect(city.value(POINT)).toBe(0.5);
});
