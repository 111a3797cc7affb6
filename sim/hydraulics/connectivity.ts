import { sameBytes } from './bytes.ts';
import { Status } from './constants.ts';
import type { HydraulicState, Hydraulics } from './model.ts';

/**
 * Marks the nodes without an open way to a reservoir or tank.
 *
 * @param kept whether those that are marked stay so, reached or not
 * @returns whether a mark changed at a node that asks for water, itself or for the trees on it
 */
export function markCutOff(h: Hydraulics, s: HydraulicState, kept = false): boolean {
  const { treeStart, nodeCount, coreLinks, treeParent, linkCount } = h;
  const { status, seenStatus, demand, cutOff } = s;
  if (sameBytes(status, seenStatus, linkCount)) return false;
  seenStatus.set(status);
  const { reached } = h.work;
  if (!stillReached(h, status)) reach(h, status);
  h.work.reachedBy.set(status);
  for (let n = treeStart; n < nodeCount; n++) {
    const twig = n - treeStart;
    reached[n] = status[coreLinks + twig]! > Status.closed ? reached[treeParent[twig]!]! : 0;
  }
  let changed = false;
  for (let n = 0; n < nodeCount; n++) {
    const cut = kept ? (reached[n]! ^ 1) | cutOff[n]! : reached[n]! ^ 1;
    if (cut === cutOff[n]) continue;
    cutOff[n] = cut;
    if (demand[n] !== 0) changed = true;
  }
  // the next solve begins without it
  if (kept) seenStatus[0] = ANOTHER_STATUS;
  return changed;
}

/** No link has it; that of a state that was never solved is another. */
const ANOTHER_STATUS = 254;

/** Breadth first from the sources; remembers by which link each node was reached. */
function reach(h: Hydraulics, status: Uint8Array): void {
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
      if (status[k]! <= Status.closed) continue;
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
function stillReached(h: Hydraulics, status: Uint8Array): boolean {
  const { coreLinks, coreNodes, from, to } = h;
  const { reached, via, reachedBy } = h.work;
  // Before the first search not even sources are marked.
  if (reached[coreNodes] === 0) return false;
  for (let k = 0; k < coreLinks; k++) {
    const open = status[k]! > Status.closed;
    if (open === reachedBy[k]! > Status.closed) continue;
    const a = from[k]!;
    const b = to[k]!;
    if (open ? reached[a] !== reached[b] : via[a] === k || via[b] === k) return false;
  }
  return true;
}
