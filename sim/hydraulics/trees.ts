import { gatherChains, spreadChains } from './chains.ts';
import { Status } from './constants.ts';
import { type HydraulicState, type Hydraulics, LinkKind, type Workspace } from './model.ts';
import { pipeLoss, pipeLosses } from './pipe-laws.ts';
import { throttleLoss } from './throttle.ts';

/**
 * Gathers the demands of the dead-end trees onto the junctions they hang on, those within chains along them, and sets the flows of their links,
 * which follow from continuity. What lies behind a closed link gets nothing.
 *
 * @returns Σ|q| of those links
 */
export function gatherTrees(h: Hydraulics, s: HydraulicState, w: Workspace): number {
  const { treeStart, coreLinks, treeParent, nodeCount, to } = h;
  const { load } = w;
  const need = s.delivered;
  need.set(s.demand.subarray(treeStart), treeStart);
  load.set(s.demand.subarray(0, treeStart));
  for (let n = s.cutOff.indexOf(1); n >= 0; n = s.cutOff.indexOf(1, n + 1)) {
    if (n < treeStart) load[n] = 0;
    else need[n] = 0;
  }
  const { status, flow } = s;
  let sum = 0;
  for (let n = nodeCount - 1; n >= treeStart; n--) {
    const twig = n - treeStart;
    const k = coreLinks + twig;
    const q = status[k]! <= Status.closed ? 0 : need[n]!;
    flow[k] = to[k] === n ? q : -q;
    sum += Math.abs(q);
    const parent = treeParent[twig]!;
    if (parent >= treeStart) need[parent] = need[parent]! + q;
    else load[parent] = load[parent]! + q;
  }
  gatherChains(h, w);
  return sum;
}

const law = new Float64Array(2);

/** Head loss of an open pipe, check valve or throttling valve. */
export function carrierLoss(h: Hydraulics, s: HydraulicState, k: number, q: number): number {
  const kind = h.kind[k];
  if (kind !== LinkKind.pipe && kind !== LinkKind.checkValve) return throttleLoss(h, s, k, q);
  pipeLoss(h, k, q, law);
  return law[0]!;
}

/** Heads of the junctions within chains, and of the dead-end trees from the trunk outwards. */
export function spreadHeads(h: Hydraulics, s: HydraulicState): void {
  const { treeStart, coreLinks, treeParent, nodeCount, to, kind } = h;
  const { head, flow, status } = s;
  const { treeLoss } = h.work;
  spreadChains(h, s, h.work);
  pipeLosses(h, flow, coreLinks, h.linkCount, treeLoss);
  for (let n = treeStart; n < nodeCount; n++) {
    const twig = n - treeStart;
    const k = coreLinks + twig;
    let loss = treeLoss[twig]!;
    if (status[k]! <= Status.closed) loss = 0;
    else if (kind[k] !== LinkKind.pipe) loss = throttleLoss(h, s, k, flow[k]!);
    head[n] = head[treeParent[twig]!]! + (to[k] === n ? -loss : loss);
  }
}

/** Net inflow of every reservoir and tank. */
export function sourceInflows(h: Hydraulics, s: HydraulicState): void {
  for (let n = h.coreNodes; n < h.innerStart; n++) {
    let sum = 0;
    for (let i = h.adjacencyStart[n]!; i < h.adjacencyStart[n + 1]!; i++) {
      const k = h.adjacency[i]!;
      if (s.status[k]! > Status.closed) sum += h.to[k] === n ? s.flow[k]! : -s.flow[k]!;
    }
    s.inflow[n] = sum;
  }
  for (const twig of h.sourceTwigs) {
    const parent = h.treeParent[twig]!;
    const k = h.coreLinks + twig;
    s.inflow[parent] = s.inflow[parent]! + (h.to[k] === parent ? s.flow[k]! : -s.flow[k]!);
  }
}
