import type { Point } from '#gis/geo/plane.ts';
import { emptyNetwork } from '#gis/network/emptyNetwork.ts';
import type { Demand, Network, Pipe } from '#gis/network/model.ts';
import { pumpFamily, pumpHead } from '#twin/curves/pump.ts';
import { demandPatterns } from '#twin/demand/patterns.data.ts';
import type { BoosterPlan } from './boosters.ts';
import type { Use } from './demand/nodeDemand.ts';
import type { Ground } from './ground.ts';
import { courseOf, splitCourse } from './mains/branches.ts';
import { ROUGHNESS } from './mains/hydraulics.ts';
import type { Layout } from './mains/layout.ts';
import type { Main } from './mains/links.ts';
import type { ZonePlan } from './mains/pressureZone.ts';
import type { MainFacts, MainKind } from './model.ts';
import { worksFacts } from './place.data.ts';

export interface CityNetwork {
  network: Network;
  /** network id of each layout node */
  nodeId: string[];
  nodeZone: Map<string, string>;
  mains: Map<string, MainFacts>;
  /** ground at the suction node of each booster, by code, m */
  boosterElevation: Map<string, number>;
}

const TRIALS = 200;

/** Everything planned, as an EPANET model in WGS 84 degrees. */
export function assembleNetwork(
  title: string,
  ground: Ground,
  layout: Layout,
  uses: readonly (readonly Use[])[],
  mains: readonly Main[],
  plan: ZonePlan,
  boosters: readonly BoosterPlan[],
): CityNetwork {
  const empty = emptyNetwork(title);
  const network: Network = {
    ...empty,
    patterns: Object.entries(demandPatterns).map(([id, m]) => ({ id, multipliers: [...m] })),
    options: { ...empty.options, trials: TRIALS },
  };
  const boosterOf = new Map(boosters.map((booster) => [booster.zone, booster]));
  const zoneId = plan.zones.map((zone, k) => `Z-${boosterOf.get(k)?.code ?? worksFacts[zone.works]!.id}`);
  const city: CityNetwork = {
    network,
    nodeId: layout.nodes.map(
      (node, k) => node.works?.concat('-OUT') ?? `J-${String(k + 1).padStart(5, '0')}`,
    ),
    nodeZone: new Map(),
    mains: new Map(),
    boosterElevation: new Map(),
  };
  layout.nodes.forEach((node, k) => {
    addJunction(city, city.nodeId[k]!, node.elevation, demandsOf(uses[k]!), zoneId[plan.zone[k]!]!);
    network.coordinates.set(city.nodeId[k]!, degrees(ground, [node.x, node.y]));
  });
  addWorks(city, layout, ground, plan, zoneId);
  const boosterAt = new Map(boosters.map((booster) => [plan.zones[booster.zone]!.root, booster]));
  let number = 0;
  for (const main of mains) {
    const booster = main.onTree ? boosterAt.get(main.to) : undefined;
    const edge = layout.edges[main.edge]!;
    const kind = edge.crossing ? 'crossing' : kindOf(main.diameter);
    const facts = { kind, zone: zoneId[plan.zone[main.from]!]!, boundary: main.boundary };
    const course = courseOf(edge, layout);
    if (edge.a !== main.from) course.reverse();
    number++;
    const id = edge.crossing ?? `P-${String(number).padStart(5, '0')}`;
    const ends = { from: city.nodeId[main.from]!, to: city.nodeId[main.to]! };
    if (booster) {
      addBooster(city, ground, main, id, ends, course, edge.length, booster, facts, zoneId[booster.zone]!);
    } else {
      const bends = course.slice(1, -1).map((point) => degrees(ground, point));
      for (let twin = 1; twin <= main.count; twin++) {
        addPipe(city, twin === 1 ? id : `${id}-${twin}`, ends, edge.length, main, bends, facts);
      }
    }
  }
  return city;
}

function addJunction(
  city: CityNetwork,
  id: string,
  elevation: number,
  demands: Demand[],
  zone: string,
): void {
  city.network.nodes.push({ kind: 'junction', id, elevation: round(elevation, 2), demands });
  city.nodeZone.set(id, zone);
}

function addPipe(
  { network, mains }: CityNetwork,
  id: string,
  ends: { from: string; to: string },
  length: number,
  main: Main,
  bends: [number, number][],
  facts: MainFacts,
): void {
  const pipe: Pipe = {
    kind: 'pipe',
    id,
    ...ends,
    length: round(Math.max(1, length), 1),
    diameter: main.diameter,
    roughness: ROUGHNESS,
    minorLoss: 0,
    status: main.boundary ? 'closed' : 'open',
  };
  network.links.push(pipe);
  mains.set(id, facts);
  if (bends.length > 0) network.vertices.set(id, bends);
}

function addWorks(city: CityNetwork, layout: Layout, ground: Ground, plan: ZonePlan, zoneId: string[]): void {
  const { network } = city;
  plan.zones.forEach((zone, k) => {
    if (zone.boosted) return;
    const { id } = worksFacts[zone.works]!;
    const node = layout.nodes[zone.root]!;
    const reservoir = `${id}-CW`;
    network.nodes.push({ kind: 'reservoir', id: reservoir, head: round(zone.suctionByHour[0]!, 2) });
    network.coordinates.set(reservoir, degrees(ground, [node.x - 60, node.y + 60]));
    city.nodeZone.set(reservoir, zoneId[k]!);
    const ratedFlow = round(1.3 * Math.max(...zone.flowByHour), 0);
    const lift = zone.headByHour.map((head, h) => head - zone.suctionByHour[h]!);
    const ratedHead = round(1.05 * Math.max(...lift), 1);
    const curve = `C-${id}`;
    network.curves.push({
      id: curve,
      kind: 'head',
      points: [
        { x: 0, y: 1.25 * ratedHead },
        { x: ratedFlow, y: ratedHead },
        { x: 2 * ratedFlow, y: 0.25 * ratedHead },
      ],
    });
    const speeds = lift.map((m, h) =>
      Math.sqrt((m / ratedHead + 0.25 * (zone.flowByHour[h]! / ratedFlow) ** 2) / 1.25),
    );
    network.patterns.push({ id: `S-${id}`, multipliers: speeds.map((s) => round(s, 4)) });
    network.links.push({
      kind: 'pump',
      id: `${id}-PS`,
      from: reservoir,
      to: `${id}-OUT`,
      headCurve: curve,
      speed: 1,
      speedPattern: `S-${id}`,
      status: 'open',
    });
  });
}

/** Main → suction node → pumps and a bypass with check valve → discharge node → main. */
function addBooster(
  city: CityNetwork,
  ground: Ground,
  main: Main,
  id: string,
  ends: { from: string; to: string },
  course: readonly Point[],
  length: number,
  booster: BoosterPlan,
  facts: MainFacts,
  zone: string,
): void {
  const { network } = city;
  const into = `${booster.code}-IN`;
  const out = `${booster.code}-OUT`;
  const before = splitCourse(course, 0.42 * length);
  const after = splitCourse(course, 0.58 * length);
  if (!before || !after) throw new RangeError(`booster ${booster.code}: no room in its street`);
  for (const [node, place, ofZone] of [
    [into, before.at, facts.zone],
    [out, after.at, zone],
  ] as const) {
    addJunction(city, node, ground.elevation(...place), [], ofZone);
    network.coordinates.set(node, degrees(ground, place));
  }
  city.boosterElevation.set(booster.code, ground.elevation(...before.at));
  const bends = (points: readonly Point[]) => points.map((point) => degrees(ground, point));
  const outFacts = { ...facts, zone };
  for (let twin = 1; twin <= main.count; twin++) {
    const suffix = twin === 1 ? '' : `-${twin}`;
    const half = { ...main, count: 1 };
    addPipe(
      city,
      `${id}${suffix}`,
      { from: ends.from, to: into },
      before.before,
      half,
      bends(before.bendsBefore),
      facts,
    );
    addPipe(
      city,
      `${id}-D${suffix}`,
      { from: out, to: ends.to },
      length - after.before,
      half,
      bends(after.bendsAfter),
      outFacts,
    );
  }
  const bypass = `${booster.code}-BP`;
  addPipe(
    city,
    bypass,
    { from: into, to: out },
    Math.max(5, after.before - before.before),
    main,
    [],
    outFacts,
  );
  (network.links[network.links.length - 1] as Pipe).status = 'cv';
  const curve = `C-${booster.family}`;
  if (!network.curves.some((known) => known.id === curve)) {
    const family = pumpFamily(booster.family);
    network.curves.push({
      id: curve,
      kind: 'head',
      points: [0, family.ratedFlow, 1.6 * family.ratedFlow].map((x) => ({ x, y: pumpHead(family, 1, x, 1) })),
    });
  }
  network.patterns.push({ id: `S-${booster.code}`, multipliers: booster.speed.map((s) => round(s, 4)) });
  for (let k = 1; k <= booster.duty + booster.standby; k++) {
    network.links.push({
      kind: 'pump',
      id: `${booster.code}-P${k}`,
      from: into,
      to: out,
      headCurve: curve,
      speed: 1,
      ...(k <= booster.duty ? { speedPattern: `S-${booster.code}` } : {}),
      status: k <= booster.duty ? 'open' : 'closed',
    });
  }
}

function demandsOf(uses: readonly Use[]): Demand[] {
  return uses.map(({ pattern, mean, room }) => ({
    base: mean,
    pattern,
    ...(room === undefined ? {} : { category: room }),
  }));
}

function kindOf(diameter: number): MainKind {
  return diameter >= 700 ? 'trunk' : diameter >= 200 ? 'distribution' : 'service';
}

function degrees(ground: Ground, [x, y]: Point): [number, number] {
  const [lon, lat] = ground.plane.toDegrees(x, y);
  return [round(lon, 6), round(lat, 6)];
}

function round(value: number, digits: number): number {
  const scale = 10 ** digits;
  return Math.round(value * scale) / scale;
}
