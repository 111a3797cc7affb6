import { type Fit, fitBurst, type Question } from './fit.ts';
import type { ZoneMains } from './zoneMains.ts';

/** Nodes that are looked at first, spread over the zone, and how many of them are followed up. */
const SPREAD = 40;
const FOLLOWED = 3;
/** A look around goes so many mains far, then half of it, …; to so many nodes at most. */
const REACH = 12;
const AROUND = 8;
/** Nodes whose burst would cost this much more than the best are as good as excluded. */
const LIKELY = 8;
const MOST_LIKELY = 250;

/** Bursts that explain what was seen, by node: the best and all around it that are not much worse. */
export function searchBursts(question: Question): Map<number, Fit> {
  const { zone } = question;
  const fits = new Map<number, Fit>();
  const look = (node: number, guess: number): Fit => {
    const known = fits.get(node);
    if (known) return known;
    const fit = fitBurst(question, node, guess);
    fits.set(node, fit);
    return fit;
  };
  let guess = 200;
  for (const node of firstLooks(question)) guess = look(node, guess).flow;
  for (const node of bestOf(fits, FOLLOWED)) descend(zone, node, look, fits);
  surround(zone, look, fits);
  return fits;
}

type Look = (node: number, guess: number) => Fit;

const bestOf = (fits: ReadonlyMap<number, Fit>, count: number): number[] =>
  [...fits]
    .sort(([, a], [, b]) => a.cost - b.cost)
    .slice(0, count)
    .map(([node]) => node);

/** Where the pressure fell most, and nodes as far from each other as they can be. */
function firstLooks({ zone, seen }: Question): number[] {
  const worst = [...seen]
    .sort((a, b) => b.drop - a.drop)
    .slice(0, SPREAD / 4)
    .map(({ node }) => node);
  const chosen = new Set(worst);
  const far = new Int32Array(zone.h.nodeCount).fill(-1);
  for (const node of [zone.source, ...worst]) shorten(zone, node, far);
  while (chosen.size < Math.min(SPREAD, zone.h.nodeCount)) {
    let next = -1;
    for (let node = 0; node < far.length; node++) if (next < 0 || far[node]! > far[next]!) next = node;
    if (far[next]! <= 0) break;
    chosen.add(next);
    shorten(zone, next, far);
  }
  return [...chosen];
}

/** How many mains each node is from the nearest of those chosen; −1: not reached yet. */
function shorten({ mains, at }: ZoneMains, start: number, far: Int32Array): void {
  far[start] = 0;
  const queue = [start];
  for (const node of queue)
    for (const main of at[node]!) {
      const { from, to } = mains[main]!;
      const other = from === node ? to : from;
      if (far[other]! >= 0 && far[other]! <= far[node]! + 1) continue;
      far[other] = far[node]! + 1;
      queue.push(other);
    }
}

/** Goes to the best node around for as long as there is a better one, ever nearer. */
function descend(zone: ZoneMains, start: number, look: Look, fits: ReadonlyMap<number, Fit>): void {
  let here = start;
  for (let reach = REACH; reach >= 1; ) {
    const { cost, flow } = fits.get(here)!;
    let best = here;
    let least = cost;
    for (const node of ring(zone, here, reach)) {
      const fit = look(node, flow);
      if (fit.cost >= least) continue;
      best = node;
      least = fit.cost;
    }
    if (best === here) reach >>= 1;
    here = best;
  }
}

/** Nodes that are so many mains away, evenly taken from all there are. */
function ring({ mains, at }: ZoneMains, start: number, reach: number): number[] {
  const known = new Set([start]);
  let edge = [start];
  for (let step = 0; step < reach; step++) {
    const next: number[] = [];
    for (const node of edge)
      for (const main of at[node]!) {
        const { from, to } = mains[main]!;
        const other = from === node ? to : from;
        if (known.has(other)) continue;
        known.add(other);
        next.push(other);
      }
    edge = next;
  }
  if (edge.length <= AROUND) return edge;
  return Array.from({ length: AROUND }, (_, i) => edge[Math.floor((i * edge.length) / AROUND)]!);
}

/** Looks at all nodes around the best that are not much worse, the better ones first. */
function surround({ mains, at }: ZoneMains, look: Look, fits: ReadonlyMap<number, Fit>): void {
  const done = new Set<number>();
  for (let count = 0; count < MOST_LIKELY; count++) {
    let here = -1;
    let least = Number.POSITIVE_INFINITY;
    let best = Number.POSITIVE_INFINITY;
    for (const [node, { cost }] of fits) {
      best = Math.min(best, cost);
      if (cost >= least || done.has(node)) continue;
      here = node;
      least = cost;
    }
    if (here < 0 || least > best + LIKELY) return;
    done.add(here);
    for (const main of at[here]!) {
      const { from, to } = mains[main]!;
      look(from === here ? to : from, fits.get(here)!.flow);
    }
  }
}
