import { describe, expect, it } from 'vitest';
import { type Priority, PriorityQueue } from '#server/database/queue.ts';

describe('the queue before the database', () => {
  it('lets what arrives go first, then readers, then background work', async () => {
    const { queue, order, hold } = bench();
    const release = hold();
    const jobs = (['background', 'read', 'ingest', 'background', 'ingest'] as Priority[]).map((priority, i) =>
      queue.run(priority, async () => void order.push(`${priority} ${i}`)),
    );
    release();
    await Promise.all(jobs);
    expect(order).toEqual(['ingest 2', 'ingest 4', 'read 1', 'background 0', 'background 3']);
  });

  it('lets nobody wait for ever', async () => {
    const { queue, order, hold, clock } = bench();
    const release = hold();
    const old = queue.run('background', async () => void order.push('old background'));
    clock.now += 10_000;
    const young = queue.run('ingest', async () => void order.push('young ingest'));
    release();
    await Promise.all([old, young]);
    expect(order).toEqual(['old background', 'young ingest']);
  });

  it('gives a place back when a job fails', async () => {
    const { queue } = bench();
    await expect(queue.run('read', async () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    await expect(queue.run('read', async () => 1)).resolves.toBe(1);
  });

  it('runs as many at once as it has places', async () => {
    const queue = new PriorityQueue(3, () => 0);
    let running = 0;
    let most = 0;
    await Promise.all(
      Array.from({ length: 10 }, () =>
        queue.run('read', async () => {
          most = Math.max(most, ++running);
          await new Promise((done) => setImmediate(done));
          running--;
        }),
      ),
    );
    expect(most).toBe(3);
  });
});

function bench() {
  const clock = { now: 0 };
  const queue = new PriorityQueue(1, () => clock.now);
  const order: string[] = [];
  const hold = () => {
    let release = () => {};
    void queue.run('ingest', () => new Promise<void>((done) => (release = done)));
    return () => release();
  };
  return { queue, order, hold, clock };
}
