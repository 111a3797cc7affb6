import { describe, expect, it } from 'vitest';
import { Random } from '#sim/random.ts';
import { settleTank } from '#sim/station/fill.ts';
import { settleRoom } from '#sim/station/settle.ts';
import { roomSpec } from '#sim/station/spec.ts';
import { newRoom } from '#sim/station/state.ts';
import type { Station } from '#twin/model/station.ts';
import { station } from './builder.ts';
import { Trial } from './trial.ts';

/** The same day twice: second by second, and in steps of five minutes on the mean demand of each. */
function twice(of: Station) {
  const live = new Trial(of);
  const settled = newRoom(roomSpec(of));
  const random = new Random(1);
  const mean = new Float64Array(of.pumpSets.length);
  for (let step = 0; step < 288; step++) {
    mean.fill(0);
    live.run(300, () => {
      for (let k = 0; k < mean.length; k++) mean[k]! += live.inputs.demand[k]! / 300;
    });
    settleRoom(settled, { ...live.inputs, demand: mean }, 300, random);
  }
  return { live: live.room, settled };
}

describe('a room brought through a day by settling', () => {
  it.each([
    ['a tank with an electric valve', station()],
    ['a tank with a float valve', station({ inlet: { kind: 'float', dn: 80, maxFlow: 20 } })],
    ['an inline room', station({ kind: 'inline' })],
    ['a booster', station({ kind: 'booster' })],
  ])('%s ends where the seconds end', (_, of) => {
    const { live, settled } = twice(of);
    const near = (a: number, b: number, share: number) =>
      expect(Math.abs(a - b) / Math.abs(b)).toBeLessThan(share);
    near(settled.sets[0]!.state.total, live.sets[0]!.state.total, 0.01);
    near(settled.state.inletTotal, live.state.inletTotal, 0.06);
    near(settled.state.energy, live.state.energy, 0.08);
    near(settled.state.chlorine, live.state.chlorine, 0.1);
    const hours = (room: typeof live) => room.sets[0]!.pumps.reduce((sum, pump) => sum + pump.runHours, 0);
    near(hours(settled), hours(live), 0.25);
    if (live.spec.tank) {
      expect(settled.state.volume / live.spec.tank.volume).toBeGreaterThan(0.5);
      expect(settled.state.volume / live.spec.tank.volume).toBeLessThan(0.9);
    }
  });

  it('balances the tank to a billionth', () => {
    for (const kind of ['electric', 'float'] as const) {
      const room = newRoom(roomSpec(station({ inlet: { kind, dn: 80, maxFlow: 20 } })));
      const start = room.state.volume;
      let balance = 0;
      for (let i = 0; i < 500; i++) {
        const out = 3 + 4 * Math.sin(i / 20);
        settleTank(room, 0.3, out, 300);
        balance += ((room.state.inflow - out) * 300) / 3600;
      }
      expect(room.state.volume).toBeCloseTo(start + balance, 9);
    }
  });

  it('goes on live without a jump', () => {
    const trial = new Trial(station());
    for (let i = 0; i < 100; i++) {
      trial.inputs.demand.fill(6);
      settleRoom(trial.room, trial.inputs, 300, trial.random);
    }
    const { energy, inletTotal } = trial.room.state;
    trial.run(60, ({ sets }) => {
      expect(Math.abs(sets[0]!.state.pressure - 0.5)).toBeLessThan(0.06);
    });
    expect(trial.room.state.energy - energy).toBeLessThan(0.1);
    expect(trial.room.state.inletTotal - inletTotal).toBeLessThan(0.5);
  });
});
