import type { HydraulicState } from '#sim/hydraulics/model.ts';
import { solveState } from '#sim/hydraulics/solve.ts';
import { createState } from '#sim/hydraulics/state.ts';
import { cubicMetresPerSecond, metresFromMpa } from '#twin/units.ts';
import type { Seen } from './onFile.ts';
import type { ZoneMains } from './zoneMains.ts';

/** What stations of a zone saw, beside its mains as they would be without a burst. */
export interface Question {
  readonly zone: ZoneMains;
  /** where somebody saw something: node, fall of the head, and how far a prediction may be off, m */
  readonly seen: readonly { node: number; drop: number; doubt: number }[];
  /** heads before the fall, by node, m above the source */
  readonly before: Float64Array;
  /** demand now, m³/s */
  readonly demand: Float64Array;
  /** follows from solve to solve */
  readonly state: HydraulicState;
}

/** How well something explains what was seen. */
export interface Fit {
  /** m³/h that break out */
  flow: number;
  /** by how much the head of the source itself has fallen, m */
  source: number;
  /** minus the logarithm of the likelihood, but for a constant */
  cost: number;
}

/** A prediction is off by so much, m, and by this share of the fall: sensors, roughness and demand nobody knows. */
const DOUBT = { metres: 0.12, share: 0.08 };
/** Degrees of freedom of Student's t: a room with a trouble of its own does not decide. */
const FREEDOM = 3;
const ACCURACY = 1e-4;
const FLOWS = { least: 3, most: 20_000 };
/** Loss grows with flow to a power between those of small changes and of Hazen-Williams. */
const GROWTH = 1.5;
const ROUNDS = 4;
const SETTLED = 0.03;

export function ask(zone: ZoneMains, seen: readonly Seen[]): Question {
  const { h, direct, stations } = zone;
  const by = new Map(seen.map((one) => [one.code, one]));
  const state = createState(h);
  const demandBy = (time: 'before' | 'now'): Float64Array => {
    const demand = direct.map(cubicMetresPerSecond);
    for (const { code, node, meanDemand } of stations) {
      const known = by.get(code)?.[time];
      demand[node]! += cubicMetresPerSecond(known !== undefined && known >= 0 ? known : meanDemand);
    }
    return demand;
  };
  state.demand.set(demandBy('before'));
  solveState(h, state, { accuracy: ACCURACY });
  return {
    zone,
    seen: stations.flatMap(({ code, node }) => {
      const drop = metresFromMpa(by.get(code)?.drop ?? Number.NaN);
      if (!Number.isFinite(drop)) return [];
      return [{ node, drop, doubt: Math.hypot(DOUBT.metres, DOUBT.share * drop) }];
    }),
    before: state.head.slice(),
    demand: demandBy('now'),
    state,
  };
}

/** How well it is explained by the source alone: its head fell, nothing broke. */
export const fitSource = (question: Question): Fit => fitFalls(question, fallsAt(question, -1, 0), 0);

/**
 * How well a burst at a node explains what was seen, with the flow that explains it best.
 * @param guess m³/h
 */
export function fitBurst(question: Question, node: number, guess: number): Fit {
  const rest = fallsAt(question, node, 0);
  let flow = guess;
  let best: Fit | null = null;
  for (let round = 0; round < ROUNDS; round++) {
    const falls = fallsAt(question, node, flow);
    const fit = fitFalls(question, falls, flow);
    if (!best || fit.cost < best.cost) best = fit;
    const next = flow * Math.min(4, Math.max(0.25, scaleOf(question, falls, rest) ** (1 / GROWTH)));
    const bounded = Math.min(FLOWS.most, Math.max(FLOWS.least, next));
    if (Math.abs(bounded / flow - 1) < SETTLED) break;
    flow = bounded;
  }
  return best!;
}

/** Fall of the head at each station that saw one, m, with a burst of `flow` m³/h at a node. */
function fallsAt({ zone, seen, before, demand, state }: Question, node: number, flow: number): Float64Array {
  state.demand.set(demand);
  if (flow > 0) state.demand[node]! += cubicMetresPerSecond(flow);
  solveState(zone.h, state, { accuracy: ACCURACY });
  return Float64Array.from(seen, (one) => before[one.node]! - state.head[one.node]!);
}

/** By what the part of the falls that comes of the burst has to be multiplied: weighted least squares with an intercept. */
function scaleOf({ seen }: Question, falls: Float64Array, rest: Float64Array): number {
  let [w, x, y, xx, xy] = [0, 0, 0, 0, 0];
  seen.forEach(({ drop, doubt }, i) => {
    const burst = falls[i]! - rest[i]!;
    const own = drop - rest[i]!;
    const weight = 1 / doubt ** 2;
    w += weight;
    x += weight * burst;
    y += weight * own;
    xx += weight * burst * burst;
    xy += weight * burst * own;
  });
  const spread = xx - (x * x) / w;
  return spread > 1e-9 ? Math.max(0, (xy - (x * y) / w) / spread) : 1;
}

/** The fall of the source that explains best what is left, and the cost of what is left then. */
function fitFalls({ seen }: Question, falls: Float64Array, flow: number): Fit {
  const left = seen.map(({ drop }, i) => drop - falls[i]!);
  let source = medianOf(left);
  for (let round = 0; round < 4; round++) {
    let weights = 0;
    let sum = 0;
    seen.forEach(({ doubt }, i) => {
      const off = (left[i]! - source) / doubt;
      const weight = 1 / doubt ** 2 / (1 + off ** 2 / FREEDOM);
      weights += weight;
      sum += weight * left[i]!;
    });
    source = sum / weights;
  }
  let cost = 0;
  seen.forEach(({ doubt }, i) => {
    const off = (left[i]! - source) / doubt;
    cost += ((FREEDOM + 1) / 2) * Math.log1p(off ** 2 / FREEDOM);
  });
  return { flow, source, cost };
}

const medianOf = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0;
