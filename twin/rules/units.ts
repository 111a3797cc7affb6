import { POINTS } from '#twin/catalogue/points.data.ts';

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

const DURATION = /^(\d+(?:\.\d+)?)\s*(ms|s|min|h|d)$/;

/** `"30 s"`, `"5 min"` → seconds; null when the text is no duration. */
export function parseDuration(text: string): number | null {
  const match = DURATION.exec(text.trim());
  return match ? Number(match[1]) * SECONDS[match[2]!]! : null;
}
