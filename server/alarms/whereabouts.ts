import { type AreaOf, areaOfStation } from '#twin/alarm/area.ts';
import type { Station } from '#twin/model/station.ts';
import type { Registry } from '../registry/registry.ts';
import type { Whereabouts } from './occurrence.ts';

/** Areas of stations; of one that is not registered none. */
export const areasIn =
  ({ byCode }: Registry): AreaOf =>
  (code) => {
    const known = byCode.get(code);
    return known ? areaOfStation(known.station) : { district: '', zone: '' };
  };

/** District, supply zone and makers of a station, or of the area that an alarm concerns; empty where there is none. */
export const whereaboutsIn =
  (registry: Registry): Whereabouts =>
  (place, spot) => {
    const station = registry.byCode.get(place)?.station;
    if (station)
      return {
        district: station.district,
        supplyZone: station.supplyZone,
        maker: makersAt(station, spot),
      };
    const area = /^(district|zone):(.+)$/.exec(place);
    return {
      district: area?.[1] === 'district' ? area[2]! : '',
      supplyZone: area?.[1] === 'zone' ? area[2]! : '',
      maker: '',
    };
  };

function makersAt({ pumpSets }: Station, spot: string): string {
  const [zone, pump] = spot.split('/');
  const pumps = pumpSets
    .filter((set) => !zone || set.zone === zone)
    .flatMap((set) => set.pumps.filter(({ id }) => !pump || id === pump));
  return [...new Set(pumps.map(({ maker }) => maker))].sort().join(', ');
}
