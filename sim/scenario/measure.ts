import type { City } from '#sim/city/model.ts';
import { selectStations } from './names.ts';
import { QUANTITIES } from './quantity.ts';
import { parseSelector, type Selector, type Subject } from './statement.ts';

/** A subject tied to a city: where its values are read. */
export interface Probe {
  unit: string;
  /** a station and pump set, or a node, per value */
  places: readonly { label: string }[];
  read: (place: number) => number;
}

/** @throws RangeError when nothing has the quantity */
export function probe(city: City, { quantity, selector }: Subject): Probe {
  const asked = QUANTITIES[quantity]!;
  if (asked.per === 'node') {
    const node = city.model.h.nodeIndex.get(selector.name);
    if (node === undefined) throw new RangeError(`there is no node ${selector.name}`);
    return { unit: asked.unit, places: [{ label: selector.name }], read: () => asked.read(city, node) };
  }
  const { unit, per, read, tank } = asked;
  const places = roomsIn(city, selector).flatMap((room) => {
    const { station } = city.model.rooms[room]!;
    if (tank && station.kind !== 'tank') return [];
    if (per === 'room') return [{ room, set: 0, label: station.code }];
    return station.pumpSets.flatMap(({ zone }, set) =>
      selector.set === undefined || selector.set === zone
        ? [{ room, set, label: `${station.code}/${zone}` }]
        : [],
    );
  });
  if (places.length === 0) throw new RangeError(`no room has ${quantity}`);
  return {
    unit,
    places,
    read: (place) => {
      const { room, set } = places[place]!;
      return read(city.rooms[room]!, set);
    },
  };
}

/** Indices of a selector's rooms. */
export function roomsIn({ model }: City, selector: Selector): number[] {
  const stations = model.rooms.map(({ station }) => station);
  return selectStations(stations, selector).map(({ code }) => model.roomOf.get(code)!);
}

/** Indices of the rooms that a text names: `zone Z-W1`. */
export function roomsOf(city: City, stations: string): number[] {
  return roomsIn(city, parseSelector(stations));
}
