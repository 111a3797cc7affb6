import { describe, expect, it } from 'vitest';
import { buildCity } from '#sim/city/build.ts';
import { WHOLE } from '#sim/city/model.ts';
import { startCity } from '#sim/city/start.ts';
import { stepCity } from '#sim/city/step.ts';
import { AS_NEW } from '#sim/station/condition.ts';
import type { Station } from '#twin/model/station.ts';
import { MORNING, town } from './town.ts';

/** s */
const HALF_AN_HOUR = 1800;

describe('a booster of a city that has just been started', () => {
  it.each([40, 60, 90, 110])(
    'runs as many pumps as its staging would leave at %i m³/h, and goes on so',
    (drawn) => {
      const drawing = town();
      const street = drawing.network.nodes.find(({ id }) => id === 'N4')!;
      if (street.kind === 'junction') street.demands = [{ base: drawn, pattern: 'flat' }];
      const city = startCity(buildCity(drawing, { seed: 3 }), MORNING, 3);
      const [set] = city.rooms[city.model.roomOf.get('SM-B01')!]!.sets;
      const begun = set!.state.wanted;
      expect(Math.abs(set!.state.pressure - set!.state.setpoint)).toBeLessThan(0.02);
      for (let t = 0; t < 600; t++) {
        stepCity(city);
        expect(set!.state.wanted, `after ${t} s`).toBe(begun);
      }
    },
  );
});

describe('a booster whose zone draws more than one pump gives', () => {
  it('brings the second in without a leap of the pressure, and keeps it', () => {
    const drawing = town();
    const street = drawing.network.nodes.find(({ id }) => id === 'N4')!;
    if (street.kind === 'junction') street.demands = [{ base: 110, pattern: 'flat' }];
    const city = startCity(buildCity(drawing, { seed: 3 }), MORNING, 3);
    const booster = city.rooms[city.model.roomOf.get('SM-B01')!]!;
    const [set] = booster.sets;
    const running = () => set!.pumps.filter(({ run }) => run === 1).length;
    city.circumstances.whole[WHOLE.directDemand] = 0.4;
    for (let t = 0; t < HALF_AN_HOUR; t++) stepCity(city);
    expect(running()).toBe(1);
    const starts = set!.pumps.reduce((sum, pump) => sum + pump.starts, 0);
    let highest = 0;
    let lowest = 1;
    // an hour's growth of a morning
    for (let t = 0; t < 2 * HALF_AN_HOUR; t++) {
      city.circumstances.whole[WHOLE.directDemand] = 0.4 + (0.6 * t) / (2 * HALF_AN_HOUR);
      stepCity(city);
      highest = Math.max(highest, set!.state.pressure);
      lowest = Math.min(lowest, set!.state.pressure);
    }
    expect(running()).toBe(2);
    expect(set!.pumps.reduce((sum, pump) => sum + pump.starts, 0)).toBe(starts + 1);
    expect(highest).toBeLessThan(set!.state.setpoint + 0.05);
    expect(lowest).toBeGreaterThan(set!.state.setpoint - 0.06);
  });

  it('keeps it as well where its controller takes the pumps for more worn than they are', () => {
    const drawing = town();
    const street = drawing.network.nodes.find(({ id }) => id === 'N4')!;
    if (street.kind === 'junction') street.demands = [{ base: 90, pattern: 'flat' }];
    const pumps = [1, 2].map(() => ({ ...AS_NEW.pump, head: 0.9 }));
    const condition = { ...AS_NEW, sets: [{ pumps }] };
    const truth = ({ kind }: Station) => (kind === 'booster' ? { condition } : {});
    const city = startCity(buildCity(drawing, { seed: 3, truth }), MORNING, 3);
    const [set] = city.rooms[city.model.roomOf.get('SM-B01')!]!.sets;
    const startsOf = () => set!.pumps.reduce((sum, pump) => sum + pump.starts, 0);
    for (let t = 0; t < HALF_AN_HOUR; t++) stepCity(city);
    const before = startsOf();
    for (let t = 0; t < 2 * HALF_AN_HOUR; t++) stepCity(city);
    expect(set!.state.wanted).toBe(2);
    expect(startsOf()).toBe(before);
  });
});
