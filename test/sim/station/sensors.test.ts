import { describe, expect, it } from 'vitest';
import { Random } from '#sim/random.ts';
import { readRoom } from '#sim/station/points.ts';
import { Sensors } from '#sim/station/sensors.ts';
import { HOUR } from '#twin/units.ts';
import { station } from './builder.ts';
import { Trial } from './trial.ts';

const { room } = new Trial(station()).run(9 * 3600);
const { template } = room.spec;
const truth = new Float64Array(template.points.length);
readRoom(room, truth);
const at = (name: string) => template.index.get(name)!;

describe('the sensors of a room', () => {
  it('read in steps of their resolution', () => {
    const readings = new Sensors(template).read(truth, 0, new Random(1));
    for (const { index, name, resolution } of template.points) {
      const steps = readings[index]! / resolution;
      expect(Math.abs(steps - Math.round(steps)), name).toBeLessThan(1e-6);
    }
  });

  it('scatter around the truth, more when the noise is scaled up, and not at all when it is off', () => {
    const spread = (scale: number) => {
      const sensors = new Sensors(template, scale);
      const random = new Random(2);
      const values = Array.from({ length: 4000 }, () => sensors.read(truth, 0, random)[at('LO/P_OUT')]!);
      const mean = values.reduce((sum, v) => sum + v, 0) / values.length;
      expect(mean).toBeCloseTo(truth[at('LO/P_OUT')]!, 3);
      return Math.sqrt(values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / values.length);
    };
    expect(spread(1)).toBeCloseTo(0.0012, 3);
    expect(spread(4)).toBeGreaterThan(0.004);
    expect(spread(0)).toBeCloseTo(0, 9);
  });

  it('read exactly zero at rest', () => {
    const resting = truth.slice();
    resting[at('LO/P3/HZ')] = 0;
    resting[at('F_IN')] = 0;
    const sensors = new Sensors(template, 10);
    const random = new Random(3);
    for (let i = 0; i < 100; i++) {
      const readings = sensors.read(resting, 0, random);
      expect(readings[at('LO/P3/HZ')]).toBe(0);
      expect(readings[at('F_IN')]).toBe(0);
    }
  });

  it('fail as sensors fail, and are repaired', () => {
    const sensors = new Sensors(template, 0);
    const random = new Random(4);
    const read = (time = 0) => sensors.read(truth, time, random)[at('L1')]!;
    const right = read();
    sensors.fault('L1', { kind: 'bias', by: 0.2 });
    expect(read()).toBeCloseTo(right + 0.2, 3);
    sensors.fault('L1', { kind: 'drift', perHour: 0.05, since: 0 });
    expect(read(10 * HOUR)).toBeCloseTo(right + 0.5, 3);
    sensors.fault('L1', { kind: 'freeze' });
    const frozen = read(11 * HOUR);
    truth[at('L1')]! += 0.3;
    expect(read()).toBe(frozen);
    truth[at('L1')]! -= 0.3;
    sensors.fault('L1', { kind: 'loss' });
    expect(read()).toBeNaN();
    sensors.fault('L1', { kind: 'spike', by: 1, chance: 0.1 });
    const spikes = Array.from({ length: 1000 }, () => read()).filter((v) => v > right + 0.5).length;
    expect(spikes).toBeGreaterThan(60);
    expect(spikes).toBeLessThan(140);
    sensors.fault('L1', { kind: 'noise', by: 0.1 });
    const errors = Array.from({ length: 1000 }, () => read() - right);
    const square = errors.reduce((sum, e) => sum + e * e, 0) / errors.length;
    expect(Math.sqrt(square)).toBeGreaterThan(0.085);
    expect(Math.sqrt(square)).toBeLessThan(0.115);
    sensors.fault('L1', null);
    expect(read()).toBe(right);
    expect(() => sensors.fault('L9', null)).toThrow(/no point L9/);
  });

  it('freeze at their first reading when there was none before', () => {
    const sensors = new Sensors(template, 0);
    const random = new Random(5);
    const rising = truth.slice();
    sensors.fault('L1', { kind: 'freeze' });
    const first = sensors.read(rising, 0, random)[at('L1')]!;
    expect(first).toBeCloseTo(truth[at('L1')]!, 3);
    rising[at('L1')]! += 0.3;
    expect(sensors.read(rising, 0, random)[at('L1')]).toBe(first);
  });

  it('have the noise that a broken one has too', () => {
    const [sound, biased] = [0, 0.2].map((by) => {
      const sensors = new Sensors(template, 3);
      if (by > 0) sensors.fault('L1', { kind: 'bias', by });
      return sensors.read(truth, 0, new Random(6)).slice();
    });
    expect(biased![at('L1')]! - sound![at('L1')]!).toBeCloseTo(0.2, 9);
    biased![at('L1')] = sound![at('L1')]!;
    expect(biased).toEqual(sound);
  });

  it('move at least thirty points in two seconds', () => {
    const trial = new Trial(station()).run(9 * 3600);
    const sensors = new Sensors(template);
    let before = new Float64Array(truth.length);
    let moved = 0;
    for (let i = 0; i < 200; i++) {
      trial.run(2);
      readRoom(trial.room, truth);
      const now = sensors.read(truth, trial.time, trial.random).slice();
      if (i > 0) moved += now.filter((value, k) => value !== before[k]).length;
      before = now;
    }
    expect(moved / 199).toBeGreaterThan(28);
  });
});

describe('the points of a room over a normal day', () => {
  it.each([station(), station({ kind: 'inline' }), station({ kind: 'booster' })])(
    'are all read, and rarely beyond their limits: $kind',
    (of) => {
      const trial = new Trial(of);
      const { template } = trial.room.spec;
      const truth = new Float64Array(template.points.length);
      const sensors = new Sensors(template);
      const beyond = new Map<string, number>();
      let checks = 0;
      trial.run(24 * 3600, (room, second) => {
        if (second < 300 || second % 20 !== 0) return;
        readRoom(room, truth);
        const readings = sensors.read(truth, trial.time, trial.random);
        checks++;
        for (const { name, index, limits } of template.points) {
          const value = readings[index]!;
          if (Number.isNaN(value)) throw new Error(`${name} is not read`);
          if (!limits) continue;
          const from = limits.relativeTo ? room.sets[0]!.state.setpoint : 0;
          const { l, ll, h, hh } = limits;
          const low = l ?? ll;
          const high = h ?? hh;
          if ((low !== undefined && value < from + low) || (high !== undefined && value > from + high))
            beyond.set(name, (beyond.get(name) ?? 0) + 1);
        }
      });
      for (const [name, count] of beyond) expect(count / checks, name).toBeLessThan(0.01);
    },
  );
});
