/**
 * A water distribution network as EPANET input files describe it, in the units of the field:
 * m, m³/h, mm, MPa nowhere (heads are metres). The INP reader converts any unit system to these.
 */

import type { FlowUnits, PressureUnits } from './units.ts';

export type HeadlossFormula = 'H-W' | 'D-W' | 'C-M';

export interface Demand {
  /** m³/h */
  base: number;
  pattern?: string;
  category?: string;
}

interface Named {
  id: string;
  /** what the file says about the element beside it */
  description?: string;
}

export interface Junction extends Named {
  kind: 'junction';
  /** m */
  elevation: number;
  demands: Demand[];
  /** Emitter coefficient, m³/h per m^exponent; 0 = none. */
  emitter?: number;
}

export interface Reservoir extends Named {
  kind: 'reservoir';
  /** total head, m */
  head: number;
  pattern?: string;
}

export interface Tank extends Named {
  kind: 'tank';
  /** bottom, m */
  elevation: number;
  /** levels above the bottom, m */
  initialLevel: number;
  minLevel: number;
  maxLevel: number;
  /** m */
  diameter: number;
  /** m³ */
  minVolume: number;
  volumeCurve?: string;
  overflow?: boolean;
}

export type NetworkNode = Junction | Reservoir | Tank;
export type LinkStatus = 'open' | 'closed';

interface LinkEnds extends Named {
  from: string;
  to: string;
}

export interface Pipe extends LinkEnds {
  kind: 'pipe';
  /** m */
  length: number;
  /** mm */
  diameter: number;
  /** H-W: C; D-W: mm; C-M: Manning's n */
  roughness: number;
  minorLoss: number;
  status: LinkStatus | 'cv';
}

export interface Pump extends LinkEnds {
  kind: 'pump';
  /** head curve id (m³/h → m), or constant power in kW */
  headCurve?: string;
  power?: number;
  speed: number;
  speedPattern?: string;
  status: LinkStatus;
  efficiencyCurve?: string;
  /** per kWh */
  energyPrice?: number;
  pricePattern?: string;
}

export type ValveType = 'PRV' | 'PSV' | 'PBV' | 'FCV' | 'TCV' | 'GPV' | 'PCV';

export interface Valve extends LinkEnds {
  kind: 'valve';
  type: ValveType;
  /** mm */
  diameter: number;
  /** m for PRV, PSV, PBV; m³/h for FCV; loss coefficient for TCV; curve id for GPV; % open for PCV */
  setting: number | string;
  minorLoss: number;
  status: LinkStatus | 'active';
  curve?: string;
}

export type NetworkLink = Pipe | Pump | Valve;

export interface Curve {
  id: string;
  kind?: 'head' | 'efficiency' | 'volume' | 'headloss' | 'valve';
  points: { x: number; y: number }[];
}

export interface Pattern {
  id: string;
  multipliers: number[];
}

/** Times are seconds. */
export interface TimeOptions {
  duration: number;
  hydraulicStep: number;
  patternStep: number;
  patternStart: number;
  reportStep: number;
  reportStart: number;
  ruleStep: number;
  /** seconds after midnight */
  startClockTime: number;
}

export interface HydraulicOptions {
  headloss: HeadlossFormula;
  /** kinematic, relative to water at 20 °C (1 = 1.02e-6 m²/s) */
  viscosity: number;
  specificGravity: number;
  trials: number;
  accuracy: number;
  /** m; 0 = not asked */
  headError: number;
  /** m³/h; 0 = not asked */
  flowChange: number;
  unbalanced: { stop: true } | { stop: false; extraTrials: number };
  defaultPattern?: string;
  demandMultiplier: number;
  emitterExponent: number;
  /** Whether emitters may take water in; true unless said otherwise. */
  emitterBackflow?: boolean;
  checkFrequency: number;
  maxCheck: number;
  dampLimit: number;
  demandModel: 'DDA' | 'PDA';
  /** m */
  minimumPressure: number;
  requiredPressure: number;
  pressureExponent: number;
}

export interface EnergyOptions {
  /** wire-to-water, % */
  efficiency: number;
  /** per kWh */
  price: number;
  pricePattern?: string;
  /** per kW of the greatest demand */
  demandCharge: number;
}

/** A section of an input file that this model does not interpret, line by line in the file's wording. */
export interface VerbatimSection {
  name: string;
  lines: string[];
}

/** Comment lines of an input file, with their semicolons, and where in its section they stand. */
export interface RowComments {
  section: string;
  /** what names the row that they stand before, and how many rows of that name come earlier; absent at the section's end */
  before?: string;
  nth?: number;
  lines: string[];
}

export interface Network {
  title: string;
  nodes: NetworkNode[];
  links: NetworkLink[];
  patterns: Pattern[];
  curves: Curve[];
  /** Simple controls and rules in INP wording, one per entry (a rule has several lines), values in `units`. */
  controls: string[];
  rules: string[];
  times: TimeOptions;
  options: HydraulicOptions;
  /** node id → x, y in the file's own coordinates (WGS 84 degrees in ours) */
  coordinates: Map<string, [number, number]>;
  /** link id → intermediate points */
  vertices: Map<string, [number, number][]>;
  /** The unit system of the file this came from, and of `controls`, `rules` and `verbatim`; CMH when absent. */
  units?: FlowUnits;
  /** PSI with US flow units and metres with metric ones when absent. */
  pressureUnits?: PressureUnits;
  energy?: EnergyOptions;
  /** What the hydraulics do not use, kept for writing: tags, quality, labels, options of water quality … */
  verbatim?: VerbatimSection[];
  /** comment lines, kept for writing */
  comments?: RowComments[];
}
