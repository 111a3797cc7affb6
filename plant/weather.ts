import { localTime } from '#sim/calendar.ts';
import type { Circumstances, City } from '#sim/city/model.ts';
import { hashNormal } from '#sim/random.ts';

/** Relative swing of arriving chlorine; water is freshest when demand is high. */
const CHLORINE = { dosing: 0.03, travel: 0.06, freshest: 21, stream: 2 };
/** Works do not keep their speeds to the letter: relative swing, and its memory in h. */
const SPEED = { sd: 0.004, memory: 0.25, stream: 3 };

/** What goes on around the rooms without anybody doing anything, at the city's time: a function of time alone. */
export function moveBase(city: City, base: Circumstances, seed: number): void {
  const { day, hour } = localTime(city.time);
  const hours = day * 24 + hour;
  const travel = CHLORINE.travel * Math.cos((2 * Math.PI * (hour - CHLORINE.freshest)) / 24);
  city.model.rooms.forEach(({ profile }, i) => {
    const dosing = CHLORINE.dosing * swing(profile.seed, hours, CHLORINE.stream);
    base.chlorine[i] = Math.max(0.3, 1 + dosing + travel);
  });
  for (let i = 0; i < base.speed.length; i++)
    base.speed[i] = 1 + SPEED.sd * swing(seed + i, hours / SPEED.memory, SPEED.stream);
}

/** Standard normal at whole numbers, straight lines between them. */
function swing(seed: number, x: number, stream: number): number {
  const at = Math.floor(x);
  const here = hashNormal(seed, at, stream);
  return here + (hashNormal(seed, at + 1, stream) - here) * (x - at);
}
