import { describe, expect, it } from 'vitest';
import { LabRoom } from '#client/lab/room.ts';
import { TRIALS } from '#client/lab/trials.ts';
import { MORNING } from '#test/sim/city/town.ts';
import { station } from '#test/sim/station/builder.ts';

describe('the room of the lab', () => {
  it('holds its set-point, loses it in a power cut, and gets it back', () => {
    const room = new LabRoom(station(), MORNING, 1);
    room.live(300);
    expect(room.look().time).toBe(MORNING + 300_000);
    expect(room.look().pressure[0]).toBeCloseTo(0.5, 1);
    room.begin('powerCut');
    room.live(120);
    expect(room.look().pressure[0]).toBeLessThan(0.4);
    room.end('powerCut');
    room.live(300);
    expect(room.look().pressure[0]).toBeCloseTo(0.5, 1);
  });

  it('empties its tank behind a valve that is stuck shut', () => {
    const room = new LabRoom(station(), MORNING, 1);
    const before = room.look().level;
    room.begin('valveShut');
    room.live(3600);
    expect(room.look().inflow).toBe(0);
    expect(room.look().level).toBeLessThan(before - 0.2);
  });

  it('takes every trial, together and in any room that has what it takes', () => {
    for (const kind of ['tank', 'inline'] as const) {
      const room = new LabRoom(station({ kind }), MORNING, 1);
      for (const trial of TRIALS) room.begin(trial);
      room.live(60);
      for (const trial of TRIALS) room.end(trial);
      room.live(60);
      expect(room.look().pressure.every(Number.isFinite)).toBe(true);
    }
  });

  it('is no booster', () => {
    expect(() => new LabRoom(station({ kind: 'booster' }), MORNING, 1)).toThrow(/without its mains/);
  });
});
