/** Pipes in series, from one junction of the core to another; the junctions between them have no other link. */
export interface Chain {
  from: number;
  to: number;
  /** in the order of the way from `from` to `to` */
  links: number[];
  inner: number[];
}

/**
 * Splits the pipes of the core into chains. No chain ends where it began: a ring is cut at one of its junctions.
 *
 * @param pipes links that only carry
 * @param inner 1 = a junction of exactly two links, both in `pipes`; set to 0 where a ring is cut
 */
export function chainsOf(pipes: number[], ends: (readonly [number, number])[], inner: Uint8Array): Chain[] {
  // Of an inner junction's two links one is known: their sum gives the other.
  const linkSum = new Float64Array(inner.length);
  for (const k of pipes) for (const i of ends[k]!) linkSum[i]! += k;
  const taken = new Uint8Array(ends.length);
  const chains: Chain[] = [];
  const walk = (from: number, first: number): void => {
    const chain: Chain = { from, to: from, links: [], inner: [] };
    for (let k = first; ; ) {
      chain.links.push(k);
      taken[k] = 1;
      const [a, b] = ends[k]!;
      chain.to = a === chain.to ? b : a;
      if (!inner[chain.to]) break;
      chain.inner.push(chain.to);
      k = linkSum[chain.to]! - k;
    }
    if (chain.to !== from || chain.inner.length === 0) {
      chains.push(chain);
      return;
    }
    const cut = chain.inner.shift()!;
    inner[cut] = 0;
    chains.push({ from, to: cut, links: [chain.links.shift()!], inner: [] }, { ...chain, from: cut });
  };
  for (const k of pipes) {
    const [a, b] = ends[k]!;
    if (taken[k] || (inner[a] && inner[b])) continue;
    walk(inner[a] ? b : a, k);
  }
  // What is left are rings that hang on nothing.
  for (const k of pipes) {
    if (taken[k]) continue;
    inner[ends[k]![0]] = 0;
    walk(ends[k]![0], k);
  }
  return chains;
}
