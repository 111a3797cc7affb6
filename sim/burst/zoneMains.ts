import { emptyNetwork } from '#gis/network/emptyNetwork.ts';
import { compile } from '#sim/hydraulics/compile.ts';
import type { Hydraulics } from '#sim/hydraulics/model.ts';
import type { MainOnFile, StationOnFile, ZoneOnFile } from './onFile.ts';

/** The mains of one supply zone, ready to be solved. Nodes are numbered as the solver numbers them. */
export interface ZoneMains {
  readonly h: Hydraulics;
  readonly source: number;
  readonly mains: readonly ZoneMain[];
  /** mains at each node */
  readonly at: readonly (readonly number[])[];
  /** stations that draw from its nodes */
  readonly stations: readonly { code: string; node: number; meanDemand: number }[];
  /** m³/h that users without a station draw from each node */
  readonly direct: Float64Array;
}

export interface ZoneMain {
  readonly id: string;
  readonly dn: number;
  /** m */
  readonly length: number;
  readonly from: number;
  readonly to: number;
}

/** Hazen-Williams C of mains whose roughness nobody has measured. */
const ROUGHNESS = 120;
/** Up to this diameter houses are connected to a main, mm. */
const LARGEST_WITH_HOUSES = 300;

/**
 * The mains that hang together with a zone's source, without those that are shut because they lie between two zones,
 * and without the pipes through its boosters. Null when its source is not on file.
 */
export function zoneMains(
  zone: ZoneOnFile,
  mains: readonly MainOnFile[],
  stations: readonly StationOnFile[],
): ZoneMains | null {
  const suctions = new Map(stations.flatMap(({ booster, node, code }) => (booster ? [[node, code]] : [])));
  const behind = (code: string) => mains.find(({ from }) => suctions.get(from) === code)?.to;
  const source = zone.outlet ?? (zone.booster ? behind(zone.booster) : null);
  if (!source) return null;
  const laid = mains.filter(({ from }) => !suctions.has(from));
  const own = connected(source, inZone(zone.id, laid));
  if (own.length === 0) return null;
  const names = new Set(own.flatMap(({ from, to }) => [from, to]));
  const network = emptyNetwork(zone.id);
  for (const id of names)
    network.nodes.push(
      id === source
        ? { kind: 'reservoir', id, head: 0 }
        : { kind: 'junction', id, elevation: 0, demands: [] },
    );
  for (const { id, from, to, length, dn } of own)
    network.links.push({
      kind: 'pipe',
      id,
      from,
      to,
      length,
      diameter: dn,
      roughness: ROUGHNESS,
      minorLoss: 0,
      status: 'open',
    });
  const h = compile(network);
  const numbered = own.map(({ id, dn, length, from, to }) => ({
    id,
    dn,
    length,
    from: h.nodeIndex.get(from)!,
    to: h.nodeIndex.get(to)!,
  }));
  const here = stations.filter(({ node }) => names.has(node));
  return {
    h,
    source: h.nodeIndex.get(source)!,
    mains: numbered,
    at: mainsAt(h.nodeCount, numbered),
    stations: here.map(({ code, node, meanDemand }) => ({ code, node: h.nodeIndex.get(node)!, meanDemand })),
    direct: directDemand(h.nodeCount, numbered, zone.meanDemand - roomsOf(zone, here)),
  };
}

const roomsOf = ({ id }: ZoneOnFile, stations: readonly StationOnFile[]): number =>
  stations.reduce((sum, one) => (one.zone === id && !one.booster ? sum + one.meanDemand : sum), 0);

/** A node belongs to the zone of the mains that leave it, or else of those that reach it. */
function inZone(zone: string, mains: readonly MainOnFile[]): MainOnFile[] {
  const zoneOf = new Map(mains.map(({ to, zone }) => [to, zone]));
  for (const { from, zone } of mains) zoneOf.set(from, zone);
  return mains.filter(({ from, to }) => zoneOf.get(from) === zone && zoneOf.get(to) === zone);
}

function connected(source: string, mains: readonly MainOnFile[]): MainOnFile[] {
  const at = new Map<string, MainOnFile[]>();
  for (const main of mains)
    for (const node of [main.from, main.to]) {
      const known = at.get(node);
      if (known) known.push(main);
      else at.set(node, [main]);
    }
  const reached = new Set([source]);
  // a set visits what is added to it while it is walked
  for (const node of reached)
    for (const { from, to } of at.get(node) ?? []) reached.add(from === node ? to : from);
  return mains.filter(({ from }) => reached.has(from));
}

function mainsAt(nodes: number, mains: readonly ZoneMain[]): number[][] {
  const at = Array.from({ length: nodes }, (): number[] => []);
  mains.forEach(({ from, to }, i) => {
    at[from]!.push(i);
    at[to]!.push(i);
  });
  return at;
}

/** What users without a station draw, spread along the mains that houses are connected to. */
function directDemand(nodes: number, mains: readonly ZoneMain[], total: number): Float64Array {
  const direct = new Float64Array(nodes);
  const serving = mains.filter(({ dn }) => dn <= LARGEST_WITH_HOUSES);
  const length = serving.reduce((sum, main) => sum + main.length, 0);
  if (length === 0 || total <= 0) return direct;
  for (const main of serving)
    for (const node of [main.from, main.to]) direct[node]! += (total * main.length) / length / 2;
  return direct;
}
