import { type Motors, motorsOf } from '#twin/curves/motor.ts';
import type { MotorsOf } from '#twin/rules/look.ts';
import type { RegisteredStation, Registry } from '../registry/registry.ts';

/** Motors of stations; of one that is not registered nobody knows them. */
export const motorsIn =
  ({ byCode }: Registry): MotorsOf =>
  (code) => {
    const known = byCode.get(code);
    return known && motorsOf(known.station);
  };

/** Motors of some stations by their codes, as a thread is given them. */
export const motorsByCode = (
  stations: readonly Pick<RegisteredStation, 'code' | 'station'>[],
): Record<string, Motors> =>
  Object.fromEntries(stations.map(({ code, station }) => [code, motorsOf(station)]));
