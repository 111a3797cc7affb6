import type { OverviewKey } from '#twin/overview/columns.ts';
import type { Colouring } from '../state/view.ts';
import { atScale, type Rgb, rgb } from '../theme/colour.ts';
import { MAGNITUDE_SCALE, type ThemeTokens } from '../theme/tokens.ts';

/** How a column of the overview becomes a colour. */
export interface ColourRule {
  column: OverviewKey;
  unit: string;
  resolution: number;
  kind: 'magnitude' | 'diverging';
  /** values at the ends of the scale; beyond them the colour stays */
  low: number;
  high: number;
  /** equal ratios instead of equal steps */
  log: boolean;
}

/** The rule of a colouring; null for `state`, which is shapes and priorities instead of a scale. */
export const COLOUR_RULES: Record<Colouring, ColourRule | null> = {
  state: null,
  pressureError: rule('pressureError', 'MPa', 0.001, 'diverging', -0.1, 0.1),
  inletPressure: rule('inletPressure', 'MPa', 0.001, 'magnitude', 0.1, 0.5),
  level: rule('level', '%', 0.1, 'magnitude', 0, 100),
  outflow: rule('outflow', 'm³/h', 0.1, 'magnitude', 0.5, 500, true),
  power: rule('power', 'kW', 0.1, 'magnitude', 0.2, 200, true),
};

/** Place of a value on its scale, 0…1 (clamped); NaN for no value. */
export function placeOf(value: number, { low, high, log }: ColourRule): number {
  if (Number.isNaN(value)) return Number.NaN;
  const place = log
    ? Math.log(Math.max(value, low) / low) / Math.log(high / low)
    : (value - low) / (high - low);
  return Math.min(1, Math.max(0, place));
}

/** Value at a place of the scale: the inverse of `placeOf`. */
export const valueAt = (place: number, { low, high, log }: ColourRule): number =>
  log ? low * (high / low) ** place : low + place * (high - low);

/** The colours of a rule in a theme, evenly spaced. */
export function scaleOf({ kind }: ColourRule, theme: ThemeTokens): readonly string[] {
  return kind === 'magnitude'
    ? MAGNITUDE_SCALE
    : [theme.divergingLow, theme.divergingMid, theme.divergingHigh];
}

/** A rule as a function of the value; 256 steps are worked out once. Undefined for no value. */
export function colourer(colourRule: ColourRule, theme: ThemeTokens): (value: number) => Rgb | undefined {
  const scale = scaleOf(colourRule, theme).map(rgb);
  const steps = Array.from({ length: 256 }, (_, i) => atScale(scale, i / 255));
  return (value) => steps[Math.round(placeOf(value, colourRule) * 255)];
}

function rule(
  column: OverviewKey,
  unit: string,
  resolution: number,
  kind: ColourRule['kind'],
  low: number,
  high: number,
  log = false,
): ColourRule {
  return { column, unit, resolution, kind, low, high, log };
}
