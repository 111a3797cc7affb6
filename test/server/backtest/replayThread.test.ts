import { describe, expect, it } from 'vitest';
import { openReplay } from '#server/backtest/replayThread.ts';
import { aRule, BEGIN, rulesOf } from '#test/twin/alarm/timeline.ts';

describe('a replay in a thread of its own', () => {
  const setting = {
    sets: [rulesOf(aRule())],
    interval: 2000,
    from: BEGIN,
    stations: {},
    areas: {},
    motors: {},
  };
  const stride = { recorded: [], until: BEGIN + 2000 };

  it('plays until it is ended', async () => {
    const replay = openReplay(setting, new AbortController().signal);
    expect(await replay.play(stride)).toEqual([[]]);
    await replay.end();
    await expect(replay.play(stride)).rejects.toThrow('the thread of the replay ended');
  });

  it('that is cancelled between two stretches refuses the next', async () => {
    const cancel = new AbortController();
    const replay = openReplay(setting, cancel.signal);
    await replay.play(stride);
    cancel.abort();
    await replay.end();
    await expect(replay.play(stride)).rejects.toThrow('the thread of the replay ended');
  });

  it('that is cancelled before it is opened never plays', async () => {
    const replay = openReplay(setting, AbortSignal.abort());
    await expect(replay.play(stride)).rejects.toThrow('the thread of the replay ended');
  });
});
