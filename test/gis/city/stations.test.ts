import { describe, expect, it } from 'vitest';
import { MAX_DAY_FACTOR } from '#gis/city/demand/nodeDemand.ts';
import { districtFacts } from '#gis/city/place.data.ts';
import { maximumHour } from '#gis/city/stations/rooms.ts';
import { parallelHead, pumpFamily } from '#twin/curves/pump.ts';
import { demandPatterns } from '#twin/demand/patterns.data.ts';
import { PRESSURE_ZONES, type Station } from '#twin/model/station.ts';
import { mpaFromMetres } from '#twin/units.ts';
import { demoCity } from './demoCity.ts';

const city = demoCity();
const rooms = city.stations.filter(({ kind }) => kind !== 'booster');
const boosters = city.stations.filter(({ kind }) => kind === 'booster');
const nodes = new Map(city.network.nodes.map((node) => [node.id, node]));
const share = (of: readonly Station[], is: (station: Station) => boolean) => of.filter(is).length / of.length;

describe('the pump rooms', () => {
  it('number 2,000, spread over the districts as proposed', () => {
    expect(rooms).toHaveLength(2000);
    for (const { code, rooms: wanted } of districtFacts) {
      expect(
        rooms.filter(({ district }) => district === code),
        code,
      ).toHaveLength(wanted);
    }
  });

  it('have unique codes of letters, digits and dashes, and names that show what they are', () => {
    expect(new Set(city.stations.map(({ code }) => code)).size).toBe(2100);
    for (const { code, name } of city.stations) {
      expect(code).toMatch(/^[A-Z]{2}-(\d{4}|B\d{2})$/);
      expect(name.zh).toMatch(/号(泵房|加压泵站)$/);
      expect(name.en).toMatch(/(pump room|booster station) \d+$/);
    }
    expect(new Set(city.stations.map(({ name }) => name.zh)).size).toBe(2100);
  });

  it('are about two thirds with a tank', () => {
    expect(share(rooms, ({ kind }) => kind === 'tank')).toBeCloseTo(0.65, 2);
    for (const { code, kind, tank, inlet } of rooms) {
      expect(tank !== undefined, code).toBe(kind === 'tank');
      expect(inlet.kind === 'none', code).toBe(kind === 'inline');
    }
  });

  it('serve log-normal numbers of homes and one to four pressure zones', () => {
    const homes = rooms.map(({ pumpSets }) => pumpSets.reduce((sum, set) => sum + set.homes, 0));
    const logs = homes.map(Math.log);
    const mean = logs.reduce((sum, v) => sum + v, 0) / logs.length;
    const spread = Math.sqrt(logs.reduce((sum, v) => sum + (v - mean) ** 2, 0) / logs.length);
    expect(Math.exp(mean)).toBeGreaterThan(295);
    expect(Math.exp(mean)).toBeLessThan(360);
    expect(spread).toBeCloseTo(0.8, 1);
    [0.35, 0.45, 0.17, 0.03].forEach((wanted, k) => {
      expect(share(rooms, ({ pumpSets }) => pumpSets.length === k + 1)).toBeCloseTo(wanted, 2);
    });
    for (const { pumpSets } of rooms) {
      expect(pumpSets.map(({ zone }) => zone)).toEqual(PRESSURE_ZONES.slice(0, pumpSets.length));
    }
  });

  it('have tanks for 15–30 % of a day and an inlet that fills them on the maximum day', () => {
    for (const { code, tank, meanDemand, inlet } of rooms) {
      expect(inlet.maxFlow, code).toBeGreaterThan(1.2 * meanDemand);
      if (!tank) continue;
      const day = meanDemand * 24;
      expect(tank.volume, code).toBeLessThan(Math.max(4.1, 0.3 * day + 0.06));
      expect(tank.volume, code).toBeGreaterThan(0.15 * day - 0.06);
    }
  });

  it('draw exactly their demand from the node they stand at', () => {
    for (const { code, node, pattern, meanDemand } of rooms) {
      const junction = nodes.get(node);
      const own =
        junction?.kind === 'junction' ? junction.demands.find((d) => d.category === code) : undefined;
      expect(own?.base, code).toBeCloseTo(meanDemand, 3);
      expect(own?.pattern, code).toBe(pattern);
      expect(demandPatterns[pattern], code).toBeDefined();
    }
  });
});

describe('the pumps of a room', () => {
  it('meet the set-point at the maximum hour with one pump standing by', () => {
    for (const { code, kind, pumpSets, meanDemand } of rooms) {
      const allHomes = pumpSets.reduce((sum, set) => sum + set.homes, 0);
      for (const { pumps, setpoint, homes } of pumpSets) {
        const duty = pumps.length - 1;
        expect(duty, code).toBeGreaterThanOrEqual(1);
        const { family, stages } = pumps[0]!;
        expect(new Set(pumps.map((p) => `${p.family}-${p.stages}`)).size, code).toBe(1);
        const flow = maximumHour((meanDemand * homes) / allHomes, homes);
        const inlet = kind === 'inline' ? 0.2 : 0;
        const outlet = inlet + mpaFromMetres(parallelHead(pumpFamily(family), stages, duty, flow, 1));
        expect(outlet, code).toBeGreaterThan(setpoint + 0.02);
        const shutoff = inlet + mpaFromMetres(parallelHead(pumpFamily(family), stages, duty, 0, 1));
        expect(shutoff, code).toBeGreaterThan(inlet + 1.1 * (setpoint - inlet));
        expect(flow / duty, code).toBeLessThan(pumpFamily(family).maxFlow);
      }
    }
  });

  it('have set-points that rise with the zones and reach the highest fixture', () => {
    for (const { code, pumpSets } of rooms) {
      pumpSets.forEach(({ setpoint, topHeight }, k) => {
        expect(setpoint - mpaFromMetres(topHeight), code).toBeGreaterThan(0.05);
        if (k > 0) expect(setpoint, code).toBeGreaterThan(pumpSets[k - 1]!.setpoint);
      });
    }
  });

  it('are not older than their room nor from the future', () => {
    for (const { code, year, pumpSets } of city.stations) {
      for (const pump of pumpSets.flatMap(({ pumps }) => pumps)) {
        expect(pump.year, code).toBeGreaterThanOrEqual(year);
        expect(pump.year, code).toBeLessThanOrEqual(2026);
      }
    }
  });
});

describe('the boosters', () => {
  it('number 100, with a median near 5,000 m³/d, alone and in parallel', () => {
    expect(boosters).toHaveLength(100);
    const perDay = boosters.map(({ meanDemand }) => meanDemand * 24).sort((a, b) => a - b);
    expect(perDay[50]).toBeGreaterThan(4000);
    expect(perDay[50]).toBeLessThan(6000);
    expect(share(boosters, ({ pumpSets }) => pumpSets[0]!.pumps.length === 2)).toBeGreaterThan(0.1);
    expect(share(boosters, ({ pumpSets }) => pumpSets[0]!.pumps.length > 2)).toBeGreaterThan(0.4);
  });

  it('feed a zone of their own by pumps in the network that carry its peak', () => {
    for (const booster of boosters) {
      const zone = city.supplyZones.find(({ id }) => id === booster.supplyZone)!;
      expect(zone.booster).toBe(booster.code);
      expect(zone.meanDemand).toBeCloseTo(booster.meanDemand, 2);
      const { pumps } = booster.pumpSets[0]!;
      const links = city.network.links.filter((link) => link.kind === 'pump' && link.from === booster.node);
      expect(links).toHaveLength(pumps.length);
      const duty = pumps.length - 1;
      const head = parallelHead(
        pumpFamily(pumps[0]!.family),
        1,
        duty,
        MAX_DAY_FACTOR * 1.4 * booster.meanDemand,
        1,
      );
      expect(head, booster.code).toBeGreaterThan(5);
    }
  });
});
