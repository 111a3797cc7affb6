import type { Polygon } from '#gis/geo/land.ts';
import type { Station } from '#twin/model/station.ts';
import { mpaFromMetres } from '#twin/units.ts';
import { planBoosters } from './boosters.ts';
import { allocateDemand, districtOf, frontageWeight, hourlyDemand } from './demand/nodeDemand.ts';
import { siteRooms } from './demand/rooms.ts';
import { describeZones } from './describe.ts';
import { buildGround, type Ground } from './ground.ts';
import { addBranches } from './mains/branches.ts';
import { sizeTree } from './mains/flows.ts';
import { layMains } from './mains/layout.ts';
import { layLinks } from './mains/links.ts';
import { MAX_DAY_LOSS } from './mains/pressureZone.ts';
import { connectWithinReach, leastPressure } from './mains/reach.ts';
import { growSupplyTree } from './mains/supplyTree.ts';
import { planZones } from './mains/zones.ts';
import type { DemoCity } from './model.ts';
import { assembleNetwork } from './network.ts';
import { districtFacts } from './place.data.ts';
import { seededRandom } from './random.ts';
import { equipBooster } from './stations/boosterStation.ts';
import { chooseInline } from './stations/inline.ts';
import { equipRoom, zoneCounts } from './stations/rooms.ts';
import { layArterials } from './streets/arterials.ts';
import { buildCrossField } from './streets/field.ts';
import { type StreetGraph, streetGraph } from './streets/graph.ts';
import { joinEnds } from './streets/joinEnds.ts';
import { planarize } from './streets/planar.ts';
import { streetSpacing } from './streets/spacing.ts';
import { STEP, traceStreets } from './streets/trace.ts';

/** The seed of the city that the demo opens with. */
export const DEMO_SEED = 20_260;
const NODES = 24_000;

/**
 * A whole synthetic city on real coast: streets, mains, works, zones, pump rooms and boosters, and the EPANET
 * model of it. The same seed and land give the same city.
 *
 * @param land coast polygons in WGS 84 degrees around Xiamen
 * @throws RangeError naming what does not fit, when the land is not Xiamen's
 */
export function buildDemoCity(seed: number, land: readonly Polygon[]): DemoCity {
  const ground = buildGround(land, seed);
  const streets = layStreets(ground, seed);
  const layout = addBranches(layMains(streets, ground), ground, NODES, seededRandom(seed, 'branches'));
  const district = districtOf(layout, ground);
  const weight = frontageWeight(layout, ground);
  const wantedSites = siteRooms(layout, ground, district, weight, seededRandom(seed, 'rooms'));
  const wantedUses = allocateDemand(
    layout,
    ground,
    district,
    weight,
    wantedSites,
    seededRandom(seed, 'uses'),
  );
  const tree = growSupplyTree(layout, wantedUses);
  const flows = sizeTree(layout, tree, hourlyDemand(wantedUses));
  const plan = planZones(layout, tree, flows, seededRandom(seed, 'zones'));
  const { uses, sites } = connectWithinReach(layout, tree, flows, plan, wantedUses, wantedSites);
  const boosters = planBoosters(plan, district);
  const mains = layLinks(layout, tree, flows, plan, seededRandom(seed, 'links'));
  const name = { zh: '合成示范城', en: 'Synthetic demo city' };
  const city = assembleNetwork(name.en, ground, layout, uses, mains, plan, boosters);

  const place = (node: string, elevation: number) => {
    const [lon, lat] = city.network.coordinates.get(node)!;
    return { node, supplyZone: city.nodeZone.get(node)!, lon, lat, elevation };
  };
  const random = seededRandom(seed, 'equipment');
  const zones = zoneCounts(sites, random);
  const inline = chooseInline(sites, layout, flows, plan, random);
  const rooms = sites.map((site, k): Station => {
    const at = place(city.nodeId[site.node]!, layout.nodes[site.node]!.elevation);
    const pressure = mpaFromMetres(leastPressure(site.node, layout, flows, plan, MAX_DAY_LOSS));
    const kind = inline[k] ? 'inline' : 'tank';
    return equipRoom(site, { ...at, kind, zones: zones[k]!, pressure }, random);
  });
  const boosterStations = boosters.map((booster): Station => {
    const zone = plan.zones[booster.zone]!;
    const at = place(`${booster.code}-IN`, city.boosterElevation.get(booster.code)!);
    return equipBooster(booster, zone, at, random);
  });

  const nodeDistrict = new Map(city.nodeId.map((id, k) => [id, district[k]!]));
  for (const booster of boosters) {
    for (const end of ['IN', 'OUT']) nodeDistrict.set(`${booster.code}-${end}`, booster.district);
  }
  return {
    seed,
    synthetic: true,
    name,
    districts: districtFacts.map(({ code, zh, en, lon, lat, population }) => {
      return { code, name: { zh, en }, lon, lat, population };
    }),
    ...describeZones(plan, boosters),
    network: city.network,
    stations: [...rooms, ...boosterStations],
    nodeZone: city.nodeZone,
    nodeDistrict,
    mains: city.mains,
  };
}

function layStreets(ground: Ground, seed: number): StreetGraph {
  const spacing = streetSpacing(ground);
  const arterials = layArterials(ground, STEP);
  const field = buildCrossField(ground, arterials, seed);
  const lines = traceStreets(ground, field, spacing, arterials, seededRandom(seed, 'streets'));
  return streetGraph(planarize(joinEnds(lines, ground, spacing), ground.box));
}
