/** The whole state of a generator, for saving and forking. */
export type RandomState = readonly [a: number, b: number, c: number, counter: number];

/**
 * Seeded pseudo-random numbers: sfc32 (Chris Doty-Humphrey, PractRand). Equal seeds give equal sequences.
 * Streams of one seed are independent of each other for every practical purpose.
 */
export class Random {
  private a: number;
  private b: number;
  private c: number;
  private counter: number;

  constructor(seed: number, stream = 0) {
    this.a = seed | 0;
    this.b = Math.floor(seed / 2 ** 32) | 0;
    this.c = stream | 0;
    this.counter = 1;
    for (let i = 0; i < 15; i++) this.bits();
  }

  /** 32 random bits as a signed integer. */
  bits(): number {
    const sum = (((this.a + this.b) | 0) + this.counter) | 0;
    this.counter = (this.counter + 1) | 0;
    this.a = this.b ^ (this.b >>> 9);
    this.b = (this.c + (this.c << 3)) | 0;
    this.c = (((this.c << 21) | (this.c >>> 11)) + sum) | 0;
    return sum;
  }

  /** Uniform in [0, 1). */
  uniform(): number {
    return (this.bits() >>> 0) / 2 ** 32;
  }

  /** Uniform in [low, high). */
  between(low: number, high: number): number {
    return low + (high - low) * this.uniform();
  }

  /** Standard normal deviate (Box and Muller 1958). */
  normal(): number {
    return Math.sqrt(-2 * Math.log(1 - this.uniform())) * Math.cos(2 * Math.PI * this.uniform());
  }

  /**
   * Nearly normal deviate for sensor noise, mean 0 and variance 1: the sum of the four bytes of one draw
   * (Irwin-Hall), never beyond ±3.46. Ten times cheaper than `normal`.
   */
  roughNormal(): number {
    const x = this.bits();
    return ((x & 255) + ((x >>> 8) & 255) + ((x >>> 16) & 255) + (x >>> 24) - 510) / FOUR_BYTES_SD;
  }

  /** Fills `out` with what as many calls of `roughNormal` would give, in a third of the time. */
  fillRoughNormal(out: Float64Array): void {
    let { a, b, c, counter } = this;
    for (let i = 0; i < out.length; i++) {
      const x = (((a + b) | 0) + counter) | 0;
      counter = (counter + 1) | 0;
      a = b ^ (b >>> 9);
      b = (c + (c << 3)) | 0;
      c = (((c << 21) | (c >>> 11)) + x) | 0;
      const bytes = (x & 255) + ((x >>> 8) & 255) + ((x >>> 16) & 255) + (x >>> 24) - 510;
      out[i] = bytes / FOUR_BYTES_SD;
    }
    this.a = a;
    this.b = b;
    this.c = c;
    this.counter = counter;
  }

  /**
   * Moves every `stride`-th of the levels on as a first-order autoregression each: a share of it is kept and a nearly
   * normal deviate times `kick` is added. Draws what as many calls of `roughNormal` would, in a third of the time.
   */
  wander(levels: Float64Array, stride: number, kept: number, kick: number): void {
    let { a, b, c, counter } = this;
    const unit = kick / FOUR_BYTES_SD;
    for (let i = 0; i < levels.length; i += stride) {
      const x = (((a + b) | 0) + counter) | 0;
      counter = (counter + 1) | 0;
      a = b ^ (b >>> 9);
      b = (c + (c << 3)) | 0;
      c = (((c << 21) | (c >>> 11)) + x) | 0;
      const bytes = (x & 255) + ((x >>> 8) & 255) + ((x >>> 16) & 255) + (x >>> 24) - 510;
      levels[i] = levels[i]! * kept + bytes * unit;
    }
    this.a = a;
    this.b = b;
    this.c = c;
    this.counter = counter;
  }

  /** Exponential deviate of the given mean. */
  exponential(mean: number): number {
    return -mean * Math.log(1 - this.uniform());
  }

  /** Poisson deviate: by inversion for small means, by the normal approximation from 30 on. */
  poisson(mean: number): number {
    if (mean <= 0) return 0;
    if (mean >= 30) return Math.max(0, Math.round(mean + Math.sqrt(mean) * this.normal()));
    let count = 0;
    let term = Math.exp(-mean);
    let left = this.uniform() - term;
    while (left >= 0 && count < 200) {
      count++;
      term *= mean / count;
      left -= term;
    }
    return count;
  }

  save(): RandomState {
    return [this.a, this.b, this.c, this.counter];
  }

  restore([a, b, c, counter]: RandomState): void {
    this.a = a | 0;
    this.b = b | 0;
    this.c = c | 0;
    this.counter = counter | 0;
  }
}

/** Standard deviation of the sum of four independent bytes. */
const FOUR_BYTES_SD = Math.sqrt((4 * (256 ** 2 - 1)) / 12);

/** A number in [0, 1) that belongs to a seed and two indices: noise that needs no state. */
export function hashUniform(seed: number, i: number, j = 0): number {
  let x = (Math.imul(seed | 0, 0x9e3779b1) ^ Math.imul(i | 0, 0x85ebca77) ^ Math.imul(j | 0, 0xc2b2ae3d)) | 0;
  x = Math.imul(x ^ (x >>> 16), 0x7feb352d);
  x = Math.imul(x ^ (x >>> 15), 0x846ca68b);
  return ((x ^ (x >>> 16)) >>> 0) / 2 ** 32;
}

/** A standard normal deviate that belongs to a seed and two indices. */
export function hashNormal(seed: number, i: number, j = 0): number {
  const radius = Math.sqrt(-2 * Math.log(1 - hashUniform(seed, i, 2 * j)));
  return radius * Math.cos(2 * Math.PI * hashUniform(seed, i, 2 * j + 1));
}
