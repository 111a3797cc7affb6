import type { Network } from '#gis/network/model.ts';
import { finite, positive } from './numbers.ts';

/** The demand categories of all junctions as columns, by node: node, base demand in the solver's m³/s, pattern or −1. */
export function demandsOf(
  network: Network,
  nodeOrder: Int32Array,
  flowScale: number,
  patternOf: (id: string | undefined) => number,
) {
  // EPANET's default pattern is "1" when the file has one and names no other.
  const named = network.options.defaultPattern ?? '1';
  const fallback = network.patterns.some((pattern) => pattern.id === named) ? patternOf(named) : -1;
  const categories: { node: number; base: number; pattern: number }[] = [];
  network.nodes.forEach((junction, i) => {
    if (junction.kind !== 'junction') return;
    for (const demand of junction.demands) {
      const value = finite(demand.base, `junction ${junction.id}: demand`);
      if (value === 0) continue;
      categories.push({
        node: nodeOrder[i]!,
        base: value * flowScale * network.options.demandMultiplier,
        pattern: demand.pattern === undefined ? fallback : patternOf(demand.pattern),
      });
    }
  });
  categories.sort((a, b) => a.node - b.node);
  return {
    demandNode: Int32Array.from(categories, ({ node }) => node),
    demandBase: Float64Array.from(categories, ({ base }) => base),
    demandPattern: Int32Array.from(categories, ({ pattern }) => pattern),
  };
}

/** Junctions with an emitter, and the coefficient of its head loss. */
export function emittersOf(network: Network, nodeOrder: Int32Array, flowScale: number) {
  const exponent = network.options.emitterExponent;
  return network.nodes.flatMap((node, i) => {
    if (node.kind !== 'junction' || !node.emitter) return [];
    const coefficient = positive(node.emitter, `junction ${node.id}: emitter coefficient`) * flowScale;
    // Head loss of the outflow: h = coefficient · q^(1/exponent).
    return [{ node: nodeOrder[i]!, coefficient: coefficient ** (-1 / exponent) }];
  });
}
