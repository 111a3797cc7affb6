import { closedResistance, Status } from './constants.ts';
import type { HydraulicState, Hydraulics, Workspace } from './model.ts';
import { pipeLoss } from './pipes.ts';

/**
 * Gathers the demands of the dead-end trees onto the junctions they hang on, and sets the flows of their links,
 * which follow from continuity. What lies behind a closed link gets nothing. The sums of the workspace count
 * the flows; `moved` whether also their change.
 */
export function gatherTrees(h: Hydraulics, s: HydraulicState, w: Workspace): void {
  const { treeStart, coreLinks, treeParent, nodeCount, to } = h;
  const { load } = w;
  for (let i = 0; i < h.coreNodes; i++) load[i] = s.cutOff[i] ? 0 : s.demand[i]!;
  if (nodeCount === treeStart) return;
  const need = s.delivered;
  for (let n = treeStart; n < nodeCount; n++) need[n] = s.cutOff[n] ? 0 : s.demand[n]!;
  for (let n = nodeCount - 1; n >= treeStart; n--) {
    const twig = n - treeStart;
    const k = coreLinks + twig;
    const q = s.status[k]! <= Status.closed ? 0 : need[n]!;
    s.flow[k] = to[k] === n ? q : -q;
    const parent = treeParent[twig]!;
    if (parent >= treeStart) need[parent] = need[parent]! + q;
    else if (parent < h.coreNodes) load[parent] = load[parent]! + q;
  }
}

const law = new Float64Array(2);

/** Heads of the dead-end trees from the trunk outwards. */
export function spreadHeads(h: Hydraulics, s: HydraulicState): void {
  const { treeStart, coreLinks, treeParent, nodeCount, to } = h;
  for (let n = treeStart; n < nodeCount; n++) {
    const twig = n - treeStart;
    const k = coreLinks + twig;
    const q = s.flow[k]!;
    if (s.status[k]! <= Status.closed) {
      law[0] = 0;
      law[1] = closedResistance;
    } else pipeLoss(h, k, q, law);
    s.head[n] = s.head[treeParent[twig]!]! + (to[k] === n ? -law[0]! : law[0]!);
  }
}
