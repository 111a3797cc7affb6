import { Status } from './constants.ts';
import type { HydraulicState, Hydraulics } from './model.ts';

/**
 * Marks the nodes without an open way to a reservoir or tank.
 *
 * @returns whether a mark changed at a node that asks for water, itself or for the trees on it
 */
export function markCutOff(h: Hydraulics, s: HydraulicState): boolean {
  const { treeStart, nodeCount, coreLinks, treeParent } = h;
  const { open, demand, cutOff } = s;
  if (!openingsChanged(h, s)) return false;
  const { reached } = h.work;
  if (!stillReached(h, open)) reach(h, open);
  h.work.opened.set(open);
  for (let n = treeStart; n < nodeCount; n++) {
    const twig = n - treeStart;
    reached[n] = reached[treeParent[twig]!]! & open[coreLinks + twig]!;
  }
  let changed = false;
  for (let n = 0; n < nodeCount; n++) {
    const cut = reached[n]! ^ 1;
    if (cut === cutOff[n]) continue;
    cutOff[n] = cut;
    if (demand[n] !== 0) changed = true;
  }
  return changed;
}

/** Breadth first from the sources; remembers by which link each node was reached. */
function reach(h: Hydraulics, open: Uint8Array): void {
  const { coreNodes, innerStart, treeStart, adjacencyStart, adjacency, from, to } = h;
  const { reached, via } = h.work;
  const queue = new Int32Array(treeStart);
  let last = 0;
  reached.fill(0);
  via.fill(-1);
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
      via[other] = k;
      queue[last++] = other;
    }
  }
}

/**
 * Whether every node outside the trees is reached, or not, as when that was last looked at: no link by which a node was
 * reached has shut, and none has opened that leads on.
 */
function stillReached(h: Hydraulics, open: Uint8Array): boolean {
  const { coreLinks, coreNodes, from, to } = h;
  const { reached, via, opened } = h.work;
  // Before the first search not even sources are marked.
  if (reached[coreNodes] === 0) return false;
  for (let k = 0; k < coreLinks; k++) {
    const now = open[k]!;
    if (now === opened[k]) continue;
    const a = from[k]!;
    const b = to[k]!;
    if (now === 0 ? via[a] === k || via[b] === k : reached[a] !== reached[b]) return false;
  }
  return true;
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
