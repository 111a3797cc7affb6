import { type Profile, usualAt } from '#twin/baseline/profile.ts';
import { HOUR } from '#twin/units.ts';

/** After so many hours two thirds of a difference from what is usual are gone. */
const MEMORY_HOURS = 12;

/**
 * What a value will be: what is usual then, at the level of the last hours, which fades. NaN while too little is known.
 * @param local the instant that is asked for, local ms
 */
export function forecastAt(profile: Profile, local: number): number {
  const usual = usualAt(profile, local);
  const hours = local / HOUR - (profile.levelHour + 1);
  if (Number.isNaN(hours)) return usual;
  return usual * (1 + (profile.level - 1) * Math.exp(-Math.max(0, hours) / MEMORY_HOURS));
}
