/**
 * The unit systems of EPANET input files and their factors to the model's m, mm, m³/h and kW.
 * The flow units decide: US units for CFS, GPM, MGD, IMGD and AFD, metric ones for the rest
 * (EPANET 2.2 User Manual, Appendix A).
 */

export const flowUnits = [
  'CFS',
  'GPM',
  'MGD',
  'IMGD',
  'AFD',
  'LPS',
  'LPM',
  'MLD',
  'CMH',
  'CMD',
  'CMS',
] as const;
export type FlowUnits = (typeof flowUnits)[number];

export const pressureUnits = ['PSI', 'KPA', 'METERS', 'BAR', 'FEET'] as const;
export type PressureUnits = (typeof pressureUnits)[number];

/** Multiply a file's value by the factor to get the model's. */
export interface UnitFactors {
  /** to m³/h */
  flow: number;
  /** elevation, head, length, tank diameter: to m */
  length: number;
  /** pipe and valve diameters: to mm */
  diameter: number;
  /** Darcy-Weisbach roughness: to mm */
  roughness: number;
  /** to m of the liquid */
  pressure: number;
  /** to m³ */
  volume: number;
  /** to kW */
  power: number;
}

const foot = 0.3048;
const cubicFoot = foot ** 3;

/** m³/h of one unit, by definition of the units. */
const cubicMetresPerHour: Record<FlowUnits, number> = {
  CFS: cubicFoot * 3600,
  GPM: 3.785411784e-3 * 60,
  MGD: 3785.411784 / 24,
  IMGD: 4546.09 / 24,
  AFD: (43560 * cubicFoot) / 24,
  LPS: 3.6,
  LPM: 0.06,
  MLD: 1000 / 24,
  CMH: 1,
  CMD: 1 / 24,
  CMS: 3600,
};

/**
 * EPANET's own, rounded count of each unit in a cubic foot per second (EPANET 2.3, types.h). Its results
 * shift by up to 1e-5 of the head loss because of them.
 */
const perCubicFootPerSecond: Record<FlowUnits, number> = {
  CFS: 1,
  GPM: 448.831,
  MGD: 0.64632,
  IMGD: 0.5382,
  AFD: 1.9837,
  LPS: 28.317,
  LPM: 1699,
  MLD: 2.4466,
  CMH: 101.94,
  CMD: 2446.6,
  CMS: 0.028317,
};

/** EPANET's rounded psi per foot of water and kPa per psi (types.h): settings in psi mean these. */
const psiPerFoot = 0.4333;
const kilopascalPerPsi = 6.895;

export function isMetric(units: FlowUnits): boolean {
  return !(units === 'CFS' || units === 'GPM' || units === 'MGD' || units === 'IMGD' || units === 'AFD');
}

export function unitFactors(units: FlowUnits, pressure?: PressureUnits, specificGravity = 1): UnitFactors {
  const metric = isMetric(units);
  return {
    flow: cubicMetresPerHour[units],
    length: metric ? 1 : foot,
    diameter: metric ? 1 : 25.4,
    roughness: metric ? 1 : foot,
    pressure: metresPer(pressure ?? (metric ? 'METERS' : 'PSI')) / specificGravity,
    volume: metric ? 1 : cubicFoot,
    power: metric ? 1 : 0.7457,
  };
}

/**
 * How much larger EPANET takes a flow given in these units than the definition of the units says (about
 * 1 ± 1e-5). A solver that is to agree with EPANET to a millimetre multiplies by it.
 */
export function epanetFlowBias(units: FlowUnits): number {
  return (cubicFoot * 3600) / (perCubicFootPerSecond[units] * cubicMetresPerHour[units]);
}

function metresPer(unit: PressureUnits): number {
  switch (unit) {
    case 'PSI':
      return foot / psiPerFoot;
    case 'KPA':
      return foot / (psiPerFoot * kilopascalPerPsi);
    case 'BAR':
      return (100 * foot) / (psiPerFoot * kilopascalPerPsi);
    case 'METERS':
      return 1;
    case 'FEET':
      return foot;
  }
}
