import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Jobs, Turns } from '#server/backtest/jobs.ts';
import { MINUTE } from '#twin/units.ts';
import type { JobState } from '#twin/wire/rules.ts';

/** Work that goes on until it is cancelled. */
const endless = (_job: JobState, cancelled: AbortSignal) =>
  new Promise<void>((_done, fail) => {
    cancelled.addEventListener('abort', () => fail(new Error('ended')));
  });

describe('jobs that take turns', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('one that nobody asks for any more ends, and the next begins', async () => {
    const turns = new Turns();
    const jobs = new Jobs<JobState>(turns);
    const others = new Jobs<JobState>(turns);
    const { job } = jobs.begin({}, endless);
    const next = others.begin({}, async () => undefined);
    for (let minute = 0; minute < 30; minute++) {
      await vi.advanceTimersByTimeAsync(MINUTE);
      expect(jobs.find(job)!.state).toBe('running');
    }
    expect(next.state).toBe('waiting');
    await vi.advanceTimersByTimeAsync(6 * MINUTE);
    expect(jobs.find(job)!.state).toBe('cancelled');
    expect(next.state).toBe('done');
  });

  it('one that fails tells why and does not hold up the next', async () => {
    const jobs = new Jobs<JobState>(new Turns());
    const failing = jobs.begin({}, () => Promise.reject(new Error('out of memory')));
    const next = jobs.begin({}, async () => undefined);
    await vi.advanceTimersByTimeAsync(0);
    expect(failing).toMatchObject({ state: 'failed', error: 'out of memory' });
    expect(next).toMatchObject({ state: 'done', progress: 1 });
  });
});
