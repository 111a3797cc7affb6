import type { DemoCity } from '#gis/city/model.ts';
import { fieldOf } from './field.ts';
import { saysBurst, watchField } from './watch.ts';

/** Times in which much changes, or little: as demand rises, at its peak, on a Saturday, while tanks fill at night. */
const STARTS = ['2026-11-18 06:00', '2026-11-18 18:00', '2026-11-21 09:00', '2026-11-18 02:00'] as const;

/** An ordinary time of the whole city. */
export interface Ordinary {
  start: string;
  /** what people were told of bursts, though none was */
  bursts: string[];
}

export interface OrdinaryPlan {
  times: number;
  /** of each */
  minutes: number;
  /** s between two looks */
  look: number;
}

/** Lives some ordinary times, the first ones again after the last. */
export function liveOrdinary(
  city: DemoCity,
  seed: number,
  { times, minutes, look }: OrdinaryPlan,
): Ordinary[] {
  return Array.from({ length: times }, (_, i) => {
    const start = STARTS[i % STARTS.length]!;
    const watch = watchField(fieldOf(city, seed + Math.floor(i / STARTS.length), start), look);
    watch.run(60 * minutes);
    const bursts = watch.told.filter(saysBurst).map(({ rule, station }) => `${rule} ${station}`);
    process.stderr.write(`${start}: ${bursts.join(', ') || 'no burst told'}\n`);
    return { start, bursts };
  });
}
