import { mpaFromMetres } from '#twin/units.ts';

/** Node pressures of a network over time. */
export interface PressureResult {
  nodeIds: readonly string[];
  /** seconds since midnight */
  times: readonly number[];
  /** per time, per node: m of water */
  pressure: readonly ArrayLike<number>[];
}

/**
 * Mains pressure at the inlet of each station at every full hour of a day.
 *
 * @param stations their codes and the network nodes they draw from
 * @returns code → 24 pressures in MPa, index = hour
 * @throws RangeError naming the station or hour that the result does not hold
 */
export function stationMainsPressure(
  result: PressureResult,
  stations: readonly { code: string; node: string }[],
): Map<string, Float64Array> {
  const nodeAt = new Map(result.nodeIds.map((id, k) => [id, k]));
  const hours = Array.from({ length: 24 }, (_, hour) => {
    const step = result.times.indexOf(hour * 3600);
    if (step < 0) throw new RangeError(`the hydraulic result has no step at ${hour}:00`);
    return result.pressure[step]!;
  });
  return new Map(
    stations.map(({ code, node }) => {
      const at = nodeAt.get(node);
      if (at === undefined)
        throw new RangeError(`station ${code}: node ${node} is not in the hydraulic result`);
      return [code, Float64Array.from(hours, (pressure) => mpaFromMetres(Math.max(0, pressure[at]!)))];
    }),
  );
}
