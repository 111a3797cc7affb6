import { fromPlain, median, nothingYet, plain, remember } from './recent.ts';

/**
 * What lifting a cubic metre costs, kWh/m³, by the flow it is lifted at: pumps that were made for a peak lift little at
 * night with much. Bands are half octaves of flow (each 1.41 times the one before); of each the means of the last
 * thirty days on which it was seen.
 */
export interface Energy {
  readonly bands: Map<number, Band>;
}

interface Band {
  readonly days: Float32Array;
  /** of `days`; NaN while there are too few */
  median: number;
  /** the day that runs, −1 before the first */
  day: number;
  sum: number;
  count: number;
}

const DAYS = 30;
const LEAST_DAYS = 5;
/** Less than a tap: a meter of pumps cannot tell what it costs, m³/h. */
const LEAST_FLOW = 0.5;
const MOST_FLOW = 10_000;

export const noEnergy = (): Energy => ({ bands: new Map() });

const octaves = (flow: number): number => 2 * Math.log2(flow);

/** Takes an hour. @param flow mean, m³/h @param kw mean power of the pumps */
export function learnEnergy({ bands }: Energy, hour: number, flow: number, kw: number): void {
  if (!(flow >= LEAST_FLOW && flow <= MOST_FLOW && kw > 0)) return;
  const key = Math.round(octaves(flow));
  const band = bands.get(key) ?? emptyBand();
  bands.set(key, band);
  const day = Math.floor(hour / 24);
  if (band.day !== day) endDay(band, day);
  band.sum += kw / flow;
  band.count++;
}

const emptyBand = (): Band => ({ days: nothingYet(DAYS), median: Number.NaN, day: -1, sum: 0, count: 0 });

function endDay(band: Band, next: number): void {
  if (band.count > 0) {
    remember(band.days, 0, DAYS, band.sum / band.count);
    band.median = median(band.days, 0, DAYS, LEAST_DAYS);
  }
  band.day = next;
  band.sum = 0;
  band.count = 0;
}

/** What a cubic metre usually costs at a flow, kWh/m³, between the middles of two bands; NaN where it is not known. */
export function usualEnergy({ bands }: Energy, flow: number): number {
  if (!(flow >= LEAST_FLOW)) return Number.NaN;
  const at = octaves(flow);
  const below = Math.floor(at);
  const from = bands.get(below)?.median ?? Number.NaN;
  const to = bands.get(below + 1)?.median ?? Number.NaN;
  const share = at - below;
  if (Number.isNaN(from)) return share >= 0.5 ? to : Number.NaN;
  if (Number.isNaN(to)) return share < 0.5 ? from : Number.NaN;
  return from + share * (to - from);
}

/** A band as plain data. */
export interface SavedBand {
  band: number;
  days: (number | null)[];
  day: number;
  sum: number;
  count: number;
}

export const saveEnergy = ({ bands }: Energy): SavedBand[] =>
  [...bands]
    .sort(([a], [b]) => a - b)
    .map(([band, { days, day, sum, count }]) => ({ band, days: plain(days), day, sum, count }));

export const loadEnergy = (saved: readonly SavedBand[]): Energy => ({
  bands: new Map(
    saved.map(({ band, days: given, ...open }) => {
      const days = fromPlain(given, DAYS);
      return [band, { ...open, days, median: median(days, 0, DAYS, LEAST_DAYS) }];
    }),
  ),
});
