import { type Around, type Look, NO_ZONE } from '#twin/rules/look.ts';
import { countAround } from '#twin/rules/neighbours.ts';
import type { AlarmEngine, Zones } from './standing.ts';

export const noZones = (): Zones => ({ numbers: new Map(), of: new Map() });

/** Where the stations lie, with nothing counted yet; null when no rule asks for neighbours. */
export function lookAround({ zones, areaOf, workshops, fleets }: AlarmEngine): Around | null {
  if (![...workshops.values()].some(({ neighbours }) => neighbours.size > 0)) return null;
  for (const fleet of fleets.values()) {
    const known = zones.of.get(fleet) ?? [];
    zones.of.set(fleet, known);
    for (const { columns, row } of fleet.stations.slice(known.length)) {
      const { zone } = areaOf(columns.codes[row]!);
      if (zone === '') {
        known.push(NO_ZONE);
        continue;
      }
      const number = zones.numbers.get(zone) ?? zones.numbers.size;
      zones.numbers.set(zone, number);
      known.push(number);
    }
  }
  return { zoneOf: zones.of, zones: zones.numbers.size, counts: new Map() };
}

/** Counts what rules ask of the stations around. */
export function countNeighbours({ workshops }: AlarmEngine, look: Look): void {
  if (!look.around) return;
  for (const [key, of] of workshops.get(look.fleet)?.neighbours ?? [])
    countAround(look.around, key, of, look);
}
