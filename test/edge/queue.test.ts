import { appendFile, mkdtemp, open, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { FrameQueue, type QueueOptions } from '#edge/queue/queue.ts';
import type { ReportFrame } from '#edge/queue/record.ts';

const START = Date.UTC(2026, 5, 1);
const frameAt = (k: number, station = 0): ReportFrame => ({
  station,
  time: START + k * 2000,
  points: Uint16Array.of(0, 1),
  values: Float64Array.of(k / 10, k),
});

let dir: string;
/** the gateway's own clock */
let clock: number;
beforeEach(async () => {
  clock = START;
  dir = await mkdtemp(join(tmpdir(), 'shuijing-queue-'));
});
afterEach(async () => {
  vi.restoreAllMocks();
  await rm(dir, { recursive: true, force: true });
});

const openQueue = (given: Partial<QueueOptions> = {}) =>
  FrameQueue.open({
    dir,
    stepsOf: () => [0.1, 1],
    maxBytes: 1e9,
    maxAgeMs: 1e12,
    now: () => clock,
    syncMs: 1,
    isUnsent: () => true,
    onError: (error) => {
      throw error;
    },
    ...given,
  });

async function timesIn(queue: FrameQueue, from = 0, to = Number.POSITIVE_INFINITY): Promise<number[]> {
  const seen: number[] = [];
  await queue.replay(from, to, ({ time }) => void seen.push((time - START) / 2000));
  return seen;
}
const range = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i);
const appendAll = (queue: FrameQueue, ks: readonly number[]) =>
  Promise.all(ks.map((k) => queue.append(frameAt(k))));

describe('the queue on disk', () => {
  test('a frame is on disk when append resolves', async () => {
    const queue = await openQueue();
    await queue.append(frameAt(1));
    const [name] = await readdir(dir);
    expect((await readFile(join(dir, name!))).length).toBeGreaterThan(0);
    expect(queue.counters.bytes).toBe((await readFile(join(dir, name!))).length);
    await queue.close();
  });

  test('append resolves after the sync, not before', async () => {
    const queue = await openQueue();
    const probe = await open(join(dir, 'probe'), 'w');
    const order: string[] = [];
    const datasync = vi.spyOn(Object.getPrototypeOf(probe), 'datasync').mockImplementation(async () => {
      await new Promise((done) => setTimeout(done, 20));
      order.push('synced');
    });
    await queue.append(frameAt(1)).then(() => order.push('resolved'));
    expect(order).toEqual(['synced', 'resolved']);
    datasync.mockRestore();
    await probe.close();
    await queue.close();
  });

  test('frames come back in order, also while others are written, and only those asked for', async () => {
    const queue = await openQueue({ segmentBytes: 200 });
    for (const k of range(0, 50)) await queue.append(frameAt(k));
    const late = appendAll(queue, range(50, 60));
    expect((await timesIn(queue)).slice(0, 50)).toEqual(range(0, 50));
    await late;
    expect(await timesIn(queue, START + 20_000, START + 30_000)).toEqual(range(10, 15));
    await queue.close();
  });

  test('what was there before a restart is there after it', async () => {
    const queue = await openQueue({ segmentBytes: 200 });
    await appendAll(queue, range(0, 20));
    await queue.close();
    const again = await openQueue({ segmentBytes: 200 });
    await again.append(frameAt(20));
    expect(await timesIn(again)).toEqual(range(0, 21));
    await again.close();
  });

  test.each([
    ['cut in its last record', (path: string, size: number) => truncate(path, size - 3)],
    ['cut in the header of its last record', (path: string, size: number) => truncate(path, size - 21)],
    [
      'ends in garbage',
      (path: string) => appendFile(path, Buffer.from([9, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8])),
    ],
    ['ends in zeros', (path: string) => appendFile(path, new Uint8Array(4096))],
  ])('a file that is %s loses nothing that was whole, and goes on', async (_what, harm) => {
    const queue = await openQueue();
    for (const k of range(0, 10)) await queue.append(frameAt(k));
    await queue.close();
    const [name] = await readdir(dir);
    await harm(join(dir, name!), (await readFile(join(dir, name!))).length);
    const again = await openQueue();
    await again.append(frameAt(10));
    const times = await timesIn(again);
    expect(times.slice(0, 9)).toEqual(range(0, 9));
    expect(times.at(-1)).toBe(10);
    await again.close();
  });

  describe('with a flipped byte on its disk', () => {
    const files = async () => (await readdir(dir)).sort().map((name) => join(dir, name));
    const flip = async (path: string, at: number) => {
      const bytes = await readFile(path);
      bytes[at]! ^= 1;
      await writeFile(path, bytes);
    };

    test.each([{}, { segmentBytes: 300 }])(
      'loses the frame it stands in, says so, and keeps all after it %o',
      async (size) => {
        const queue = await openQueue(size);
        for (const k of range(0, 30)) await queue.append(frameAt(k));
        await queue.close();
        const [path] = await files();
        await flip(path!, 100);
        const told: string[] = [];
        const again = await openQueue({ ...size, onError: ({ message }) => told.push(message) });
        for (const k of range(30, 40)) await again.append(frameAt(k));
        const missing = range(0, 40).filter((k) => k !== 4);
        expect(await timesIn(again)).toEqual(missing);
        expect(told).toHaveLength(1);
        expect(told[0]).toMatch(/0000000001\.q is damaged: 2\d of \d+ bytes are no records/);
        expect(again.counters.damagedBytes).toBeGreaterThan(20);
        await again.close();
        expect((await readFile(path!)).length).toBeGreaterThan(200);
      },
    );

    test('also in the last frame of a segment that others follow: what stands there was acknowledged', async () => {
      const queue = await openQueue({ segmentBytes: 100 });
      for (const k of range(0, 20)) await queue.append(frameAt(k));
      await queue.close();
      const [path] = await files();
      const { length } = await readFile(path!);
      await flip(path!, length - 1);
      const told: string[] = [];
      const again = await openQueue({ segmentBytes: 100, onError: ({ message }) => told.push(message) });
      expect(told).toHaveLength(1);
      expect(await timesIn(again)).toHaveLength(19);
      expect(again.counters.damagedBytes).toBeGreaterThan(20);
      await again.close();
      expect((await readFile(path!)).length).toBe(length);
    });

    test('that flips while the queue is open it is told once, however often it is read', async () => {
      const told: string[] = [];
      const queue = await openQueue({ onError: ({ message }) => told.push(message) });
      for (const k of range(0, 30)) await queue.append(frameAt(k));
      await flip((await files())[0]!, 100);
      for (let replay = 0; replay < 3; replay++) expect(await timesIn(queue)).toHaveLength(29);
      expect(told).toHaveLength(1);
      await queue.close();
    });
  });

  test('a file that is there is never written over, whoever made it', async () => {
    const queue = await openQueue({ segmentBytes: 100, onError: () => undefined });
    const theirs = join(dir, '0000000003.q');
    await writeFile(theirs, 'somebody else wrote this');
    const kept: boolean[] = [];
    for (const k of range(0, 20)) kept.push(await queue.append(frameAt(k)));
    expect(await readFile(theirs, 'utf8')).toBe('somebody else wrote this');
    expect(kept.filter((is) => !is)).toHaveLength(1);
    expect(await timesIn(queue)).toEqual(range(0, 20).filter((k) => kept[k]));
    await queue.close();
  });

  test('bounded in bytes: the oldest goes, and what was never sent is counted', async () => {
    const queue = await openQueue({ maxBytes: 1000, isUnsent: (_station, time) => time >= START + 20_000 });
    for (const k of range(0, 100)) await queue.append(frameAt(k));
    const kept = await timesIn(queue);
    expect(queue.counters.bytes).toBeLessThanOrEqual(1000);
    expect(kept).toEqual(range(100 - kept.length, 100));
    expect(kept.length).toBeGreaterThan(10);
    expect(queue.counters.droppedUnsent).toBe(100 - kept.length - 10);
    const sizes = await Promise.all((await readdir(dir)).map((name) => readFile(join(dir, name))));
    expect(sizes.reduce((sum, { length }) => sum + length, 0)).toBe(queue.counters.bytes);
    await queue.close();
  });

  test('bounded in age', async () => {
    const queue = await openQueue({ segmentBytes: 100, maxAgeMs: 20_000 });
    for (const k of range(0, 50)) {
      clock = START + k * 2000;
      await queue.append(frameAt(k));
    }
    const kept = await timesIn(queue);
    expect(kept.at(-1)).toBe(49);
    expect(kept[0]).toBeGreaterThanOrEqual(36);
    expect(kept[0]).toBeLessThanOrEqual(39);
    await queue.close();
  });

  test('a device whose clock is days ahead neither ages nor keeps the frames of the others', async () => {
    const queue = await openQueue({ segmentBytes: 100, maxAgeMs: 1e6 });
    await queue.append(frameAt(0));
    await queue.append({ ...frameAt(1), time: START + 3 * 86_400_000 });
    for (const k of range(2, 30)) await queue.append(frameAt(k));
    expect(await timesIn(queue, START, START + 60_000)).toEqual([0, ...range(2, 30)]);
    clock = START + 60_000;
    for (const k of range(30, 40)) await queue.append(frameAt(k));
    await queue.forgetBefore(START + 55_000, () => false);
    expect((await timesIn(queue))[0]).toBeGreaterThan(20);
    await queue.close();
  });

  test('frames of a clock that is ahead stay as long as they are needed', async () => {
    const queue = await openQueue({ segmentBytes: 100, maxAgeMs: 1e6 });
    const ahead = (k: number) => ({ ...frameAt(k), time: START + 3_600_000 + 2000 * k });
    for (const k of range(0, 30)) await queue.append(ahead(k));
    clock = START + 600_000;
    const count = async () => (await timesIn(queue, START, START + 7_200_000)).length;
    await queue.forgetBefore(START + 480_000, (_, time) => time >= START + 3_600_000);
    expect(await count()).toBe(30);
    await queue.forgetBefore(START + 480_000, () => false);
    expect(await count()).toBeLessThan(10);
    await queue.close();
  });

  test('what was sent and kept long enough is forgotten without being counted as dropped', async () => {
    const queue = await openQueue({ segmentBytes: 100 });
    for (const k of range(0, 50)) {
      clock = START + k * 2000;
      await queue.append(frameAt(k));
    }
    await queue.forgetBefore(START + 60_000, () => false);
    const kept = await timesIn(queue);
    expect(kept.at(-1)).toBe(49);
    expect(kept[0]).toBeGreaterThan(25);
    expect(kept).toContain(30);
    expect(queue.counters.droppedUnsent).toBe(0);
    await queue.close();
  });

  describe('on a disk that fails', () => {
    /** Lets the next writes fail with this code, after `half` bytes of each. */
    async function failWrites(code: string, times: number) {
      const probe = await open(join(dir, 'probe'), 'w');
      const prototype = Object.getPrototypeOf(probe);
      await probe.close();
      await rm(join(dir, 'probe'));
      const write = vi.spyOn(prototype, 'writeFile');
      for (let i = 0; i < times; i++) {
        write.mockImplementationOnce(async function (this: { write(bytes: Uint8Array): Promise<unknown> }) {
          await this.write(Uint8Array.of(77, 0, 0, 0, 1));
          throw Object.assign(new Error(`${code}: a disk that fails`), { code });
        } as never);
      }
    }

    test('appends still resolve, the failures are told, and nothing but the failed batches is missing', async () => {
      const errors: string[] = [];
      const queue = await openQueue({ onError: ({ message }) => errors.push(message) });
      for (const k of range(0, 5)) await queue.append(frameAt(k));
      await failWrites('EIO', 2);
      await queue.append(frameAt(5));
      await queue.append(frameAt(6));
      for (const k of range(7, 10)) await queue.append(frameAt(k));
      expect(errors).toHaveLength(2);
      expect(queue.counters.failedSyncs).toBe(2);
      expect(await timesIn(queue)).toEqual([...range(0, 5), ...range(7, 10)]);
      await queue.close();
      const again = await openQueue();
      expect(await timesIn(again)).toEqual([...range(0, 5), ...range(7, 10)]);
      await again.close();
    });

    test.each(['EIO', 'ENOSPC'])('%s gives up nothing that was produced', async (code) => {
      const queue = await openQueue({ segmentBytes: 100, onError: () => undefined });
      for (const k of range(0, 20)) expect(await queue.append(frameAt(k))).toBe(true);
      await failWrites(code, 1);
      expect(await queue.append(frameAt(20))).toBe(false);
      expect(await queue.append(frameAt(21))).toBe(true);
      expect(await timesIn(queue)).toEqual([...range(0, 20), 21]);
      expect(queue.counters).toMatchObject({ appended: 21, unkept: 1, unkeptValues: 2, droppedSegments: 0 });
      await queue.close();
    });

    test('long trouble is told when it begins, once a minute, and when it is over', async () => {
      const told: string[] = [];
      const queue = await openQueue({ onError: ({ message }) => told.push(message) });
      await failWrites('ENOSPC', 90);
      for (const k of range(0, 90)) {
        clock = START + k * 1000;
        await queue.append(frameAt(k));
      }
      await queue.append(frameAt(90));
      expect(told).toHaveLength(3);
      expect(told[0]).toContain('nothing is kept until the disk takes it again: ENOSPC');
      expect(told[2]).toBe('the disk takes again; 90 frames of 180 values were not kept');
      await queue.close();
    });

    test('a disk that fails for long fills no folder with empty files', async () => {
      const queue = await openQueue({ onError: () => undefined });
      await queue.append(frameAt(0));
      await failWrites('EIO', 30);
      for (const k of range(1, 31)) await queue.append(frameAt(k));
      await queue.append(frameAt(31));
      expect(await timesIn(queue)).toEqual([0, 31]);
      expect((await readdir(dir)).length).toBeLessThanOrEqual(3);
      await queue.close();
    });

    test('a folder that was removed is made again', async () => {
      const queue = await openQueue({ segmentBytes: 60, onError: () => undefined });
      await queue.append(frameAt(0));
      await rm(dir, { recursive: true });
      for (const k of range(1, 8)) await queue.append(frameAt(k));
      expect((await timesIn(queue)).at(-1)).toBe(7);
      await queue.close();
    });
  });
});
