import type { SparkplugTopic } from '#twin/wire/sparkplug/topics.ts';
import type { EdgeNode } from './nodeTable.ts';

/** A node may send `floodBurst` messages of data at once, and `floodPerSecond` after that. */
export interface FloodLimits {
  floodBurst: number;
  floodPerSecond: number;
}

/** A birth makes as much work as many reports, and there is no reason for many births or deaths in a row. */
const WEIGHT_OF_LIFE = 8;

export const weightOf = (type: SparkplugTopic['type']): number =>
  type === 'NDATA' || type === 'DDATA' ? 1 : WEIGHT_OF_LIFE;

/** Takes a message of this weight off what the node may send now (`time` in ms); false when that is less. */
export function admits(
  node: EdgeNode,
  weight: number,
  time: number,
  { floodBurst, floodPerSecond }: FloodLimits,
): boolean {
  // the server's clock may be set back
  const refilled = node.tokens + (Math.max(0, time - node.tokensAt) / 1000) * floodPerSecond;
  node.tokens = Math.min(floodBurst, refilled);
  node.tokensAt = time;
  if (node.tokens < weight) return false;
  node.tokens -= weight;
  return true;
}
