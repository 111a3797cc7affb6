import { mainLines } from '#gis/city/mainLines.ts';
import type { DemoCity } from '#gis/city/model.ts';
import type { MainOnFile, StationOnFile, ZoneOnFile } from '#sim/burst/onFile.ts';
import { type ZoneMains, zoneMains } from '#sim/burst/zoneMains.ts';
import type { CityModel } from '#sim/city/model.ts';
import { type SavedCity, saveCity } from '#sim/city/save.ts';
import { startCity } from '#sim/city/start.ts';
import { stepCity } from '#sim/city/step.ts';
import { localTimeOf } from '#sim/scenario/localTime.ts';
import { plantModel } from '#test/support/plantModel.ts';

/** A demo city that lives on its plant's truth, and what the utility has on file of it. */
export interface Field {
  model: CityModel;
  saved: SavedCity;
  mains: readonly MainOnFile[];
  stations: readonly StationOnFile[];
  zones: readonly ZoneOnFile[];
  seed: number;
}

/** @param start local time, as scenarios have it */
export function fieldOf(city: DemoCity, seed: number, start: string): Field {
  const model = plantModel(city, seed);
  const running = startCity(model, localTimeOf(start)!, seed);
  for (let t = 0; t < 60; t++) stepCity(running);
  const outlets = new Map(city.works.map(({ id, outlet }) => [id, outlet]));
  return {
    model,
    saved: saveCity(running),
    mains: mainLines(city),
    stations: city.stations.map(({ code, kind, supplyZone, node, meanDemand }) => ({
      code,
      booster: kind === 'booster',
      zone: supplyZone,
      node,
      meanDemand,
    })),
    zones: city.supplyZones.map(({ id, kind, works, booster, meanDemand }) => ({
      id,
      meanDemand,
      ...(kind === 'works' ? { outlet: outlets.get(works)! } : { booster: booster! }),
    })),
    seed,
  };
}

export const mainsOf = ({ zones, mains, stations }: Field, zone: string): ZoneMains =>
  zoneMains(zones.find(({ id }) => id === zone)!, mains, stations)!;
