import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmdirSync, truncateSync } from 'node:fs';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { Delivery, loadDelivery, saveDelivery } from '#edge/delivery.ts';
import { createGateway, takeInputs } from '#edge/gateway.ts';
import type { EdgeSession } from '#edge/node/session.ts';
import { numberStations } from '#edge/numbering.ts';
import { FrameQueue } from '#edge/queue/queue.ts';
import { templateById } from '#twin/catalogue/template.ts';

const ROOM = templateById('tank:LO3');
const START = Date.UTC(2026, 5, 1);
const disk = mkdtempSync(join(tmpdir(), 'shuijing-full-'));
const refused = mount();

/** A real file system of 512 kB; why there is none on a machine that refuses to mount one. */
function mount(): string | undefined {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=512k', 'tmpfs', disk], { stdio: 'pipe' });
    return undefined;
  } catch (error) {
    return (error as Error).message.trim().split('\n').at(-1);
  }
}

afterAll(() => {
  if (refused === undefined) execFileSync('umount', [disk]);
  rmdirSync(disk);
});

const why = refused === undefined ? '' : ` (left out: this machine mounts no file system for us: ${refused})`;

describe.skipIf(refused !== undefined)(`on a full disk${why}`, () => {
  const told: string[] = [];
  const ballast = join(disk, 'ballast');
  const path = join(disk, 'queue');
  beforeEach(async () => {
    told.length = 0;
    for (const name of await readdir(disk)) await rm(join(disk, name), { recursive: true });
  });
  const openQueue = () =>
    FrameQueue.open({
      dir: path,
      stepsOf: () => ROOM.points.map(({ resolution }) => resolution),
      maxBytes: 1e9,
      maxAgeMs: 1e12,
      syncMs: 1,
      segmentBytes: 20_000,
      now: () => START,
      isUnsent: () => true,
      onError: ({ message }) => told.push(message),
    });
  const frame = (k: number) => ({
    station: 0,
    time: START + k * 2000,
    points: Uint16Array.from(ROOM.points, ({ index }) => index),
    values: Float64Array.from(ROOM.points, ({ resolution }, i) => ((k + i) % 50) * resolution),
  });
  /** Fills the disk to its last byte. */
  const fill = () => writeFile(ballast, new Uint8Array(1e6)).catch(() => undefined);
  async function contents(queue: FrameQueue): Promise<{ k: number; values: number[] }[]> {
    const seen: { k: number; values: number[] }[] = [];
    await queue.replay(0, Number.POSITIVE_INFINITY, ({ time, values }) => {
      seen.push({ k: (time - START) / 2000, values: [...values].map((value) => Math.round(value * 1e6)) });
    });
    return seen;
  }
  const expected = (ks: readonly number[]) =>
    ks.map((k) => ({ k, values: [...frame(k).values].map((value) => Math.round(value * 1e6)) }));

  test('what was produced stays, what was not synced was not produced, and it goes on when there is room', async () => {
    const queue = await openQueue();
    const kept: number[] = [];
    const append = async (from: number, to: number) => {
      for (let k = from; k < to; k++) if (await queue.append(frame(k))) kept.push(k);
    };
    await append(0, 50);
    await writeFile(ballast, new Uint8Array(300_000));
    await append(50, 1500);
    expect(kept.length).toBeGreaterThan(200);
    expect(kept.length).toBeLessThan(1500);
    expect(told[0]).toMatch(/nothing is kept until the disk takes it again: ENOSPC/);
    expect(await contents(queue)).toEqual(expected(kept));
    truncateSync(ballast, 0);
    await append(1500, 1600);
    expect(kept.slice(-100)).toEqual(Array.from({ length: 100 }, (_, i) => 1500 + i));
    expect(await contents(queue)).toEqual(expected(kept));
    expect(queue.counters).toMatchObject({
      appended: kept.length,
      unkept: 1600 - kept.length,
      appendedValues: kept.length * ROOM.points.length,
      droppedSegments: 0,
    });
    expect(told.at(-1)).toMatch(/the disk takes again/);
    await queue.close();
    const again = await openQueue();
    expect(await contents(again)).toEqual(expected(kept));
    await again.close();
  });

  test('a gateway that starts on it has everything that was there', async () => {
    const stations = [{ code: 'SM-1', template: ROOM.id }];
    await numberStations(join(disk, 'stations.json'), stations);
    const queue = await openQueue();
    for (let k = 0; k < 40; k++) await queue.append(frame(k));
    await queue.close();
    await fill();
    expect(await numberStations(join(disk, 'stations.json'), stations)).toMatchObject([{ number: 0 }]);
    const again = await openQueue();
    expect((await contents(again)).map(({ k }) => k)).toEqual(Array.from({ length: 40 }, (_, k) => k));
    await again.close();
  });

  test('the marks of what arrived are the old ones or the new ones, never half', async () => {
    const marks = join(disk, 'delivery.json');
    const old = { 'SM-1': { neededFrom: 5, bdSeq: 7, filled: true } };
    await saveDelivery(marks, old);
    await fill();
    const many = Object.fromEntries(
      Array.from({ length: 500 }, (_, i) => [`SM-${i}`, { neededFrom: null, bdSeq: 8, filled: true }]),
    );
    await expect(saveDelivery(marks, many)).rejects.toThrow('ENOSPC');
    expect(await loadDelivery(marks)).toEqual(old);
    expect(await readdir(disk)).not.toContain('delivery.json.new');
    await rm(ballast);
    await saveDelivery(marks, many);
    expect(JSON.parse(await readFile(marks, 'utf8'))).toEqual(many);
  });

  test('without a session and without a disk, what stands then is told as soon as one of them is back', async () => {
    const queue = await openQueue();
    const delivery = new Delivery(1, 60_000);
    const gateway = createGateway(
      { number: 0, wire: 0, code: 'SM-1', template: ROOM.id },
      1,
      () => ({ send: () => false }) as unknown as EdgeSession,
    );
    const still = Float64Array.from(ROOM.points, ({ resolution }) => 20 * resolution);
    const sample = async (k: number) => {
      const before = queue.counters.appended + queue.counters.unkept;
      takeInputs(gateway, START + k * 2000, still, { queue, delivery, reportMs: 2000, steady: () => START });
      while (queue.counters.appended + queue.counters.unkept === before)
        await new Promise((done) => setTimeout(done, 1));
      await new Promise((done) => setImmediate(done));
    };
    await fill();
    await sample(0);
    expect(delivery.unsent[0]).toBe(0);
    await rm(ballast);
    await sample(1);
    expect(delivery.unsent[0]).toBe(1);
    const [first] = await contents(queue);
    expect([first!.k, first!.values.length]).toEqual([1, ROOM.points.length]);
    await queue.close();
  });
});
