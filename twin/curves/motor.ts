import type { Station } from '#twin/model/station.ts';

/** What the name plate of a pump's motor says. Power in kW, current in A. */

/** Rated efficiency of IE3 two-pole 50 Hz motors by rated power in kW (IEC 60034-30-1, table of IE3). */
const IE3: readonly (readonly [kw: number, efficiency: number])[] = [
  [0.75, 0.807],
  [1.1, 0.827],
  [1.5, 0.842],
  [2.2, 0.859],
  [3, 0.871],
  [4, 0.881],
  [5.5, 0.892],
  [7.5, 0.901],
  [11, 0.912],
  [15, 0.919],
  [18.5, 0.924],
  [22, 0.927],
  [30, 0.933],
  [45, 0.94],
  [75, 0.947],
  [110, 0.952],
  [160, 0.956],
  [250, 0.958],
];
const LINE_KV = 0.38;
/** Power factor of two-pole motors of 2 to 200 kW at their rated load: 0.85 to 0.90. */
const RATED_COS_PHI = 0.88;

/** Rated efficiency of an IE3 motor, interpolated over the logarithm of its power. */
export function ie3Efficiency(kw: number): number {
  const above = IE3.findIndex(([size]) => size >= kw);
  if (above === 0) return IE3[0]![1];
  if (above < 0) return IE3.at(-1)![1];
  const [k0, e0] = IE3[above - 1]!;
  const [k1, e1] = IE3[above]!;
  return e0 + ((e1 - e0) * Math.log(kw / k0)) / Math.log(k1 / k0);
}

/** Rated current of a three-phase motor at 380 V, A: I = P / (√3 · U · cos φ · η). @param kw rated shaft power */
export const ratedCurrent = (kw: number): number =>
  kw / (Math.sqrt(3) * LINE_KV * RATED_COS_PHI * ie3Efficiency(kw));

/** Rated shaft power of a station's motors, kW, by the name of their spot: `LO/P1`. Plain data. */
export type Motors = Readonly<Record<string, number>>;

/** The motors of a station, as it is registered. */
export const motorsOf = ({ pumpSets }: Pick<Station, 'pumpSets'>): Motors =>
  Object.fromEntries(
    pumpSets.flatMap(({ zone, pumps }) => pumps.map(({ id, motorKw }) => [`${zone}/${id}`, motorKw])),
  );
