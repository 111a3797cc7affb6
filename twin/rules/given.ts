import type { Condition, StationValues } from './condition.ts';
import type { Arithmetic } from './expression.ts';

/** Numbers that a rule gives: the same everywhere, or another at some stations. What is made of them is one again. */
export type Given = Extract<Condition, { kind: 'constant' | 'varied' }>;

export const isGiven = (condition: Condition): condition is Given =>
  condition.kind === 'constant' || condition.kind === 'varied';

/** A number, and what stations have instead; as long as none does it is a constant. */
export const given = (value: number, stations: StationValues = {}): Given =>
  Object.keys(stations).length === 0 ? { kind: 'constant', value } : { kind: 'varied', value, stations };

/** The same in a unit of which it has so many. */
export const scaled = (of: Given, by: number): Given => eachOf([of], ([value]) => value! * by);

export const negated = (of: Condition): Condition =>
  isGiven(of) ? eachOf([of], ([value]) => -value!) : { kind: 'minus', of };

/** Two joined: worked out here where both are given, so that a limit with its dead-band stays one number. */
export function combined(op: Arithmetic, left: Condition, right: Condition): Condition {
  if (!isGiven(left) || !isGiven(right)) return { kind: 'arithmetic', op, left, right };
  const joined = eachOf([left, right], ([a, b]) => decimal(ARITHMETIC[op](a!, b!)));
  // nothing divides by nothing: that is not known, and no number that a rule gives
  const every = joined.kind === 'varied' ? [joined.value, ...Object.values(joined.stations)] : [joined.value];
  return every.every(Number.isFinite) ? joined : { kind: 'arithmetic', op, left, right };
}

const ARITHMETIC: Readonly<Record<Arithmetic, (a: number, b: number) => number>> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
};

/** 0.15 + 0.02 is 0.17, as whoever wrote it means, and a measured 0.17 does not lie above it. */
const decimal = (value: number): number => Number(value.toPrecision(12));

function eachOf(of: readonly Given[], work: (values: readonly number[]) => number): Given {
  const codes = new Set(of.flatMap((one) => (one.kind === 'varied' ? Object.keys(one.stations) : [])));
  const at = (code: string) => work(of.map((one) => valueAt(one, code)));
  return given(
    work(of.map(({ value }) => value)),
    Object.fromEntries([...codes].map((code) => [code, at(code)])),
  );
}

/** What a given number is at a station. */
function valueAt(of: Given, code: string): number {
  return of.kind === 'varied' && Object.hasOwn(of.stations, code) ? of.stations[code]! : of.value;
}
