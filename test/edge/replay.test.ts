import { mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Delivery } from '#edge/delivery.ts';
import type { Gateway } from '#edge/gateway.ts';
import type { DatedValues } from '#edge/node/messages.ts';
import { FrameQueue } from '#edge/queue/queue.ts';
import { Replayer } from '#edge/replay.ts';
import { until } from '#test/support/until.ts';

const KEEP = 60_000;
const POINTS = 10;
const FRAMES = 400;

describe('a replay', () => {
  let dir: string;
  let queue: FrameQueue;
  let delivery: Delivery;
  let replayer: Replayer;
  let told: string[];
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'shuijing-replay-'));
    delivery = new Delivery(2, KEEP);
    told = [];
    queue = await openQueue();
    replayer = aReplayer();
    for (const station of [0, 1])
      await Promise.all(Array.from({ length: FRAMES }, (_, k) => queue.append(frame(station, k))));
  });
  afterEach(async () => {
    await replayer.stop();
    await queue.close();
    await rm(dir, { recursive: true });
  });

  const openQueue = () =>
    FrameQueue.open({
      dir,
      stepsOf: () => new Array(POINTS).fill(1),
      maxBytes: 1e8,
      maxAgeMs: 1e12,
      now: Date.now,
      syncMs: 1,
      isUnsent: () => false,
      onError: (error) => {
        throw error;
      },
    });
  const aReplayer = () =>
    new Replayer(queue, delivery, {
      now: Date.now,
      valuesPerSecond: 1e7,
      onError: (message) => told.push(message),
    });

  const frame = (station: number, time: number) => ({
    station,
    time,
    points: Uint16Array.from({ length: POINTS }, (_, i) => i),
    values: new Float64Array(POINTS).fill(time),
  });

  /** A gateway whose session notes what it is given; `send` may refuse. */
  function aGateway(number: number, send: (message: number) => boolean = () => true) {
    const link = { backlog: 0, messages: [] as (readonly DatedValues[])[] };
    const session = {
      get backlog() {
        return link.backlog;
      },
      send(frames: readonly DatedValues[]) {
        if (!send(link.messages.length)) return false;
        link.messages.push(frames);
        return true;
      },
    };
    return { link, gateway: { number, session } as unknown as Gateway };
  }
  const timesOf = (link: { messages: (readonly DatedValues[])[] }) =>
    link.messages.flat().map(({ time }) => time);
  const done = (station: number) => () => delivery.replayFrom[station] === Number.POSITIVE_INFINITY;
  const all = Array.from({ length: FRAMES }, (_, k) => k);

  test('that began without a session is done again, though the session is born while it fails', async () => {
    let born = false;
    const { link, gateway } = aGateway(0, () => {
      if (born) return true;
      // the birth comes between the first message that is refused and the end of the pass
      born = true;
      replayer.request(gateway);
      return false;
    });
    delivery.notSent(0, 0);
    delivery.notSent(0, FRAMES - 1);
    replayer.request(gateway);
    await until('everything is sent', () => new Set(timesOf(link)).size === FRAMES, 5000);
    await until('nothing is owed', () => !delivery.owes(0));
    expect(delivery.unsent[0]).toBe(0);
  });

  test('sends each station its own frames from its mark on, in order, many to a message', async () => {
    const [zero, one] = [aGateway(0), aGateway(1)];
    delivery.notSent(0, 0);
    delivery.notSent(0, FRAMES - 1);
    delivery.notSent(1, 300);
    replayer.request(zero.gateway);
    replayer.request(one.gateway);
    await until('the replay', () => timesOf(zero.link).length + timesOf(one.link).length === FRAMES + 100);
    expect(timesOf(zero.link)).toEqual(all);
    expect(timesOf(one.link)).toEqual(all.slice(300));
    expect(zero.link.messages.map((frames) => frames.length)).toEqual([100, 100, 100, 100]);
    await replayer.stop();
    expect([done(0)(), done(1)()]).toEqual([true, true]);
  });

  test('sends what was never sent before what is sent once more', async () => {
    const { link, gateway } = aGateway(0);
    delivery.sent(0, 0, Date.now());
    delivery.doubt(0, Date.now());
    delivery.notSent(0, 250);
    delivery.notSent(0, FRAMES - 1);
    replayer.request(gateway);
    await until('the replay', () => timesOf(link).length === FRAMES);
    expect(timesOf(link)).toEqual([...all.slice(250), ...all.slice(0, 250)]);
  });

  test('of a queue that cannot be read counts nothing as sent, and is done when it can', async () => {
    const { link, gateway } = aGateway(0);
    delivery.notSent(0, 0);
    const [segment] = (await readdir(dir)).map((name) => join(dir, name));
    await rename(segment!, `${segment}-away`);
    await mkdir(segment!);
    replayer.request(gateway);
    await until('it is told', () => told.length > 0);
    expect(told[0]).toContain('cannot be replayed');
    expect(timesOf(link)).toEqual([]);
    expect(done(0)()).toBe(false);
    await rm(segment!, { recursive: true });
    await rename(`${segment}-away`, segment!);
    await until('it is sent', () => timesOf(link).length === FRAMES);
    expect(timesOf(link)).toEqual(all);
  });

  test('sends once more what can be read although what was never sent cannot', async () => {
    const { link, gateway } = aGateway(0);
    await queue.close();
    queue = await openQueue();
    replayer = aReplayer();
    await Promise.all([FRAMES, FRAMES + 1].map((time) => queue.append(frame(0, time))));
    const [unreadable] = (await readdir(dir)).sort().map((name) => join(dir, name));
    await rm(unreadable!);
    await mkdir(unreadable!);
    delivery.notSent(0, 0);
    delivery.notSent(0, FRAMES - 1);
    delivery.sent(0, FRAMES, Date.now());
    delivery.doubt(0, Date.now());
    replayer.request(gateway);
    await until('it is told', () => told.length > 0);
    expect(timesOf(link)).toEqual([FRAMES, FRAMES + 1]);
    expect(done(0)()).toBe(false);
  });

  test('that a session refuses in the middle is done again from its start', async () => {
    let broken = true;
    const { link, gateway } = aGateway(0, (message) => !broken || message < 2);
    delivery.notSent(0, 0);
    replayer.request(gateway);
    await until('the refusal', () => link.messages.length === 2 && delivery.replayFrom[0] === 0);
    broken = false;
    link.messages = [];
    replayer.request(gateway);
    await until('the second', () => timesOf(link).length === FRAMES);
    expect(timesOf(link)).toEqual(all);
  });

  test('of a link that takes nothing lets the others go ahead, and is done when it has room again', async () => {
    const [stuck, free] = [aGateway(0), aGateway(1)];
    stuck.link.backlog = 1e6;
    delivery.notSent(0, 0);
    delivery.notSent(1, 0);
    replayer.request(stuck.gateway);
    replayer.request(free.gateway);
    await until('the free one', () => timesOf(free.link).length === FRAMES);
    expect(stuck.link.messages).toEqual([]);
    stuck.link.backlog = 0;
    await until('the other', () => timesOf(stuck.link).length === FRAMES);
    expect(timesOf(stuck.link)).toEqual(all);
  });

  test('that is stopped keeps its mark', async () => {
    const { link, gateway } = aGateway(0);
    link.backlog = 1e6;
    delivery.notSent(0, 5);
    replayer.request(gateway);
    await until('its begin', () => delivery.replayFrom[0] !== 5);
    await replayer.stop();
    expect([delivery.replayFrom[0], delivery.neededFrom(0, Date.now())]).toEqual([5, 5]);
  });

  test('of a station with nothing missing does not begin', async () => {
    const { link, gateway } = aGateway(0);
    replayer.request(gateway);
    await replayer.stop();
    expect(link.messages).toEqual([]);
  });
});
