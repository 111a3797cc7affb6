import { describe, expect, it } from 'vitest';
import { buildCity } from '#sim/city/build.ts';
import { WHOLE } from '#sim/city/model.ts';
import { startCity } from '#sim/city/start.ts';
import { stepCity } from '#sim/city/step.ts';
import { MORNING, town } from './town.ts';

/** s */
const HALF_AN_HOUR = 1800;

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
});
