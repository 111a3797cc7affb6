/** Seeded random numbers: the same seed gives the same city on every machine. */
export interface Random {
  /** uniform in [0, 1) */
  next(): number;
  /** uniform in [low, high) */
  between(low: number, high: number): number;
  /** standard normal */
  normal(): number;
  /** exp(μ + σ·N) with the given median, clipped */
  logNormal(median: number, sigma: number, low: number, high: number): number;
  pick<T>(items: readonly T[]): T;
  /** index drawn with the given weights (need not add up to 1) */
  weighted(weights: readonly number[]): number;
  shuffle<T>(items: T[]): T[];
}

/** xoshiro128** (Blackman & Vigna 2018), its state filled from the seed and a stream name by splitmix32. */
export function seededRandom(seed: number, stream: string): Random {
  let fill = seed >>> 0;
  for (let i = 0; i < stream.length; i++) fill = Math.imul(fill ^ stream.charCodeAt(i), 0x01000193) >>> 0;
  const splitmix = (): number => {
    fill = (fill + 0x9e3779b9) >>> 0;
    let z = fill;
    z = Math.imul(z ^ (z >>> 16), 0x85ebca6b);
    z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35);
    return (z ^ (z >>> 16)) >>> 0;
  };
  let a = splitmix();
  let b = splitmix();
  let c = splitmix();
  let d = splitmix();
  const uint32 = (): number => {
    const result = Math.imul(rotateLeft(Math.imul(b, 5), 7), 9) >>> 0;
    const t = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= t;
    d = rotateLeft(d, 11);
    return result;
  };
  const next = () => uint32() / 4294967296;
  const normal = () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
  return {
    next,
    normal,
    between: (low, high) => low + (high - low) * next(),
    logNormal: (median, sigma, low, high) =>
      Math.min(high, Math.max(low, median * Math.exp(sigma * normal()))),
    pick: (items) => items[Math.floor(next() * items.length)]!,
    weighted: (weights) => {
      let left = next() * weights.reduce((sum, w) => sum + w, 0);
      for (let k = 0; k < weights.length; k++) {
        left -= weights[k]!;
        if (left < 0) return k;
      }
      return weights.length - 1;
    },
    shuffle: (items) => {
      for (let k = items.length - 1; k > 0; k--) {
        const j = Math.floor(next() * (k + 1));
        [items[k], items[j]] = [items[j]!, items[k]!];
      }
      return items;
    },
  };
}

function rotateLeft(x: number, k: number): number {
  return (x << k) | (x >>> (32 - k));
}
