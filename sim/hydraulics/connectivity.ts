import { Status } from './constants.ts';
import type { HydraulicState, Hydraulics } from './model.ts';

/**
 * Marks the nodes without an open way to a reservoir or tank.
 *
 * @returns whether a mark changed at a node that asks for water, itself or for the trees on it
 */
export function markCutOff(h: Hydraulics, s: HydraulicState): boolean {
  const {
    coreNodes,
    innerStart,
    treeStart,
    nodeCount,
    coreLinks,
    treeParent,
    adjacencyStart,
    adjacency,
    from,
    to,
  } = h;
  const { open } = s;
  if (!openingsChanged(h, s)) return false;
  const reached = new Uint8Array(nodeCount);
  const queue = new Int32Array(treeStart);
  let last = 0;
  for (let n = coreNodes; n < innerStart; n++) {
    reached[n] = 1;
    queue[last++] = n;
  }
  for (let first = 0; first < last; first++) {
    const n = queue[first]!;
    for (let i = adjacencyStart[n]!; i < adjacencyStart[n + 1]!; i++) {
      const k = adjacency[i]!;
      if (open[k] === 0) continue;
      const other = from[k]! + to[k]! - n;
      if (reached[other]) continue;
      reached[other] = 1;
      queue[last++] = other;
    }
  }
  for (let n = treeStart; n < nodeCount; n++) {
    const twig = n - treeStart;
    reached[n] = reached[treeParent[twig]!]! && open[coreLinks + twig] ? 1 : 0;
  }
  let changed = false;
  for (let n = 0; n < nodeCount; n++) {
    const cut = reached[n] ? 0 : 1;
    if (cut === s.cutOff[n]) continue;
    s.cutOff[n] = cut;
    if (s.demand[n] !== 0) changed = true;
  }
  return changed;
}

function openingsChanged(h: Hydraulics, s: HydraulicState): boolean {
  const { status, open } = s;
  let changed = false;
  const { linkCount } = h;
  for (let k = 0; k < linkCount; k++) {
    const now = status[k]! > Status.closed ? 1 : 0;
    if (now === open[k]) continue;
    open[k] = now;
    changed = true;
  }
  return changed;
}
