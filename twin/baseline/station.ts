import type { PressureZone } from '#twin/model/station.ts';
import { mpaFromMetres } from '#twin/units.ts';
import { learnCurve, noCurve, type PumpCurve } from './curve.ts';
import { type Energy, learnEnergy, loadEnergy, noEnergy, type SavedBand, saveEnergy } from './energy.ts';
import { addValue, type HourMean, loadHour, noHour, type SavedHour, saveHour } from './hourMean.ts';
import { learnNightHour, loadNights, type Nights, noNights, type SavedNights, saveNights } from './nights.ts';
import type { Plan, SetPlan } from './plan.ts';
import {
  emptyProfile,
  learnValue,
  loadProfile,
  type Profile,
  type SavedProfile,
  saveProfile,
} from './profile.ts';

/** What is usual at a station. */
export interface StationBaseline {
  /** by full point name */
  readonly profiles: Map<string, Profile>;
  readonly sets: Map<PressureZone, SetBaseline>;
}

export interface SetBaseline {
  nights: Nights;
  energy: Energy;
  /** power of the pumps in the hour that runs, kW */
  readonly power: HourMean;
  /** by name of the pump: `LO/P1` */
  readonly pumps: Map<string, PumpCurve>;
}

export const emptyBaseline = (): StationBaseline => ({ profiles: new Map(), sets: new Map() });

/** The profile of a point, made when it is asked for first. */
export function profileOf({ profiles }: StationBaseline, name: string): Profile {
  const profile = profiles.get(name) ?? emptyProfile();
  profiles.set(name, profile);
  return profile;
}

/** What is learnt of a pump set, made when it is asked for first. */
export function setOf({ sets }: StationBaseline, zone: PressureZone): SetBaseline {
  const set = sets.get(zone) ?? { nights: noNights(), energy: noEnergy(), power: noHour(), pumps: new Map() };
  sets.set(zone, set);
  return set;
}

export function curveOf({ pumps }: SetBaseline, pump: string): PumpCurve {
  const curve = pumps.get(pump) ?? noCurve();
  pumps.set(pump, curve);
  return curve;
}

/**
 * Takes the values of a station at an instant, about one a minute.
 * @param read a value by its place in the template; NaN when it is not known
 * @param local ms since epoch plus the offset of the local time
 * @returns whether an hour ended: what is kept has changed
 */
export function learnStation(
  baseline: StationBaseline,
  plan: Plan,
  read: (index: number) => number,
  local: number,
): boolean {
  const suction = plan.level >= 0 ? mpaFromMetres(read(plan.level)) : read(plan.suction);
  let ended = false;
  for (const { name, index } of plan.profiles)
    if (learnValue(profileOf(baseline, name), local, read(index))) ended = true;
  for (const set of plan.sets) if (learnSet(baseline, set, read, suction, local)) ended = true;
  return ended;
}

function learnSet(
  baseline: StationBaseline,
  { zone, flow: flowAt, flowName, pressure, pumps }: SetPlan,
  read: (index: number) => number,
  suction: number,
  local: number,
): boolean {
  const set = setOf(baseline, zone);
  let kw = 0;
  let running = 0;
  let alone: SetPlan['pumps'][number] | null = null;
  for (const pump of pumps) {
    const run = read(pump.run);
    kw += read(pump.kw);
    running += run;
    if (run === 1) alone = pump;
  }
  const flow = read(flowAt);
  if (alone && running === 1)
    learnCurve(curveOf(set, alone.name), flow, read(pressure) - suction, read(alone.hz));
  const drawn = learnValue(profileOf(baseline, flowName), local, flow);
  const used = addValue(set.power, local, kw);
  if (!drawn) return false;
  learnNightHour(set.nights, drawn);
  if (used) learnEnergy(set.energy, drawn.hour, drawn.mean, used.mean);
  return true;
}

/** A baseline as plain data. */
export interface SavedBaseline {
  version: 1;
  profiles: [point: string, SavedProfile][];
  sets: SavedSet[];
}

interface SavedSet {
  zone: PressureZone;
  nights: SavedNights;
  energy: SavedBand[];
  power: SavedHour;
  pumps: [pump: string, PumpCurve][];
}

export const saveBaseline = ({ profiles, sets }: StationBaseline): SavedBaseline => ({
  version: 1,
  profiles: [...profiles].map(([name, profile]) => [name, saveProfile(profile)]),
  sets: [...sets].map(([zone, { nights, energy, power, pumps }]) => ({
    zone,
    nights: saveNights(nights),
    energy: saveEnergy(energy),
    power: saveHour(power),
    pumps: [...pumps].map(([name, { first, recent }]) => [
      name,
      { first: { ...first }, recent: { ...recent } },
    ]),
  })),
});

export const loadBaseline = ({ profiles, sets }: SavedBaseline): StationBaseline => ({
  profiles: new Map(profiles.map(([name, profile]) => [name, loadProfile(profile)])),
  sets: new Map(
    sets.map(({ zone, nights, energy, power, pumps }) => [
      zone,
      {
        nights: loadNights(nights),
        energy: loadEnergy(energy),
        power: loadHour(power),
        pumps: new Map(
          pumps.map(([name, { first, recent }]) => [name, { first: { ...first }, recent: { ...recent } }]),
        ),
      },
    ]),
  ),
});
