import fc from 'fast-check';
import { expect, test } from 'vitest';
import { STRANGERS } from '#server/broker/limits.ts';
import { Strangers } from '#server/broker/strangers.ts';
import { Clocks } from '#server/ingest/clocks.ts';
import { FaultLog } from '#server/ingest/faults.ts';
import { Ingest } from '#server/ingest/ingest.ts';
import { Rates } from '#server/ingest/rates.ts';
import { jsonFeed } from '#server/mapping/feed.ts';
import { parseMapping } from '#server/mapping/read.ts';
import { RefusalLog } from '#server/refusals.ts';
import { Registry } from '#server/registry/registry.ts';
import { Unregistered } from '#server/registry/unregistered.ts';
import { VirtualClock } from '#test/support/clock.ts';
import { fakeDatabase, stationRows } from '#test/support/fakeDatabase.ts';
import { aStation } from '#test/support/stations.ts';
import { DAY } from '#twin/units.ts';

const MAPPING = `
sources:
  - topic: timed/{station}
    time: { path: $.t }
    points: [{ point: P_IN, path: $.p }]
  - topic: plain/{station}
    points: [{ point: P_IN, path: $.p }, { point: LO/P9/HZ, path: $.ninth }]
  - topic: many/{station}
    each: $.samples[*]
    time: { path: $.t }
    points: [{ point: P_IN, path: $.p }]
  - topic: named/{station}/{pump}
    points: [{ point: 'LO/{pump}/HZ', path: $.hz }]
`;

/** The feed of a city with one registered station, and what reached its columns and its history. */
async function aFeed() {
  const clock = new VirtualClock();
  const faults = new FaultLog(clock.now);
  const unregistered = new Unregistered();
  const database = fakeDatabase([[/FROM station WHERE registered/, stationRows(aStation('SM-0001'))]]);
  const registry = await Registry.load(database);
  const kept: { late: boolean; time: number; value: number }[] = [];
  const sink =
    (late: boolean) =>
    (
      _id: number,
      _template: unknown,
      time: number,
      count: number,
      _points: Uint16Array,
      values: Float64Array,
    ) => {
      for (const value of values.subarray(0, count)) kept.push({ late, time, value });
      return true;
    };
  const ingest = new Ingest({
    now: clock.now,
    history: { append: sink(false), appendLate: sink(true) },
    faults,
    rates: new Rates(),
    clocks: new Clocks(),
    interval: 2000,
    retentionMs: 3 * DAY,
    touched: () => undefined,
  });
  const refused = new RefusalLog();
  const strangers = new Strangers({
    now: clock.now,
    refused,
    understood: (group, node) => unregistered.lists(group, node),
    forgotten: (_group, node) => void unregistered.forget(node),
  });
  const feed = jsonFeed({
    sources: parseMapping('mapping.yaml', MAPPING),
    registry,
    unregistered,
    strangers,
    ingest,
    faults,
    now: clock.now,
  });
  const say = (topic: string, payload: unknown, retained = false) =>
    feed(topic, new TextEncoder().encode(JSON.stringify(payload)), retained);
  return { clock, faults, refused, unregistered, kept, feed, say };
}

test('values go to the station, each at its time; what came again counts as such', async () => {
  const { clock, faults, kept, say } = await aFeed();
  const { time } = clock;
  say('timed/SM-0001', { t: time, p: 0.3 });
  say('timed/SM-0001', { t: time, p: 0.3 });
  say('timed/SM-0001', { t: time - 60_000, p: 0.2 });
  expect(kept).toEqual([
    { late: false, time, value: 0.3 },
    { late: true, time: time - 60_000, value: 0.2 },
  ]);
  expect(faults.totals.duplicate).toBe(1);
});

test('what states no time is kept though much of it comes at one moment, equal values too', async () => {
  const { faults, kept, say } = await aFeed();
  for (let k = 0; k < 50; k++) say('plain/SM-0001', { p: 0.2 + Math.floor(k / 2) / 1000 });
  expect(new Set(kept.map(({ time }) => time)).size).toBe(50);
  expect(faults.totals.duplicate).toBe(0);
});

test('a point that the station does not have is counted, the others are taken', async () => {
  const { faults, kept, say } = await aFeed();
  say('plain/SM-0001', { p: 0.3, ninth: 50 });
  expect(kept).toHaveLength(1);
  expect(faults.totals.unknownMetric).toBe(1);
});

test('what a broker kept counts when it says of when it is', async () => {
  const { clock, kept, say } = await aFeed();
  say('plain/SM-0001', { p: 0.3 }, true);
  expect(kept).toEqual([]);
  say('timed/SM-0001', { t: clock.time - 1000, p: 0.3 }, true);
  expect(kept).toHaveLength(1);
});

test('an unknown station is listed with its values until it is adopted', async () => {
  const { kept, say, unregistered } = await aFeed();
  say('plain/SM-9', { p: 0.3 });
  say('plain/SM-9', { p: 0.31, ninth: 50 });
  expect(kept).toEqual([]);
  expect(unregistered.list()).toMatchObject([
    {
      code: 'SM-9',
      group: 'json',
      metrics: [
        { name: 'P_IN', value: '0.31' },
        { name: 'LO/P9/HZ', value: '50' },
      ],
    },
  ]);
});

test('invented stations and topics fill no memory and disturb nobody', async () => {
  const { clock, faults, refused, kept, say, unregistered } = await aFeed();
  for (let k = 0; k < 20_000; k++) {
    if (k % 2 === 0) clock.pass(1);
    say(`plain/invented-${k}`, { p: 1 });
  }
  say(`plain/${'x'.repeat(400)}`, { p: 1 });
  say(`plain/${'x'.repeat(1000)}`, { p: 1 });
  say('elsewhere/SM-0001', { p: 1 });
  say('plain/SM-0001', { p: 0.3 });
  expect(unregistered.size).toBeLessThanOrEqual(5000);
  expect(refused.totals.strangersFlooding).toBeGreaterThan(5000);
  expect(faults.totals.unreadableTopic).toBe(3);
  expect(kept).toHaveLength(1);
});

test('an invented station that says ever other names has so many and no more', async () => {
  const { clock, say, unregistered } = await aFeed();
  for (let k = 0; k < 5000; k++) {
    clock.pass(1);
    say(`named/SM-9/P${k}`, { hz: 40 });
  }
  expect(unregistered.list()[0]!.metrics).toHaveLength(1000);
});

test('a station that nobody has registered finds a place when those that were invented say nothing more', async () => {
  const { clock, say, unregistered } = await aFeed();
  for (let k = 0; k < 6000; k++) {
    clock.pass(1);
    say(`plain/invented-${k}`, { p: 1 });
  }
  say('plain/SM-9', { p: 1 });
  expect(unregistered.has('SM-9')).toBe(false);
  clock.pass(STRANGERS.unprovenMs);
  say('plain/SM-9', { p: 1 });
  expect(unregistered.has('SM-9')).toBe(true);
});

test('whatever comes is taken or counted, and never throws', async () => {
  const { feed, faults, kept, say } = await aFeed();
  const topic = fc.oneof(
    fc.constantFrom('plain/SM-0001', 'timed/SM-0001', 'plain/', 'timed/__proto__', 'plain/constructor'),
    fc.string({ unit: 'binary', maxLength: 40 }),
  );
  const payload = fc.oneof(
    fc.uint8Array({ maxLength: 100 }),
    fc
      .record({ t: fc.jsonValue(), p: fc.jsonValue() })
      .map((value) => new TextEncoder().encode(JSON.stringify(value))),
    fc
      .record({ t: fc.double(), p: fc.double() })
      .map((value) => new TextEncoder().encode(JSON.stringify(value))),
  );
  fc.assert(
    fc.property(topic, payload, fc.boolean(), (where, bytes, retained) => {
      feed(where, bytes, retained);
    }),
    { numRuns: 5000 },
  );
  expect(faults.totals.unreadablePayload).toBeGreaterThan(100);
  for (const { time } of kept) expect(Number.isFinite(time)).toBe(true);
  const before = kept.length;
  say('plain/SM-0001', { p: 0.37 });
  expect(kept.length).toBeGreaterThanOrEqual(before);
});

test('one value that cannot be read takes no other with it, one record without its time no other record', async () => {
  const { kept, faults, say } = await aFeed();
  say('plain/SM-0001', { p: 0.3, ninth: 'much' });
  expect(kept.map(({ value }) => value)).toEqual([0.3]);
  expect(faults.totals.unreadablePayload).toBe(1);
  expect(faults.newest()[0]!.detail).toContain('LO/P9/HZ: "much" is no number');
  say('many/SM-0001', {
    samples: [
      { t: 1, p: 0.31 },
      { t: 'when', p: 0.32 },
      { t: 3, p: 0.33 },
    ],
  });
  expect(kept.map(({ value }) => value)).toEqual([0.3, 0.31, 0.33]);
  expect(faults.totals.unreadablePayload).toBe(2);
});
