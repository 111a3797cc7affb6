import type { Curve, Tank } from '#gis/network/model.ts';
import type { TankShape } from './model.ts';
import { finite, positive } from './numbers.ts';
import { interpolate, polyline } from './polyline.ts';

/**
 * A tank as the solver needs it.
 *
 * @param curves of the network, by id
 * @throws RangeError naming the tank, when its levels contradict each other or its volume curve
 */
export function tankShape(tank: Tank, node: number, curves: Map<string, Curve>): TankShape {
  const what = `tank ${tank.id}`;
  const shape = {
    node,
    bottom: tank.elevation,
    minHead: tank.elevation + finite(tank.minLevel, `${what}: minimum level`),
    maxHead: tank.elevation + finite(tank.maxLevel, `${what}: maximum level`),
    initialHead: tank.elevation + finite(tank.initialLevel, `${what}: initial level`),
    overflow: tank.overflow ?? false,
  };
  const { initialLevel, minLevel, maxLevel } = tank;
  if (!(minLevel <= initialLevel && initialLevel <= maxLevel)) {
    throw new RangeError(`${what}: the initial level is not between the minimum and the maximum level`);
  }
  if (tank.volumeCurve === undefined) {
    const area = (Math.PI * positive(tank.diameter, `${what}: diameter`) ** 2) / 4;
    const minVolume = tank.minVolume > 0 ? tank.minVolume : area * minLevel;
    const maxVolume = minVolume + area * (maxLevel - minLevel);
    return {
      ...shape,
      area,
      minVolume,
      maxVolume,
      initialVolume: minVolume + area * (initialLevel - minLevel),
    };
  }
  const curve = polyline(curves.get(tank.volumeCurve)!, 1, 1);
  const { x, y } = curve;
  const last = x.length - 1;
  if (minLevel < x[0]! || maxLevel > x[last]!) {
    throw new RangeError(
      `${what}: volume curve ${tank.volumeCurve} does not reach from its minimum to its maximum level`,
    );
  }
  return {
    ...shape,
    curve,
    area: (y[last]! - y[0]!) / (x[last]! - x[0]!),
    minVolume: interpolate(curve, minLevel),
    maxVolume: interpolate(curve, maxLevel),
    initialVolume: interpolate(curve, initialLevel),
  };
}
