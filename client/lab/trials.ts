import type { ScenarioEvent } from '#sim/scenario/schema.ts';
import type { Station } from '#twin/model/station.ts';

/** What can be done to the room of the lab. */
export const TRIALS = [
  'pumpTrip',
  'powerCut',
  'demandSurge',
  'valveOpen',
  'valveShut',
  'sensorFrozen',
  'loopHunting',
  'checkValve',
] as const;
export type Trial = (typeof TRIALS)[number];

/** The event of a trial in a room's first pump set; undefined where the room has nothing it could befall. */
export function trialEvent(trial: Trial, { code, kind, pumpSets }: Station): ScenarioEvent | undefined {
  const set = pumpSets[0]!.zone;
  const pumps = pumpSets[0]!.pumps;
  const here = { station: code, set };
  switch (trial) {
    case 'pumpTrip':
      return { do: 'pump-trip', ...here, pump: pumps[0]!.id };
    case 'powerCut':
      return { do: 'power-cut', stations: code };
    case 'demandSurge':
      return { do: 'demand-surge', stations: code, factor: 2.5 };
    case 'valveOpen':
      return kind === 'tank' ? { do: 'valve-stuck', station: code, position: 100 } : undefined;
    case 'valveShut':
      return kind === 'tank' ? { do: 'valve-stuck', station: code, position: 0 } : undefined;
    case 'sensorFrozen':
      return { do: 'sensor-fault', ...here, point: 'P_OUT', fault: 'frozen', by: 0 };
    case 'loopHunting':
      return { do: 'detuned-loop', ...here, gain: 8, lag: 4 };
    case 'checkValve':
      return pumps.length > 1
        ? { do: 'check-valve-leak', ...here, pump: pumps.at(-1)!.id, conductance: 2 }
        : undefined;
  }
}
