import { describe, expect, it } from 'vitest';
import { WHOLE } from '#sim/city/model.ts';
import { startCity } from '#sim/city/start.ts';
import { stepCity } from '#sim/city/step.ts';
import { plantModel } from '#test/support/plantModel.ts';
import { HOUR } from '#twin/units.ts';
import { demoCity } from '../../gis/city/demoCity.ts';

/** A Wednesday of August, 07:00 in UTC+8; with the heat wave its demand is 1.28 times that of a mean day. */
const MORNING = Date.UTC(2026, 7, 12, 7) - 8 * HOUR;
const HEAT = 1.15;
/** s: boosters find their speed, then twenty minutes of the morning peak */
const SETTLE = 600;
const LENGTH = 1800;
/** MPa below the set point that still counts as held */
const HELD = 0.02;

describe('the morning peak of a day of heat', () => {
  it('leaves every booster its pressure, and all but a few their stand-by pump', () => {
    const city = startCity(plantModel(demoCity(), 5), MORNING, 5);
    city.circumstances.demand.fill(HEAT);
    city.circumstances.whole[WHOLE.directDemand] = HEAT;
    const boosters = city.model.rooms.flatMap(({ booster, station }, i) => (booster ? [{ i, station }] : []));
    const short = new Map(boosters.map(({ station }) => [station.code, 0]));
    const standBy = new Map(short);
    const count = (of: Map<string, number>, code: string) => of.set(code, of.get(code)! + 1);
    for (let t = 0; t < LENGTH; t++) {
      stepCity(city);
      if (t < SETTLE) continue;
      for (const { i, station } of boosters) {
        const { state, pumps } = city.rooms[i]!.sets[0]!;
        if (city.boosters[i]!.outlet < state.setpoint - HELD) count(short, station.code);
        if (pumps.every(({ run }) => run === 1)) count(standBy, station.code);
      }
    }
    const often = (of: Map<string, number>) => [...of].filter(([, s]) => s > 0.05 * (LENGTH - SETTLE));
    expect(boosters.length).toBeGreaterThan(80);
    expect(often(short)).toEqual([]);
    // a booster of a pump and its stand-by may take both for a while
    expect(often(standBy).length).toBeLessThanOrEqual(2);
  }, 180_000);
});
