import { POINTS } from '#twin/catalogue/points.data.ts';
import type { Condition } from './condition.ts';
import type { Comparison } from './expression.ts';
import { added, linear, scaled, type Term } from './linear.ts';
import {
  EVERYTHING,
  isEmpty,
  meet,
  OPPOSITE,
  plus,
  product,
  type Span,
  size,
  spanOf,
  times,
} from './span.ts';

/** Whether a condition can hold, and can fail, while every point stays within the range of its sensor. */
export const possible = (condition: Condition): { holds: boolean; fails: boolean } => ({
  holds: whyNever(condition) === null,
  fails: whyNever({ kind: 'not', of: condition }) === null,
});

/** Two limits of one value, a sum of terms, that leave nothing between them. */
export interface Contradiction {
  readonly of: readonly Term[];
  readonly limits: readonly [Limit, Limit];
}

interface Limit {
  readonly op: Comparison;
  readonly value: number;
}

/**
 * Why a condition can never hold: by limits that contradict each other, or by the ranges of the sensors. Null: nothing is
 * seen that would keep it from holding. A value is the same wherever it is named; what depends on each other otherwise,
 * such as a mean and its least, is not seen.
 */
export function whyNever(condition: Condition): Contradiction | 'ranges' | null {
  const ways = waysOf(condition, true);
  if (ways === null) return null;
  let why: Contradiction | 'ranges' = 'ranges';
  for (const way of ways) {
    const against = whyNot(way);
    if (against === null) return null;
    if (against !== 'ranges' && why === 'ranges') why = against;
  }
  return why;
}

/** A comparison or a flag that is asked to hold or to fail. */
interface Ask {
  of: Condition;
  holds: boolean;
}

/** A condition that a person writes has a few ways to hold; what has more is not judged. */
const MOST_WAYS = 256;

/** All ways in which a condition comes out as asked (its disjunctive normal form); null: too many. */
function waysOf(of: Condition, holds: boolean): Ask[][] | null {
  if (of.kind === 'not') return waysOf(of.of, !holds);
  if (of.kind !== 'logic') return [[{ of, holds }]];
  const [left, right] = [waysOf(of.left, holds), waysOf(of.right, holds)];
  if (!left || !right) return null;
  const both = (of.op === 'and') === holds;
  if ((both ? left.length * right.length : left.length + right.length) > MOST_WAYS) return null;
  return both ? left.flatMap((one) => right.map((other) => [...one, ...other])) : [...left, ...right];
}

const MIRRORED: Readonly<Record<Comparison, Comparison>> = {
  '<': '>',
  '<=': '>=',
  '>': '<',
  '>=': '<=',
  '=': '=',
  '!=': '!=',
};

/** A sum of terms, the first by 1, and what is asked of it. */
interface Limited extends Limit {
  terms: ReadonlyMap<string, Term>;
}

function limited({ of, holds }: Ask): Limited {
  if (of.kind !== 'compare') return { terms: linear(of).terms, op: '=', value: holds ? 1 : 0 };
  const op = holds ? of.op : OPPOSITE[of.op];
  const sum = added(linear(of.left), scaled(linear(of.right), -1));
  // whichever side a term stands on, the same terms are the same sum
  const inOrder = new Map([...sum.terms].sort(([a], [b]) => (a < b ? -1 : 1)));
  const by = [...inOrder.values()][0]?.weight ?? 1;
  const { terms, constant } = scaled({ terms: inOrder, constant: sum.constant }, 1 / by);
  return { terms, op: by < 0 ? MIRRORED[op] : op, value: 0 - constant };
}

const PLACES = 12;
const keyOf = (terms: Limited['terms']): string =>
  JSON.stringify([...terms].map(([key, { weight }]) => [key, weight.toPrecision(PLACES)]));

/** Why all that is asked cannot be so at once; null: nothing speaks against it. */
function whyNot(way: readonly Ask[]): Contradiction | 'ranges' | null {
  const spans = new Map<string, { terms: Limited['terms']; span: Span; asked: Limit[] }>();
  for (const ask of way) {
    const { terms, op, value } = limited(ask);
    const key = keyOf(terms);
    const known = spans.get(key) ?? { terms, span: EVERYTHING, asked: [] };
    const span = meet(known.span, spanOf(op, value));
    const asked = [...known.asked, { op, value }];
    if (isEmpty(span)) return contradiction([...terms.values()], asked);
    spans.set(key, { terms, span, asked });
  }
  // what is asked of a value by itself narrows the sums that it stands in
  const single = (key: string, of: Condition): Span => {
    const alone = spans.get(keyOf(new Map([[key, { of, weight: 1 }]])));
    return alone ? meet(range(of), alone.span) : range(of);
  };
  for (const { terms, span } of spans.values()) {
    const within = [...terms]
      .map(([key, { of, weight }]) => times(single(key, of), weight))
      .reduce(plus, { least: 0, most: 0 });
    if (isEmpty(meet(within, span))) return 'ranges';
  }
  return null;
}

/** The last limit and the first before it that it leaves nothing with. */
function contradiction(of: readonly Term[], asked: readonly Limit[]): Contradiction | 'ranges' {
  const last = asked.at(-1)!;
  const other = asked
    .slice(0, -1)
    .find(({ op, value }) => isEmpty(meet(spanOf(op, value), spanOf(last.op, last.value))));
  return other && of.length > 0 ? { of, limits: [other, last] } : 'ranges';
}

const FLAG: Span = { least: 0, most: 1 };
const POSITIVE: Span = { least: 0, most: Number.POSITIVE_INFINITY };
const byTag = new Map(POINTS.map((point) => [point.tag, point]));

/** Bounds of a value. */
function range(condition: Condition): Span {
  switch (condition.kind) {
    case 'constant':
      return { least: condition.value, most: condition.value };
    case 'varied': {
      const values = [condition.value, ...Object.values(condition.stations)];
      return { least: Math.min(...values), most: Math.max(...values) };
    }
    case 'point':
      return ofSensor(condition.tag);
    case 'usual': {
      const { least, most } = ofSensor(condition.tag);
      return condition.what === 'spread' ? { least: 0, most: most - least } : { least, most };
    }
    case 'energy':
    case 'curve':
    case 'ratedCurrent':
    case 'age':
    case 'silence':
      return POSITIVE;
    case 'hour':
      return { least: 0, most: 24 };
    case 'offline':
    case 'neighbours':
    case 'hasQuality':
      return FLAG;
    case 'not':
    case 'logic':
    case 'compare': {
      const { holds, fails } = possible(condition);
      return { least: fails ? 0 : 1, most: holds ? 1 : 0 };
    }
    case 'minus':
      return times(range(condition.of), -1);
    case 'abs':
      return size(range(condition.of));
    case 'arithmetic': {
      const [left, right] = [range(condition.left), range(condition.right)];
      if (condition.op === '+') return plus(left, right);
      if (condition.op === '-') return plus(left, times(right, -1));
      return product(condition.op, left, right);
    }
    case 'gather':
      if (condition.how === 'count') return POSITIVE;
      return condition.how === 'sum' ? EVERYTHING : range(condition.of);
    case 'window': {
      const { least, most } = range(condition.of);
      if (condition.how === 'change') return { least: least - most, most: most - least };
      return condition.how === 'sd' ? { least: 0, most: (most - least) / 2 } : { least, most };
    }
  }
}

function ofSensor(tag: string): Span {
  const { min, max } = byTag.get(tag)!;
  return { least: min, most: max };
}
