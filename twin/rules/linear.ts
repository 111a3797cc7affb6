import type { Condition } from './condition.ts';

/** A number as a sum of weighted terms that are none, and a constant: the same terms are the same number. */
export interface Linear {
  /** by what each says */
  readonly terms: ReadonlyMap<string, Term>;
  readonly constant: number;
}

export interface Term {
  readonly of: Condition;
  readonly weight: number;
}

const NOTHING: ReadonlyMap<string, Term> = new Map();
/** Weights cancel up to what adding them rounds. */
const CANCELLED = 1e-12;

/** What a number is made of. */
export function linear(condition: Condition): Linear {
  switch (condition.kind) {
    case 'constant':
      return { terms: NOTHING, constant: condition.value };
    case 'minus':
      return scaled(linear(condition.of), -1);
    case 'arithmetic': {
      const { op } = condition;
      const [left, right] = [linear(condition.left), linear(condition.right)];
      if (op === '+') return added(left, right);
      if (op === '-') return added(left, scaled(right, -1));
      if (op === '*' && left.terms.size === 0) return scaled(right, left.constant);
      if (right.terms.size === 0 && (op === '*' || right.constant !== 0))
        return scaled(left, op === '*' ? right.constant : 1 / right.constant);
    }
  }
  return { terms: new Map([[JSON.stringify(condition), { of: condition, weight: 1 }]]), constant: 0 };
}

export function added(a: Linear, b: Linear): Linear {
  const terms = new Map(a.terms);
  for (const [key, { of, weight }] of b.terms) {
    const sum = weight + (terms.get(key)?.weight ?? 0);
    if (Math.abs(sum) > CANCELLED) terms.set(key, { of, weight: sum });
    else terms.delete(key);
  }
  return { terms, constant: a.constant + b.constant };
}

export const scaled = ({ terms, constant }: Linear, by: number): Linear => ({
  terms:
    by === 0
      ? NOTHING
      : new Map([...terms].map(([key, { of, weight }]) => [key, { of, weight: weight * by }])),
  constant: constant * by,
});
