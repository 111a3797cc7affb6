import type { HeadlossFormula } from '#gis/network/model.ts';
import { cubicFoot, foot } from './constants.ts';

export interface PipeShape {
  /** m */
  length: number;
  diameter: number;
  /** C, or Manning's n; not used by Darcy-Weisbach */
  roughness: number;
}

/** Exponent of flow in the head loss of a pipe. */
export function flowExponent(formula: HeadlossFormula): number {
  return formula === 'H-W' ? 1.852 : 2;
}

/**
 * The coefficient r of a pipe's head loss, m and m³/s: r·Q^1.852 (Hazen-Williams), f·r·Q² (Darcy-Weisbach),
 * r·Q² (Chezy-Manning); EPANET 2.2 User Manual, table 3.1, with EPANET's digits.
 */
export function frictionOf(formula: HeadlossFormula, { length, diameter, roughness }: PipeShape): number {
  const l = length / foot;
  const d = diameter / foot;
  const area = (Math.PI * d * d) / 4;
  switch (formula) {
    case 'H-W':
      return (foot * 4.727 * l) / (roughness ** 1.852 * d ** 4.871 * cubicFoot ** 1.852);
    case 'D-W':
      return (foot * l) / (2 * 32.2 * d * area ** 2 * cubicFoot ** 2);
    case 'C-M':
      return (
        (foot * l * ((4 * roughness) / (1.49 * Math.PI * d * d)) ** 2 * (d / 4) ** -1.333) / cubicFoot ** 2
      );
  }
}

/** Head loss per flow² of a loss coefficient on the velocity head, s²/m⁵: 8K / (g π² D⁴). */
export function minorLossOf(coefficient: number, diameter: number): number {
  return (foot * 0.02517 * coefficient) / ((diameter / foot) ** 4 * cubicFoot ** 2);
}
