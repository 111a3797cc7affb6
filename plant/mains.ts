import type { Random } from '#sim/random.ts';

/** Fluctuations of a main: standard deviation in MPa and memory in s. Slow ones from switching, fast from taps. */
const SLOW = { sd: 0.004, time: 900 };
const FAST = { sd: 0.0015, time: 15 };

/** Pressure in the main at one station: an hourly curve with fluctuations on it. */
export class MainsPressure {
  private slow = 0;
  private fast = 0;

  /** @param hourly 24 values in MPa, at the full hours, local time */
  constructor(private readonly hourly: ArrayLike<number>) {}

  /** Moves on by `dt` s and returns the pressure, MPa. @param expected of the hourly curve */
  step(expected: number, dt: number, random: Random): number {
    this.slow = wander(this.slow, SLOW.time, dt, random);
    this.fast = wander(this.fast, FAST.time, dt, random);
    return Math.max(0, expected + SLOW.sd * this.slow + FAST.sd * this.fast);
  }

  /** What the curve has at an hour of the day, [0, 24), MPa. */
  expected(hour: number): number {
    const from = Math.floor(hour);
    const share = hour - from;
    return this.hourly[from]! * (1 - share) + this.hourly[(from + 1) % 24]! * share;
  }
}

function wander(x: number, time: number, dt: number, random: Random): number {
  const share = Math.min(1, dt / time);
  return x * (1 - share) + Math.sqrt(share * (2 - share)) * random.roughNormal();
}
