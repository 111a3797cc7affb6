import type { Registry } from '../registry/registry.ts';
import type { Whereabouts } from './occurrence.ts';

/** District and supply zone of a station, or of the area that an alarm concerns; empty where there is none. */
export const whereaboutsIn =
  (registry: Registry): Whereabouts =>
  (place) => {
    const station = registry.byCode.get(place)?.station;
    if (station) return { district: station.district, supplyZone: station.supplyZone };
    const area = /^(district|zone):(.+)$/.exec(place);
    return {
      district: area?.[1] === 'district' ? area[2]! : '',
      supplyZone: area?.[1] === 'zone' ? area[2]! : '',
    };
  };
