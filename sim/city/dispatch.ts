import type { Network, NetworkLink } from '#gis/network/model.ts';
import type { Hydraulics } from '#sim/hydraulics/model.ts';

/**
 * What those who run a works expect of a day. Its speeds by the clock belong to the demand on file: on a day that draws
 * more, or less, they are set so that its outlet holds the head that it has by them.
 */
export interface Dispatch {
  /** demand on file behind the works in each hour, m³/s: of users without a room, and of simulated rooms */
  direct: readonly number[];
  rooms: readonly number[];
  /** square of the speed that a square of flow costs, 1/(m³/s)²: of a head `A n² − B q²`, B over A */
  cost: number;
}

/** Hours of a day. */
const HOURS = 24;

/**
 * The dispatch of a works' pump.
 * @param codes of simulated rooms: the categories of their demand
 * @returns null where others feed its mains too, or its curve is no parabola: only the clock says how it runs then
 */
export function dispatchOf(
  network: Network,
  h: Hydraulics,
  pumpId: string,
  codes: ReadonlySet<string>,
): Dispatch | null {
  const { curve } = h.pumps[h.pumpOf[h.linkIndex.get(pumpId)!]!]!;
  if (curve.kind !== 'power function' || Math.abs(curve.n - 2) > 1e-6) return null;
  const fed = nodesFedAlone(network, pumpId);
  if (!fed) return null;
  const shapes = new Map(network.patterns.map(({ id, multipliers }) => [id, multipliers]));
  const direct = new Array<number>(HOURS).fill(0);
  const rooms = new Array<number>(HOURS).fill(0);
  for (const node of network.nodes) {
    if (node.kind !== 'junction' || !fed.has(node.id)) continue;
    for (const { base, pattern, category } of node.demands) {
      const shape = shapes.get(pattern ?? '') ?? [1];
      const sum = category !== undefined && codes.has(category) ? rooms : direct;
      for (let hour = 0; hour < HOURS; hour++)
        sum[hour] = sum[hour]! + base * shape[hour % shape.length]! * h.flowScale;
    }
  }
  return { direct, rooms, cost: curve.r / curve.shutoff };
}

/**
 * Speed at which a works holds, on a day that draws `expected`, the head that its speed by the clock gives at `planned`.
 * @param speed by the clock, share of the rated one
 * @param planned,expected m³/s
 * @returns share of the rated speed, no more than that unless the clock asks for it
 */
export function dispatchedSpeed(speed: number, cost: number, planned: number, expected: number): number {
  const square = speed * speed + cost * (expected * expected - planned * planned);
  return Math.min(Math.max(1, speed), Math.sqrt(Math.max(0, square)));
}

/** Ids of the nodes that a works' pump supplies; null when another source does too. */
function nodesFedAlone({ nodes, links }: Network, pumpId: string): Set<string> | null {
  const sources = new Set(nodes.flatMap(({ kind, id }) => (kind === 'junction' ? [] : [id])));
  const meeting = new Map<string, NetworkLink[]>();
  let first = '';
  for (const link of links) {
    if (link.id === pumpId) first = link.to;
    else if (link.kind === 'pump' || link.status !== 'closed')
      for (const end of [link.from, link.to]) meeting.set(end, [...(meeting.get(end) ?? []), link]);
  }
  const fed = new Set([first]);
  for (const node of fed) {
    if (sources.has(node)) return null;
    // a set that grows while it is walked: every node is looked at once
    for (const { from, to } of meeting.get(node) ?? []) fed.add(from === node ? to : from);
  }
  return fed;
}
