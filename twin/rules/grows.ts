import { POINTS } from '#twin/catalogue/points.data.ts';
import type { Condition } from './condition.ts';

const TOTALS = new Set(POINTS.filter(({ type }) => type === 'total').map(({ tag }) => tag));

/**
 * The total because of which a condition that has come to hold holds for ever: a counter beyond a number, alone or joined
 * with others of its kind. Null: nothing is seen that would keep it from ending. A meter that is replaced is no reason to wait.
 * @param asked whether the condition is to hold, or to fail
 */
export function onlyGrows(condition: Condition, asked = true): string | null {
  if (condition.kind === 'not') return onlyGrows(condition.of, !asked);
  if (condition.kind === 'compare') return totalBeyond(condition, asked);
  if (condition.kind === 'gather' && condition.how === 'any') return onlyGrows(condition.of, asked);
  if (condition.kind !== 'logic') return null;
  const [left, right] = [onlyGrows(condition.left, asked), onlyGrows(condition.right, asked)];
  // one that lasts for ever is enough where either will do
  const either = (condition.op === 'or') === asked;
  return either ? (left ?? right) : left && right;
}

function totalBeyond(
  { op, left, right }: Extract<Condition, { kind: 'compare' }>,
  asked: boolean,
): string | null {
  const above = ABOVE.has(op) === asked && (ABOVE.has(op) || BELOW.has(op));
  const below = BELOW.has(op) === asked && (ABOVE.has(op) || BELOW.has(op));
  if (above && isTotal(left) && isFixed(right)) return left.tag;
  if (below && isTotal(right) && isFixed(left)) return right.tag;
  return null;
}

const ABOVE: ReadonlySet<string> = new Set(['>', '>=']);
const BELOW: ReadonlySet<string> = new Set(['<', '<=']);

const isTotal = (of: Condition): of is Extract<Condition, { kind: 'point' }> =>
  of.kind === 'point' && TOTALS.has(of.tag);
const isFixed = ({ kind }: Condition): boolean => kind === 'constant' || kind === 'varied';
