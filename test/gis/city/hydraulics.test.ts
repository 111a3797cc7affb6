import { beforeAll, describe, expect, it } from 'vitest';
import { shareOfLimit } from '#gis/city/stations/rooms.ts';
import { demandPatterns } from '#twin/demand/patterns.data.ts';
import { mpaFromMetres } from '#twin/units.ts';
import { demoCity } from './demoCity.ts';
import { type EpanetRun, runEpanet } from './epanet.ts';
import { stationMainsPressure } from './mainsPressure.ts';

const city = demoCity();
const { network } = city;
let run: EpanetRun;

beforeAll(async () => {
  run = await runEpanet(network);
});

describe('a day of the demo city in EPANET', () => {
  it('runs its 24 hours without a warning', () => {
    expect(run.warnings).toEqual([]);
    expect(run.times).toEqual(Array.from({ length: 25 }, (_, hour) => hour * 3600));
  });

  it('keeps 99 % of served nodes within 0.14–0.60 MPa at every hour', () => {
    const served = network.nodes.flatMap((node, k) =>
      node.kind === 'junction' && node.demands.some(({ base }) => base > 0) ? [k] : [],
    );
    expect(served.length).toBeGreaterThan(20_000);
    run.pressure.forEach((pressure, hour) => {
      const inRange = served.filter((k) => {
        const mpa = mpaFromMetres(pressure[k]!);
        return mpa >= 0.14 && mpa <= 0.6;
      });
      expect(inRange.length / served.length, `hour ${hour}`).toBeGreaterThan(0.99);
    });
  });

  it('never drives a main above 3 m/s', () => {
    const pipes = network.links.flatMap((link, k) => (link.kind === 'pipe' ? [k] : []));
    for (const velocity of run.velocity) {
      expect(pipes.filter((k) => velocity[k]! > 3).map((k) => run.linkIds[k])).toEqual([]);
    }
  });

  it('lets every works and every duty booster pump deliver', () => {
    network.links.forEach((link, k) => {
      if (link.kind !== 'pump' || link.status === 'closed') return;
      for (const flow of run.flow) expect(flow[k], link.id).toBeGreaterThan(0);
    });
  });

  it('gives inline rooms 0.22 MPa and more at every hour', () => {
    const inline = city.stations.filter(({ kind }) => kind === 'inline');
    for (const [code, hours] of stationMainsPressure(run, inline)) {
      expect(Math.min(...hours), code).toBeGreaterThanOrEqual(0.22);
    }
  });

  it("keeps tanks from running dry on a room's maximum day, at the hours of whoever it serves", () => {
    const rooms = city.stations.filter(({ kind }) => kind === 'tank');
    const mains = stationMainsPressure(run, rooms);
    for (const { code, tank, inlet, pattern, meanDemand } of rooms) {
      const whole = tank!.volume;
      let volume = 0.6 * whole;
      // a second day, from where the first has left it
      for (let hour = 0; hour < 48; hour++) {
        const filled = inlet.maxFlow * shareOfLimit(mains.get(code)![hour % 24]!);
        const drawn = 1.4 * meanDemand * demandPatterns[pattern]![hour % 24]!;
        volume = Math.min(whole, volume + filled - drawn);
        expect(volume / whole, `${code} at ${hour} h`).toBeGreaterThan(0.19);
      }
    }
  });

  it('gives every station its 24 hourly pressures, in MPa', () => {
    const pressures = stationMainsPressure(run, city.stations);
    expect(pressures.size).toBe(2100);
    for (const [code, hours] of pressures) {
      expect(hours, code).toHaveLength(24);
      expect(Math.min(...hours), code).toBeGreaterThan(0.05);
      expect(Math.max(...hours), code).toBeLessThan(0.7);
    }
  });
});
