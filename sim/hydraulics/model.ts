import type { HeadlossFormula, HydraulicOptions, Network, TimeOptions } from '#gis/network/model.ts';
import type { Rule } from '#gis/network/rules.ts';
import type { Factor } from './factor.ts';

/** What a link does in the solve. */
export const LinkKind = {
  pipe: 0,
  checkValve: 1,
  pump: 2,
  prv: 3,
  psv: 4,
  pbv: 5,
  fcv: 6,
  tcv: 7,
  gpv: 8,
  pcv: 9,
} as const;

/** A piecewise line, in the solver's units. */
export interface Polyline {
  x: Float64Array;
  y: Float64Array;
}

export interface TankShape {
  node: number;
  bottom: number;
  minHead: number;
  maxHead: number;
  minVolume: number;
  maxVolume: number;
  initialVolume: number;
  initialHead: number;
  area: number;
  /** level above the bottom → m³ */
  curve?: Polyline;
  overflow: boolean;
}

/**
 * The head of a pump at full speed: H = shutoff − r·Qⁿ, a piecewise line, or a constant power. Other speeds
 * follow by the affinity laws.
 */
export type PumpCurve = {
  /** where a solve starts, m³/s */
  designFlow: number;
  /** greatest head at full speed, m */
  maxHead: number;
} & (
  | { kind: 'power function'; shutoff: number; r: number; n: number }
  | { kind: 'custom'; line: Polyline }
  | { kind: 'constant power'; r: number }
);

export interface PumpUnit {
  link: number;
  curve: PumpCurve;
  /** pattern index or −1 */
  speedPattern: number;
  pricePattern: number;
  price: number;
  /** flow at full speed → efficiency in % */
  efficiency?: Polyline;
}

/** A simple control in the solver's units. `setting` is undefined for what only opens or closes. */
export interface CompiledControl {
  link: number;
  status: number;
  setting: number | undefined;
  kind: 'above' | 'below' | 'time' | 'clock';
  /** node or −1 */
  node: number;
  head: number;
  /** s */
  time: number;
}

/**
 * A network made ready for many solves of one topology. Nodes are numbered: the junctions that have to be
 * solved together by elimination order, then reservoirs and tanks, then the junctions within chains of pipes,
 * then those of dead-end trees from the trunk outwards. Links: plain ones, pipes and throttles that only carry, chain by chain, then
 * everything with a status of its own, then the links of the trees, each in step with the junction it feeds.
 * Heads are m, flows m³/s, volumes m³, times s.
 */
export interface Hydraulics {
  network: Network;
  times: TimeOptions;
  options: HydraulicOptions;
  /** solver's m³/s per m³/h of the model */
  flowScale: number;
  formula: HeadlossFormula;

  nodeIds: string[];
  nodeIndex: Map<string, number>;
  linkIds: string[];
  linkIndex: Map<string, number>;
  /** places of the network's nodes and links in the solver's numbering */
  nodeOrder: Int32Array;
  linkOrder: Int32Array;

  coreNodes: number;
  /** end of reservoirs and tanks, start of the junctions within chains, in the order of the chains' pipes */
  innerStart: number;
  /** start of the trees */
  treeStart: number;
  nodeCount: number;
  plainLinks: number;
  coreLinks: number;
  linkCount: number;
  /** chain c owns pipes `chainStart[c] … chainStart[c+1]`, in the order of its way */
  /** chains of one pipe, which come first and run the way of their pipe */
  singleCount: number;
  chainCount: number;
  chainStart: Int32Array;
  /** chain of each plain pipe */
  chainOf: Int32Array;
  /** of each plain pipe: 1, or −1 when it points against its chain */
  along: Float64Array;

  elevation: Float64Array;
  from: Int32Array;
  to: Int32Array;
  kind: Uint8Array;
  /**
   * Of each chain, and of each other core link at its own number: 2·from, 2·to, its entry below the diagonal
   * (the spare last one at fixed nodes).
   */
  ends: Int32Array;
  /**
   * Of each link: friction coefficient and loss per flow², for D-W also 1/(viscosity·diameter),
   * roughness/(3.7·diameter) and the factor of flow^−0.9; `pipeStride` numbers a link.
   */
  pipes: Float64Array;
  pipeStride: number;
  /** D-W: ends of the friction factor's transition, two per link */
  transition: Float64Array;
  /** head loss per flow² of the open link, and of a loss coefficient of 1 */
  minor: Float64Array;
  unitLoss: Float64Array;
  /** m */
  diameter: Float64Array;
  initialStatus: Uint8Array;
  initialSetting: Float64Array;
  /** valves that stand open or closed, without a setting */
  initialPinned: Uint8Array;

  factor: Factor;
  /** junctions of parts of the network that hold no reservoir or tank: one of each part is tied to its elevation */
  grounded: Int32Array;
  /** links at each node outside the trees */
  adjacencyStart: Int32Array;
  adjacency: Int32Array;

  /** node that feeds each tree junction */
  treeParent: Int32Array;
  /** tree junctions, counted from treeStart, that hang on a source */
  sourceTwigs: Int32Array;

  reservoirs: { node: number; head: number; pattern: number }[];
  tanks: TankShape[];
  /** tank of each node, or −1 */
  tankOf: Int32Array;
  pumps: PumpUnit[];
  /** pump of each link, or −1 */
  pumpOf: Int32Array;
  /** head loss curves of GPVs and loss curves of PCVs */
  valveCurves: Map<number, Polyline>;
  /** PRVs, PSVs and FCVs */
  valves: Int32Array;
  /** TCVs and PCVs among the plain links */
  throttles: Int32Array;

  demandNode: Int32Array;
  demandBase: Float64Array;
  demandPattern: Int32Array;
  patterns: Float64Array[];
  patternIndex: Map<string, number>;
  emitters: { node: number; coefficient: number }[];
  pressureDriven: boolean;

  controls: CompiledControl[];
  /** whether a control watches a junction of a tree or within a chain */
  treeControls: boolean;
  rules: Rule[];

  work: Workspace;
}

/** Scratch memory of a solve; what outlives one is checked before it is used again. */
export interface Workspace {
  /** diagonal and right-hand side of each core or fixed node, side by side */
  system: Float64Array;
  /** matrix entries below the diagonal, and a spare one for links at fixed nodes */
  below: Float64Array;
  /**
   * Linearised law of each chain, and of each other core link at its own number, q = offset + conductance·Δh:
   * conductance and offset side by side.
   */
  linear: Float64Array;
  /** linearised law of each plain pipe along its chain, Δh = resistance·q − push, side by side */
  laws: Float64Array;
  /** the state whose laws and factorisation are still in memory */
  owner: HydraulicState | undefined;
  /** whether laws of pumps have been shifted to other speeds since they were made */
  shifted: boolean;
  /** demand of each junction outside the trees, and of the trees on it */
  load: Float64Array;
  /** of each plain pipe: what the junctions before it in its chain draw */
  drawn: Float64Array;
  /** plain pipes that were closed when the system was last assembled: the first `shutCount` */
  shut: Int32Array;
  shutCount: number;
  /** what entered each chain by the last step */
  carried: Float64Array;
  /** nodes with an open way to a source, when that was last looked at, and the link by which each was reached */
  reached: Uint8Array;
  via: Int32Array;
  /** statuses of links then */
  reachedBy: Uint8Array;
  /** head loss of each link of the trees */
  treeLoss: Float64Array;
  /** of the last sweep: Σ|q|, Σ|Δq|, max|Δq| */
  sums: Float64Array;
}

/** What changes while a network runs. Plain arrays: copied, saved and restored as they are. */
export interface HydraulicState {
  /** s since the start of the simulation */
  time: number;
  head: Float64Array;
  flow: Float64Array;
  status: Uint8Array;
  setting: Float64Array;
  pinned: Uint8Array;
  /** what each junction asks for, and, pressure-driven, what it gets */
  demand: Float64Array;
  delivered: Float64Array;
  /** asked for on top of the patterns, set from outside, m³/s */
  extraDemand: Float64Array;
  emitterFlow: Float64Array;
  /** net inflow of reservoirs and tanks, by node */
  inflow: Float64Array;
  tankVolume: Float64Array;
  /** 1 = no open way to a reservoir or tank */
  cutOff: Uint8Array;
  /** statuses of links when that was last looked at */
  seenStatus: Uint8Array;
  /**
   * By core link: at which flow its law was last linearised, and with which status, if the solve converged by that
   * law; of throttles and equipment also with which setting and pin.
   */
  lawFlow: Float64Array;
  lawStatus: Uint8Array;
  lawSetting: Float64Array;
  lawPinned: Uint8Array;
  /** per pump: kWh, cost, hours on line, efficiency × hours, greatest kW */
  energy: Float64Array;
  /** greatest kW of all pumps together */
  peakPower: number;
}

/** How a solve ended. */
export interface SolveReport {
  iterations: number;
  /** Σ|Δq| / Σ|q| of the last iteration */
  error: number;
  converged: boolean;
  /** links whose status did not settle */
  cycling: number[];
  /** nodes without an open way to a source: no head, no water */
  cutOff: number[];
  /** why it did not converge */
  cause?: string;
}
