import { logarithm, power, powerTable } from './power.ts';

/** The power of flow in Swamee and Jain's formula. */
export const swameePower = powerTable(-0.9);

/** 5.74·(π/4)^0.9, −2/ln 10, 5.74/4000^0.9 */
export const swamee = 5.74 * (Math.PI / 4) ** 0.9;
export const perDecade = -2 / Math.LN10;
const swameeAt4000 = 5.74 / 4000 ** 0.9;

/** Flow is laminar up to a Reynolds number of 2000 and turbulent from 4000; in terms of w = Re·π/4. */
export const laminar = 500 * Math.PI;
export const turbulent = 1000 * Math.PI;

/**
 * Darcy-Weisbach friction factor of turbulent flow (Swamee and Jain 1976; EPANET 2.2 User Manual, section 3.1).
 *
 * @param w flow / (viscosity · diameter)
 * @param roughness relative to the diameter, over 3.7
 * @param result gets the factor and its derivative by w
 */
export function turbulentFactor(w: number, roughness: number, result: Float64Array): void {
  const y1 = swamee * power(swameePower, w);
  const y2 = roughness + y1;
  const y3 = perDecade * logarithm(y2);
  const f = 1 / (y3 * y3);
  result[0] = f;
  result[1] = (1.8 * f * y1 * perDecade) / (y2 * y3 * w);
}

/** The friction factor where turbulence begins, and the slope term, between which Dunlop's cubic is laid. */
export function transitionEnds(roughness: number): [number, number] {
  const y2 = roughness + swameeAt4000;
  const y3 = perDecade * Math.log(y2);
  const fa = 1 / (y3 * y3);
  return [fa, (2 + (1.8 * perDecade * swameeAt4000) / (y2 * y3)) * fa];
}

/**
 * Friction factor between laminar and turbulent flow: Dunlop's (1991) cubic.
 *
 * @param fa, fb the ends of `transitionEnds`
 */
export function transitionFactor(w: number, fa: number, fb: number, result: Float64Array): void {
  const r = w / laminar;
  const x1 = 7 * fa - fb;
  const x2 = 0.128 - 17 * fa + 2.5 * fb;
  const x3 = -0.128 + 13 * fa - 2 * fb;
  const x4 = 0.032 - 3 * fa + 0.5 * fb;
  result[0] = x1 + r * (x2 + r * (x3 + r * x4));
  result[1] = (x2 + r * (2 * x3 + r * 3 * x4)) / laminar;
}
