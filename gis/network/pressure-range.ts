import type { HydraulicOptions } from './model.ts';

/** EPANET refuses a narrower range between minimum and required pressure, in the file's pressure units. */
const LEAST_RANGE = 0.1;
/** What it takes for the range where a file names no required pressure, m (0.1 ft; its MINPDIFF). */
const ASSUMED_RANGE = 0.1 * 0.3048;
const ROUNDING = 1e-9;

/** Whether pressures in a file's units lie far enough apart to be written in one. */
export function isPressureRange(minimum: number, required: number): boolean {
  return required - minimum >= LEAST_RANGE - ROUNDING;
}

/** The pressure at which a pressure-driven demand is met in full, m. */
export function fullPressure({
  minimumPressure,
  requiredPressure,
}: Pick<HydraulicOptions, 'minimumPressure' | 'requiredPressure'>): number {
  return Math.max(requiredPressure, minimumPressure + ASSUMED_RANGE);
}
