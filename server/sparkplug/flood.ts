import type { EdgeNode } from './nodeTable.ts';

/** A node may send `floodBurst` messages at once, and `floodPerSecond` after that. */
export interface FloodLimits {
  floodBurst: number;
  floodPerSecond: number;
}

/** Takes one message off what the node may send now (`time` in ms); false when it may send none. */
export function admits(node: EdgeNode, time: number, { floodBurst, floodPerSecond }: FloodLimits): boolean {
  // the server's clock may be set back
  const refilled = node.tokens + (Math.max(0, time - node.tokensAt) / 1000) * floodPerSecond;
  node.tokens = Math.min(floodBurst, refilled);
  node.tokensAt = time;
  if (node.tokens < 1) return false;
  node.tokens--;
  return true;
}
