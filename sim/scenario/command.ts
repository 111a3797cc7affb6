import type { City } from '#sim/city/model.ts';
import { writeOutput } from '#sim/station/outputs.ts';
import { roomsOf } from './measure.ts';
import type { ScenarioEvent } from './schema.ts';

/**
 * Gives a command to rooms, as a scenario's event does.
 * @param offline stations that do not hear it
 * @returns what was not delivered or was refused, and why
 */
export function giveCommand(
  city: City,
  event: Extract<ScenarioEvent, { do: 'command' }>,
  offline: ReadonlySet<string>,
): string[] {
  const point = event.point === 'P_SET' ? `${event.set}/P_SET` : event.point;
  return roomsOf(city, event.stations).flatMap((i) => {
    const { station } = city.model.rooms[i]!;
    if (offline.has(station.code)) return [`${station.code} is not heard from: ${event.point} not delivered`];
    try {
      writeOutput(city.rooms[i]!, point, event.value);
      return [];
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      return [error.message];
    }
  });
}
