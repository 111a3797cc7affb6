/**
 * Pump families at 50 Hz. One stage follows `H(Q) = shutoffHeadPerStage − a·Q²` (m, m³/h).
 *
 * Vertical multistage families are catalogue-class figures (2-pole, ≈ 2,900 rpm; a family is named by its
 * rated flow class, as in the type keys of Grundfos CR and CDL(F) ranges), balanced hydraulically:
 * they are engineering defaults to be replaced by a maker's own curves.
 * Regional families (`B…`) are single-stage 4-pole double-suction pumps, 100–1,500 m³/h, named B<flow>-<head>.
 */
export interface PumpFamily {
  /** best-efficiency flow, m³/h */
  readonly ratedFlow: number;
  /** head of one stage at the rated flow, m */
  readonly ratedHeadPerStage: number;
  /** head of one stage at no flow, m */
  readonly shutoffHeadPerStage: number;
  /** m/(m³/h)² per stage */
  readonly a: number;
  /** 0 … 1 */
  readonly maxEfficiency: number;
  /** end of the catalogue curve, m³/h */
  readonly maxFlow: number;
  /** required net positive suction head at the rated flow, m */
  readonly npshr: number;
  /** range of stages that is built */
  readonly stages: readonly [number, number];
}

const multistage: Record<string, PumpFamily> = {
  '1': family(1.8, 5.2, 6.1, 0.2778, 0.48, 2.4, 1.0, [2, 36]),
  '3': family(3.0, 5.4, 6.7, 0.1444, 0.58, 4.5, 1.0, [2, 36]),
  '5': family(5.8, 5.5, 6.9, 0.04162, 0.66, 8.5, 1.3, [2, 36]),
  '10': family(10, 8.1, 10.2, 0.021, 0.7, 13, 1.5, [2, 22]),
  '15': family(17, 11.5, 14.2, 0.009343, 0.72, 24, 1.8, [1, 17]),
  '20': family(21, 11.7, 14.6, 0.006576, 0.72, 29, 2.2, [1, 17]),
  '32': family(30, 14.4, 18.2, 0.004222, 0.77, 40, 2.2, [1, 14]),
  '45': family(45, 20.0, 24.8, 0.00237, 0.785, 58, 2.5, [1, 10]),
  '64': family(64, 21.6, 28.0, 0.001562, 0.795, 85, 3.0, [1, 8]),
  '90': family(90, 22.3, 29.5, 0.000889, 0.81, 120, 4.0, [1, 6]),
};

/** Rated flow, best efficiency and required suction head of the regional sizes. */
const regionalSizes = [
  [100, 0.78, 2.6],
  [150, 0.79, 2.8],
  [200, 0.8, 3.0],
  [300, 0.82, 3.2],
  [450, 0.83, 3.6],
  [650, 0.845, 4.0],
  [900, 0.855, 4.4],
  [1200, 0.865, 4.8],
  [1500, 0.87, 5.2],
] as const;
/** Impeller trims, m of head at the rated flow. */
const regionalHeads = [12, 16, 20, 24, 28, 32, 38, 44, 50, 60] as const;

const regional: Record<string, PumpFamily> = Object.fromEntries(
  regionalSizes.flatMap(([flow, efficiency, npshr]) =>
    regionalHeads.map((head) => [
      `B${flow}-${head}`,
      family(flow, head, 1.22 * head, (0.22 * head) / flow ** 2, efficiency, 1.35 * flow, npshr, [1, 1]),
    ]),
  ),
);

/** Curve families by name. */
export const pumpFamilies: Readonly<Record<string, PumpFamily>> = { ...multistage, ...regional };

function family(
  ratedFlow: number,
  ratedHeadPerStage: number,
  shutoffHeadPerStage: number,
  a: number,
  maxEfficiency: number,
  maxFlow: number,
  npshr: number,
  stages: readonly [number, number],
): PumpFamily {
  return { ratedFlow, ratedHeadPerStage, shutoffHeadPerStage, a, maxEfficiency, maxFlow, npshr, stages };
}
