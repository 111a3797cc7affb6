import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Clocks } from '#server/ingest/clocks.ts';
import { fakeDatabase } from '#test/support/fakeDatabase.ts';
import { Quality } from '#twin/state/quality.ts';
import { DAY, MINUTE } from '#twin/units.ts';
import { anIngest } from './anIngest.ts';

const STATION = 7;
const REPORT_MS = 2000;

/** A gateway `ahead` ms ahead that reported `count` times; its messages took `way` ms. Says what each stated. */
function reports(scene: ReturnType<typeof anIngest>, ahead: number, count: number, way = 100): number[] {
  const { clock, take, value } = scene;
  return Array.from({ length: count }, (_, k) => {
    clock.pass(REPORT_MS);
    const stated = clock.now() - way + ahead;
    take([value('LO/P_OUT', k / 100, stated)]);
    return stated;
  });
}

const times = ({ frames }: ReturnType<typeof anIngest>, kind: 'live' | 'late') =>
  frames.filter((frame) => frame.kind === kind).map(({ time }) => time);

/** A database that keeps what is known of clocks. */
function clockStore() {
  let saved: unknown[] = [];
  return fakeDatabase([
    [
      /INSERT INTO station_clock/,
      ([rows]) => {
        saved = JSON.parse(String(rows)) as unknown[];
        return [];
      },
    ],
    [/SELECT station, steps/, () => saved],
  ]);
}

describe('a clock that is a day ahead', () => {
  test('counts from its first live value on: times keep their order and their distances', () => {
    const scene = anIngest();
    const stated = reports(scene, DAY, 5);
    const kept = times(scene, 'live');
    expect(kept.map((time) => time - kept[0]!)).toEqual(stated.map((time) => time - stated[0]!));
    expect(kept[0]).toBe(scene.clock.now() - 4 * REPORT_MS);
    expect(scene.current('LO/P_OUT')).toMatchObject({ value: 0.04, quality: Quality.substituted });
    expect(scene.faults.totals).toMatchObject({ futureTime: 5, clockOffset: 0, duplicate: 0 });
  });

  test('what is replayed comes to the time it was first heard at, also when the clock is right again', () => {
    const scene = anIngest();
    const stated = reports(scene, DAY, 5);
    reports(scene, 0, 3);
    scene.frames.length = 0;
    scene.take(stated.map((time, k) => scene.value('LO/P_OUT', k / 100, time, true)));
    const first = scene.clock.now() - 7 * REPORT_MS;
    expect(times(scene, 'late')).toEqual([0, 1, 2, 3, 4].map((k) => first + k * REPORT_MS));
    expect(scene.frames[0]!.qualities).toEqual([Quality.substituted]);
    expect(scene.current('LO/P_OUT').quality).toBe(Quality.good);
  });

  test('so does what nobody has heard live, measured before the first value that was heard', () => {
    const scene = anIngest();
    const [stated] = reports(scene, DAY, 1);
    scene.take([scene.value('LO/P_OUT', 0.5, stated! - MINUTE, true)]);
    expect(times(scene, 'late')).toEqual([scene.clock.now() - MINUTE]);
  });

  test('some messages that take longer, up to an hour, do not move it', () => {
    const scene = anIngest();
    const stated = [...reports(scene, DAY, 2), ...reports(scene, DAY, 2, 8000), ...reports(scene, DAY, 1)];
    const all = scene.frames.map(({ time }) => time - scene.frames[0]!.time);
    expect(all.sort((a, b) => a - b)).toEqual(stated.map((t) => t - stated[0]!).sort((a, b) => a - b));
  });

  test('and then two days: each time is moved as it was when it was stated', () => {
    const scene = anIngest();
    const one = reports(scene, DAY, 3);
    const two = reports(scene, 2 * DAY, 3);
    const before = scene.frames.map(({ time }) => time);
    scene.frames.length = 0;
    scene.take([...one, ...two].map((time) => scene.value('LO/P_OUT', 0, time, true)));
    expect(times(scene, 'late')).toEqual(before);
  });

  test('of which nothing was heard live: its history is refused and counted', () => {
    const { clock, take, value, frames, faults } = anIngest();
    take([value('LO/P_OUT', 0.5, clock.now() + DAY, true)]);
    expect(frames).toEqual([]);
    expect(faults.totals.futureTime).toBe(1);
  });

  test('one value of 2099 among others that are right changes nothing for them', () => {
    const { clock, take, value, current } = anIngest();
    for (let k = 0; k < 3; k++) {
      clock.pass(REPORT_MS);
      take([value('P_IN', 0.3, Date.UTC(2099, 0, 1) + k), value('LO/P_OUT', 0.5, clock.now())]);
      expect(current('LO/P_OUT')).toMatchObject({ quality: Quality.good, time: clock.now() });
    }
  });

  test('whatever is heard live and replayed, in any order: each report stands once, none is missing', () => {
    const heard = fc.record({ live: fc.boolean(), way: fc.nat(4000), ahead: fc.constantFrom(0, DAY) });
    fc.assert(
      fc.property(fc.array(heard, { minLength: 1, maxLength: 30 }), (steps) => {
        const scene = anIngest();
        const { clock, take, value, frames } = scene;
        // the first is heard live, else nothing is known of the clock
        reports(scene, DAY, 1);
        const stated = steps.map(({ live, way, ahead }) => {
          clock.pass(5000);
          const time = clock.now() - way + ahead;
          if (live) take([value('LO/P_OUT', 0.5, time)]);
          return time;
        });
        take(stated.map((time) => value('LO/P_OUT', 0.5, time, true)));
        const distinct = new Set(frames.map(({ time }) => time));
        expect(distinct.size).toBe(1 + stated.length);
      }),
    );
  });
});

describe('a clock hardly more than five minutes ahead', () => {
  test('is not taken for right when a message takes long, nor its history for that of a right one', () => {
    const scene = anIngest();
    reports(scene, 5 * MINUTE + 1000, 3);
    const [late] = reports(scene, 5 * MINUTE + 1000, 1, 4000);
    scene.clock.pass(10 * MINUTE);
    reports(scene, 5 * MINUTE + 1000, 1);
    const before = scene.frames.length;
    scene.take([scene.value('LO/P_OUT', 0.5, late!, true)]);
    expect(scene.frames[before]!.time).toBe(scene.frames[3]!.time);
  });
});

describe('a clock some minutes ahead that is set right', () => {
  test.each([10, 30])(
    '%i min: what was heard comes to its time again when the clock has come to what it stated',
    (minutes) => {
      const scene = anIngest();
      const stated = reports(scene, minutes * MINUTE, 30);
      const kept = times(scene, 'live');
      reports(scene, 0, 1);
      // the link breaks, and is back when real time has passed what was stated then
      scene.clock.pass((minutes + 2) * MINUTE);
      scene.frames.length = 0;
      scene.take(stated.map((time) => scene.value('LO/P_OUT', 0.5, time, true)));
      expect(times(scene, 'late')).toEqual(kept);
    },
  );

  test('what it measured rightly at such a time stays there', () => {
    const scene = anIngest();
    const [first] = reports(scene, 10 * MINUTE, 30);
    reports(scene, 0, 1);
    scene.clock.pass(12 * MINUTE);
    scene.frames.length = 0;
    scene.take([scene.value('LO/P_OUT', 0.5, first! + 1, true)]);
    expect(times(scene, 'late')).toEqual([first! + 1]);
  });

  test('once it was right for longer than it sends again, its history of such a time is its own', () => {
    const scene = anIngest();
    const stated = reports(scene, 10 * MINUTE, 30);
    for (let k = 0; k < 100; k++) {
      reports(scene, 0, 1);
      scene.clock.pass(2000);
    }
    scene.clock.pass(12 * MINUTE);
    scene.frames.length = 0;
    scene.take(stated.map((time) => scene.value('LO/P_OUT', 0.5, time, true)));
    expect(times(scene, 'late')).toEqual(stated);
  });

  test('also when another process hears it again', async () => {
    const database = clockStore();
    const clocks = new Clocks();
    const before = anIngest(clocks);
    const stated = reports(before, 10 * MINUTE, 30);
    await clocks.save(database);
    reports(before, 0, 1);
    expect(clocks.unsaved).toBe(true);
    await clocks.save(database);
    const after = anIngest(await Clocks.load(database));
    after.clock.pass(before.clock.now() - after.clock.now() + 12 * MINUTE);
    after.take(stated.map((time) => after.value('LO/P_OUT', 0.5, time, true)));
    expect(times(after, 'late')).toEqual(times(before, 'live').slice(0, 30));
  });
});

describe('what is known of the clocks', () => {
  test('is saved when it changes, and found again by another process', async () => {
    const database = clockStore();
    const clocks = new Clocks();
    const before = anIngest(clocks);
    const stated = reports(before, DAY, 3);
    expect(clocks.unsaved).toBe(true);
    await clocks.save(database);
    expect(clocks.unsaved).toBe(false);
    const after = anIngest(await Clocks.load(database));
    after.clock.pass(before.clock.now() - after.clock.now());
    after.take(stated.map((time) => after.value('LO/P_OUT', 0.5, time, true)));
    expect(times(after, 'late')).toEqual(times(before, 'live'));
  });

  test('is tried again when the database is away', async () => {
    const clocks = new Clocks();
    reports(anIngest(clocks), DAY, 1);
    const away = fakeDatabase([]);
    away.query = () => Promise.reject(new Error('away'));
    await expect(clocks.save(away)).rejects.toThrow('away');
    expect(clocks.unsaved).toBe(true);
  });

  test('is bounded: a clock that jumps at every message has its last few steps', () => {
    const clocks = new Clocks();
    const scene = anIngest(clocks);
    for (let k = 0; k < 100; k++) reports(scene, DAY + k * 10 * MINUTE, 1);
    expect(clocks.of(STATION)!.steps.length).toBeLessThanOrEqual(8);
  });
});
