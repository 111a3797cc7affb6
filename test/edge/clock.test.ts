import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Delivery } from '#edge/delivery.ts';
import { createGateway, takeInputs } from '#edge/gateway.ts';
import type { DatedValues } from '#edge/node/messages.ts';
import type { EdgeSession } from '#edge/node/session.ts';
import { FrameQueue } from '#edge/queue/queue.ts';
import { Replayer } from '#edge/replay.ts';
import { VirtualClock } from '#test/support/clock.ts';
import { until } from '#test/support/until.ts';
import { templateById } from '#twin/catalogue/template.ts';

const ROOM = templateById('tank:LO3');
const DAY = 86_400_000;
const KEEP = 120_000;
const REPORT = 2000;

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'shuijing-clock-'));
});
afterEach(() => rm(dir, { recursive: true }));

/** A gateway whose wall clock a test sets wrong, and what of its values the far end got. */
async function aGateway() {
  const steady = new VirtualClock();
  const wall = { offset: 0 };
  const delivery = new Delivery(1, KEEP);
  const queue = await FrameQueue.open({
    dir,
    stepsOf: () => ROOM.points.map(({ resolution }) => resolution),
    maxBytes: 1e9,
    maxAgeMs: 2 * DAY,
    syncMs: 1,
    segmentBytes: 10_000,
    now: steady.now,
    isUnsent: (station, time) => delivery.isUnsent(station, time),
    onError: (error) => {
      throw error;
    },
  });
  const fail = (message: string) => expect.unreachable(message);
  const replayer = new Replayer(queue, delivery, { now: Date.now, valuesPerSecond: 1e7, onError: fail });
  const got: { key: string; at: number; historical: boolean }[] = [];
  const link = { up: true };
  const session = {
    backlog: 0,
    send(frames: readonly DatedValues[], historical: boolean) {
      if (!link.up) return false;
      for (const { time, points } of frames)
        for (const point of points) got.push({ key: `${point}@${time}`, at: steady.time, historical });
      return true;
    },
  };
  const gateway = createGateway(
    { number: 0, wire: 0, code: 'SM-1', template: ROOM.id },
    1,
    () => session as unknown as EdgeSession,
  );
  const produced: string[] = [];
  const append = queue.append.bind(queue);
  queue.append = (frame) => {
    for (const point of frame.points) produced.push(`${point}@${frame.time}`);
    return append(frame);
  };
  let sample = 0;
  return {
    queue,
    produced,
    got,
    setClock(wrong: number) {
      wall.offset = wrong;
    },
    /** So many reporting intervals of life, segments forgotten on the way as the gateway's process does. */
    async live(reports: number) {
      for (let k = 0; k < reports; k++) {
        steady.pass(REPORT);
        sample++;
        const values = Float64Array.from(
          ROOM.points,
          ({ resolution }, i) => ((sample + i) % 50) * 10 * resolution,
        );
        const before = queue.counters.appended;
        takeInputs(gateway, steady.time + wall.offset, values, {
          queue,
          delivery,
          reportMs: REPORT,
          steady: steady.now,
        });
        await until('the frame', () => queue.counters.appended > before);
        await queue.forgetBefore(
          Math.min(delivery.neededFrom(0, steady.time), steady.time - KEEP),
          (station, time) => delivery.isWaiting(station, time, steady.time),
        );
      }
    },
    /** The link breaks: what was sent in the half minute before never arrived. */
    breakLink() {
      const lost = got.findIndex(({ at }) => at > steady.time - 30_000);
      if (lost >= 0) got.splice(lost);
      link.up = false;
      delivery.doubt(0, steady.time);
    },
    async mend() {
      link.up = true;
      replayer.request(gateway);
      await until('the replay', () => delivery.unsent[0] === 0);
      await replayer.stop();
    },
    close: () => queue.close(),
  };
}

describe.each([
  ['a day ahead', DAY],
  ['a day behind', -DAY],
])('a clock that is %s and is set right', (_, wrong) => {
  test('loses nothing and doubles nothing on a link that holds; values keep the order they were produced in', async () => {
    const { live, setClock, produced, got, close } = await aGateway();
    await live(30);
    setClock(wrong);
    await live(30);
    setClock(0);
    await live(30);
    expect(got.map(({ key }) => key)).toEqual(produced);
    expect(new Set(produced).size).toBe(produced.length);
    expect(got.some(({ historical }) => historical)).toBe(false);
    await close();
  });

  test.each([
    ['while it is wrong', 20, 0],
    ['just after it was set right', 30, 3],
    ['half a minute after it was set right', 30, 15],
  ])('loses nothing when the link breaks %s', async (_when, wrongFor, rightFor) => {
    const { live, setClock, produced, got, breakLink, mend, close } = await aGateway();
    await live(100);
    setClock(wrong);
    await live(wrongFor);
    if (rightFor > 0) setClock(0);
    await live(rightFor);
    breakLink();
    await live(10);
    setClock(0);
    await live(10);
    await mend();
    const arrived = new Set(got.map(({ key }) => key));
    expect(produced.filter((key) => !arrived.has(key))).toEqual([]);
    expect(arrived.size).toBe(produced.length);
    // what came twice came twice as the same value of the same time, the second time as history
    const sentLive = got.filter(({ historical }) => !historical).map(({ key }) => key);
    expect(new Set(sentLive).size).toBe(sentLive.length);
    await close();
  });
});

test('a gateway forgets what arrived, whatever its clock said', async () => {
  const { live, setClock, queue, close } = await aGateway();
  await live(50);
  setClock(DAY);
  await live(50);
  setClock(0);
  const before = queue.counters.bytes;
  await live(300);
  expect(queue.counters.bytes).toBeLessThan(2 * before + 20_000);
  await close();
});
