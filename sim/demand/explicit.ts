import type { Random } from '#sim/random.ts';
import type { DemandProcess } from './process.ts';
import { CHINESE_HOMES, logNormal, type PulseParameters } from './pulses.ts';

/** Every pulse by itself: exact for any number of homes and any step, cheap for few. */
export class PulseDemand implements DemandProcess {
  private remaining = new Float64Array(32);
  private intensity = new Float64Array(32);
  private count = 0;
  private readonly height: { mu: number; sigma: number };
  private readonly length: { mu: number; sigma: number };
  /** pulses per second and m³/h of mean flow */
  private readonly ratePerFlow: number;

  constructor(parameters: PulseParameters = CHINESE_HOMES) {
    this.height = logNormal(parameters.intensity);
    this.length = logNormal(parameters.duration);
    this.ratePerFlow = 1 / (parameters.intensity.mean * parameters.duration.mean);
  }

  step(mean: number, dt: number, random: Random): number {
    let volume = this.drain(dt);
    const arrivals = random.poisson(mean * this.ratePerFlow * dt);
    for (let k = 0; k < arrivals; k++) {
      const intensity = Math.exp(this.height.mu + this.height.sigma * random.normal());
      const duration = Math.exp(this.length.mu + this.length.sigma * random.normal());
      const within = dt * random.uniform();
      volume += intensity * Math.min(within, duration);
      if (duration > within) this.add(intensity, duration - within);
    }
    return volume / dt;
  }

  /** Lets the pulses under way run for `dt` s and drops those that end. */
  private drain(dt: number): number {
    const { remaining, intensity } = this;
    let volume = 0;
    for (let i = this.count - 1; i >= 0; i--) {
      const left = remaining[i]!;
      if (left > dt) {
        volume += intensity[i]! * dt;
        remaining[i] = left - dt;
      } else {
        volume += intensity[i]! * left;
        const last = --this.count;
        remaining[i] = remaining[last]!;
        intensity[i] = intensity[last]!;
      }
    }
    return volume;
  }

  private add(intensity: number, remaining: number): void {
    if (this.count === this.remaining.length) {
      this.remaining = grown(this.remaining);
      this.intensity = grown(this.intensity);
    }
    this.intensity[this.count] = intensity;
    this.remaining[this.count++] = remaining;
  }
}

function grown(array: Float64Array): Float64Array<ArrayBuffer> {
  const larger = new Float64Array(2 * array.length);
  larger.set(array);
  return larger;
}
