import type { Layout } from './layout.ts';

/** One junction of every part of the core that holds no reservoir or tank. */
export function groundedNodes(layout: Layout): Int32Array {
  const { coreNodes, innerStart, chainCount, plainLinks, coreLinks, ends } = layout;
  const parent = Int32Array.from({ length: innerStart }, (_, i) => i);
  const root = (i: number): number => {
    let r = i;
    while (parent[r] !== r) {
      parent[r] = parent[parent[r]!]!;
      r = parent[r]!;
    }
    return r;
  };
  // The greater number wins, so that a root below coreNodes has no source in its part.
  const join = (at: number): void => {
    const [a, b] = [root(ends[3 * at]! >> 1), root(ends[3 * at + 1]! >> 1)];
    parent[Math.min(a, b)] = Math.max(a, b);
  };
  for (let c = 0; c < chainCount; c++) join(c);
  for (let k = plainLinks; k < coreLinks; k++) join(k);
  const grounded: number[] = [];
  for (let i = 0; i < coreNodes; i++) if (root(i) === i) grounded.push(i);
  return Int32Array.from(grounded);
}

/** The links at each node outside the trees, as lists laid end to end. */
export function adjacencyOf(treeStart: number, coreLinks: number, from: Int32Array, to: Int32Array) {
  const adjacencyStart = new Int32Array(treeStart + 1);
  for (let k = 0; k < coreLinks; k++) {
    adjacencyStart[from[k]! + 1]!++;
    adjacencyStart[to[k]! + 1]!++;
  }
  for (let i = 0; i < treeStart; i++) adjacencyStart[i + 1]! += adjacencyStart[i]!;
  const adjacency = new Int32Array(2 * coreLinks);
  const next = adjacencyStart.slice();
  for (let k = 0; k < coreLinks; k++) {
    adjacency[next[from[k]!]!++] = k;
    adjacency[next[to[k]!]!++] = k;
  }
  return { adjacencyStart, adjacency };
}
