import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { buildDemoCity } from '#gis/city/city.ts';
import { MEAN_DAY } from '#gis/city/demand/nodeDemand.ts';
import type { DemoCity } from '#gis/city/model.ts';
import { crossings, districtFacts, worksFacts } from '#gis/city/place.data.ts';
import { contains } from '#gis/geo/land.ts';
import { readXiamenLand } from '#gis/io/land.ts';
import { demoCity } from './demoCity.ts';

const land = readXiamenLand();
const city = demoCity();
const { network } = city;

describe('the demo city', () => {
  it('is the same for the same seed and another for another', () => {
    expect(fingerprint(buildDemoCity(city.seed, land))).toBe(fingerprint(city));
    expect(fingerprint(buildDemoCity(city.seed + 1, land))).not.toBe(fingerprint(city));
  }, 180_000);

  it('says that it is synthetic', () => {
    expect(city.synthetic).toBe(true);
    expect(city.name.en).toMatch(/synthetic/i);
  });

  it('has six districts, each a name and a place', () => {
    expect(city.districts.map(({ code }) => code)).toEqual(districtFacts.map(({ code }) => code));
    for (const { code, lon, lat } of city.districts) expect(onLand([lon, lat]), code).toBe(true);
  });

  it('refuses a coast that is not the one it stands on', () => {
    expect(() => buildDemoCity(1, [])).toThrow(/no land polygon/);
  });

  it('draws the mean day in all', () => {
    let perHour = 0;
    for (const node of network.nodes) {
      if (node.kind === 'junction') for (const { base } of node.demands) perHour += base;
    }
    expect((perHour * 24) / MEAN_DAY).toBeCloseTo(1, 6);
  });

  it('asks no works for more than it can give, and all of them for the whole', () => {
    expect(city.works.map(({ id }) => id).sort()).toEqual(worksFacts.map(({ id }) => id).sort());
    for (const works of city.works) expect(works.meanOutflow, works.id).toBeLessThan(works.capacity);
    const total = city.works.reduce((sum, { meanOutflow }) => sum + meanOutflow, 0);
    expect(total / MEAN_DAY).toBeCloseTo(1, 6);
    const zones = city.supplyZones.reduce((sum, { meanDemand }) => sum + meanDemand, 0);
    expect((zones * 24) / MEAN_DAY).toBeCloseTo(1, 6);
  });
});

describe('the mains', () => {
  const junctions = network.nodes.filter(({ kind }) => kind === 'junction');

  it('are a network of a real city’s size, from trunk to service main', () => {
    expect(junctions.length).toBeGreaterThan(22_000);
    expect(junctions.length).toBeLessThan(26_000);
    const kilometres = { trunk: 0, distribution: 0, service: 0, crossing: 0 };
    for (const link of network.links) {
      if (link.kind === 'pipe') kilometres[city.mains.get(link.id)!.kind] += link.length / 1000;
    }
    expect(kilometres.service).toBeGreaterThan(kilometres.distribution);
    expect(kilometres.distribution).toBeGreaterThan(kilometres.trunk);
    expect(kilometres.trunk).toBeGreaterThan(50);
    expect(kilometres.crossing).toBeGreaterThan(3);
  });

  it('lie on land, but for the crossings', () => {
    const wet = junctions.filter(({ id }) => !onLand(network.coordinates.get(id)!)).map(({ id }) => id);
    expect(wet).toEqual([]);
    const wetMains = new Set<string>();
    for (const link of network.links) {
      if (link.kind !== 'pipe') continue;
      const course = courseOf(link.id, link.from, link.to);
      for (let i = 1; i < course.length; i++) {
        const [ax, ay] = course[i - 1]!;
        const [bx, by] = course[i]!;
        if (!onLand([(ax + bx) / 2, (ay + by) / 2])) wetMains.add(link.id);
      }
    }
    const dry = [...wetMains].filter((id) => !crossings.some((crossing) => crossing.id === id));
    // Streets keep 45 m from the shore, but a bend that is left out may cut a corner of it.
    expect(dry.length).toBeLessThan(0.001 * network.links.length);
  });

  it('hang together, and each zone hangs together by its open mains', () => {
    expect(componentsOf(() => true)).toBe(1);
    expect(componentsOf((id) => city.mains.get(id)?.boundary !== true)).toBe(city.works.length);
  });

  it('are shut exactly where two zones meet', () => {
    for (const link of network.links) {
      if (link.kind !== 'pipe') continue;
      const { boundary } = city.mains.get(link.id)!;
      expect(link.status === 'closed', link.id).toBe(boundary);
      const between = city.nodeZone.get(link.from) !== city.nodeZone.get(link.to);
      expect(between, link.id).toBe(boundary || link.status === 'cv');
    }
  });

  it('have unique ids that an input file can hold', () => {
    for (const ids of [network.nodes.map(({ id }) => id), network.links.map(({ id }) => id)]) {
      expect(new Set(ids).size).toBe(ids.length);
      for (const id of ids) expect(id).toMatch(/^[A-Z0-9-]{1,31}$/);
    }
  });

  it('have loops, and dead ends only at the service level', () => {
    const degree = new Map<string, number>();
    let open = 0;
    for (const link of network.links) {
      open++;
      for (const end of [link.from, link.to]) degree.set(end, (degree.get(end) ?? 0) + 1);
    }
    expect(open - network.nodes.length).toBeGreaterThan(4000);
    const deadEnds = network.links.filter(
      (link) => link.kind === 'pipe' && (degree.get(link.to) === 1 || degree.get(link.from) === 1),
    );
    const service = deadEnds.filter(({ id }) => city.mains.get(id)!.kind === 'service');
    expect(service.length / deadEnds.length).toBeGreaterThan(0.95);
  });
});

const boxed = land.map((polygon) => {
  const lons = polygon[0]!.map(([lon]) => lon);
  const lats = polygon[0]!.map(([, lat]) => lat);
  return {
    polygon,
    west: Math.min(...lons),
    east: Math.max(...lons),
    south: Math.min(...lats),
    north: Math.max(...lats),
  };
});

function onLand([lon, lat]: readonly [number, number]): boolean {
  return boxed.some(
    ({ polygon, west, east, south, north }) =>
      lon >= west && lon <= east && lat >= south && lat <= north && contains(polygon, lon, lat),
  );
}

function courseOf(id: string, from: string, to: string): [number, number][] {
  return [network.coordinates.get(from)!, ...(network.vertices.get(id) ?? []), network.coordinates.get(to)!];
}

function componentsOf(isOpen: (link: string) => boolean): number {
  const parent = new Map(network.nodes.map(({ id }) => [id, id]));
  const find = (id: string): string => {
    let root = id;
    while (parent.get(root) !== root) root = parent.get(root)!;
    parent.set(id, root);
    return root;
  };
  for (const { id, from, to } of network.links) if (isOpen(id)) parent.set(find(from), find(to));
  return new Set(network.nodes.map(({ id }) => find(id))).size;
}

function fingerprint({ network: net, stations, supplyZones, works }: DemoCity): string {
  const hash = createHash('sha256');
  hash.update(JSON.stringify([net.nodes, net.links, net.patterns, net.curves, stations, supplyZones, works]));
  hash.update(JSON.stringify([...net.coordinates]));
  hash.update(JSON.stringify([...net.vertices]));
  return hash.digest('hex');
}
