import { POINTS } from '#twin/catalogue/points.data.ts';
import { nearNames } from '#twin/nearNames.ts';
import { conversion } from '#twin/units.ts';
import type { Expression } from './expression.ts';
import { type Problem, problem } from './problem.ts';

/** Units of time as rules write them, in seconds. */
const SECONDS: Readonly<Record<string, number>> = { ms: 0.001, s: 1, min: 60, h: 3600, d: 86_400 };

/** What a cubic metre costs: no point has it, flow and power make it. */
export const ENERGY_UNIT = 'kWh/m³';

const KNOWN = new Set([
  ENERGY_UNIT,
  ...POINTS.map(({ unit }) => unit).filter(Boolean),
  ...Object.keys(SECONDS),
]);

/** Whether a word after a number is its unit: one of the catalogue's, or ms, s, min, h, d. */
export const isUnit = (word: string): boolean => KNOWN.has(word);

/** What one `from` is in `to`; null when they do not measure the same. */
export function factor(from: string, to: string): number | null {
  if (from === to) return 1;
  const both = Object.hasOwn(SECONDS, from) && Object.hasOwn(SECONDS, to);
  return both ? SECONDS[from]! / SECONDS[to]! : null;
}

/** A number with its unit, or without one, as a text has it. */
export const QUANTITY = /^(-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)(?:\s*([^\s\d]\S*))?$/;

/** `"0.15 MPa"`, `8.5` → number and unit, null where there is none; null when the text is no such thing. */
export function parseQuantity(text: string | number): { value: number; unit: string | null } | null {
  if (typeof text === 'number') return { value: text, unit: null };
  const match = QUANTITY.exec(text.trim());
  const value = Number(match?.[1]);
  return match && Number.isFinite(value) ? { value, unit: match[2] ?? null } : null;
}

/** `0.15 MPa`; of a number without unit the number. */
export const quantityText = (value: number, unit: string | null): string =>
  unit ? `${value} ${unit}` : String(value);

const DURATION = /^(\d+(?:\.\d+)?)\s*(ms|s|min|h|d)$/;

/** `"30 s"`, `"5 min"` → seconds; null when the text is no duration. */
export function parseDuration(text: string): number | null {
  const match = DURATION.exec(text.trim());
  return match ? Number(match[1]) * SECONDS[match[2]!]! : null;
}

/** What is wrong with a number in a unit that rules are not written in; the same in one of theirs is what was meant. */
export function unknownUnit(value: number, unit: string): Problem {
  const known = [...KNOWN].join(', ');
  const ours = [...KNOWN].find((one) => conversion(unit, one) !== undefined);
  const near = nearNames(unit, KNOWN, 1)[0];
  const meant = ours !== undefined ? inOther(value, unit, ours) : near && `${value} ${near}`;
  return problem('unknownUnit', { unit, known }, meant);
}

/** A number of an expression as it would be in another unit, to be proposed; undefined for what is no number. */
export function inUnit(node: Expression, unit: string): string | undefined {
  if (node.kind !== 'number') return undefined;
  if (unit === '') return String(node.value);
  return inOther(node.value, node.unit ?? unit, unit) ?? `${node.value} ${unit}`;
}

/** Digits that a conversion is worth. */
const DIGITS = 5;

function inOther(value: number, from: string, to: string): string | undefined {
  const known = conversion(from, to);
  return known && `${Number((value * known[0] + known[1]).toPrecision(DIGITS))} ${to}`;
}

/** As many are shown of what there is. */
const MOST_NAMES = 6;

/** What is in a unit: `P_IN, P_OUT, …`. */
export function namesIn(unit: string): string {
  if (unit === ENERGY_UNIT) return 'usualEnergy()';
  const names = POINTS.filter((point) => point.unit === unit).map(({ tag }) => tag);
  return names.length > MOST_NAMES ? `${names.slice(0, MOST_NAMES).join(', ')}, …` : names.join(', ') || '–';
}
