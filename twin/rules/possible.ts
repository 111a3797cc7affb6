import { POINTS } from '#twin/catalogue/points.data.ts';
import type { Condition } from './condition.ts';
import type { Comparison } from './expression.ts';

/** Whether a condition can hold, and can fail, while every point stays within the range of its sensor. */
export function possible(condition: Condition): { holds: boolean; fails: boolean } {
  const [least, most] = range(condition);
  return { holds: most >= 1, fails: least <= 0 };
}

type Range = readonly [least: number, most: number];
const FLAG: Range = [0, 1];
const ANY: Range = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
const byTag = new Map(POINTS.map((point) => [point.tag, point]));

/** Bounds of a value by interval arithmetic (Moore 1966); wider than the truth where a point occurs twice. */
function range(condition: Condition): Range {
  switch (condition.kind) {
    case 'constant':
      return [condition.value, condition.value];
    case 'varied': {
      const values = [condition.value, ...Object.values(condition.stations)];
      return [Math.min(...values), Math.max(...values)];
    }
    case 'point': {
      const { min, max } = byTag.get(condition.tag)!;
      return [min, max];
    }
    case 'usual': {
      const { min, max } = byTag.get(condition.tag)!;
      return condition.what === 'spread' ? [0, max - min] : [min, max];
    }
    case 'energy':
    case 'curve':
    case 'age':
    case 'silence':
      return [0, Number.POSITIVE_INFINITY];
    case 'hour':
      return [0, 24];
    case 'offline':
    case 'neighbours':
    case 'hasQuality':
      return FLAG;
    case 'not': {
      const [a, b] = range(condition.of);
      return [1 - b, 1 - a];
    }
    case 'minus': {
      const [a, b] = range(condition.of);
      return [-b, -a];
    }
    case 'abs': {
      const [a, b] = range(condition.of);
      return [a <= 0 && b >= 0 ? 0 : Math.min(Math.abs(a), Math.abs(b)), Math.max(Math.abs(a), Math.abs(b))];
    }
    case 'logic': {
      const [a, b] = range(condition.left);
      const [c, d] = range(condition.right);
      const pick = condition.op === 'and' ? Math.min : Math.max;
      return [pick(a, c), pick(b, d)];
    }
    case 'compare':
      return compared(condition.op, range(condition.left), range(condition.right));
    case 'arithmetic':
      return combined(condition.op, range(condition.left), range(condition.right));
    case 'gather':
      return condition.how === 'count' || condition.how === 'sum' ? ANY : range(condition.of);
    case 'window': {
      const [a, b] = range(condition.of);
      if (condition.how === 'change') return [a - b, b - a];
      return condition.how === 'sd' ? [0, (b - a) / 2] : [a, b];
    }
  }
}

function compared(op: Comparison, [a, b]: Range, [c, d]: Range): Range {
  const flag = (holds: boolean, fails: boolean): Range => [fails ? 0 : 1, holds ? 1 : 0];
  switch (op) {
    case '<':
      return flag(a < d, b >= c);
    case '<=':
      return flag(a <= d, b > c);
    case '>':
      return flag(b > c, a <= d);
    case '>=':
      return flag(b >= c, a < d);
    case '=':
      return flag(a <= d && c <= b, !(a === b && c === d && a === c));
    case '!=':
      return flag(!(a === b && c === d && a === c), a <= d && c <= b);
  }
}

function combined(op: '+' | '-' | '*' | '/', [a, b]: Range, [c, d]: Range): Range {
  if (op === '+') return [a + c, b + d];
  if (op === '-') return [a - d, b - c];
  if (op === '/' && c <= 0 && d >= 0) return ANY;
  const corners = op === '*' ? [a * c, a * d, b * c, b * d] : [a / c, a / d, b / c, b / d];
  // infinity times nothing is not a bound
  if (corners.some(Number.isNaN)) return ANY;
  return [Math.min(...corners), Math.max(...corners)];
}
