import { noFlow } from './constants.ts';
import type { HydraulicState, Hydraulics, TankShape } from './model.ts';
import { interpolate, interpolateInverse } from './polyline.ts';

/** m³ at a head, without limits but those of a volume curve. */
export function tankVolumeAt(tank: TankShape, head: number): number {
  if (tank.curve) return interpolate(tank.curve, head - tank.bottom);
  return tank.minVolume + (head - tank.minHead) * tank.area;
}

export function tankHeadAt(tank: TankShape, volume: number): number {
  if (tank.curve) return tank.bottom + interpolateInverse(tank.curve, volume);
  return tank.minHead + (volume - tank.minVolume) / tank.area;
}

/** Seconds until the first tank is full or empty at the present flows, in whole ticks; Infinity if none. */
export function timeToTankLimit(h: Hydraulics, s: HydraulicState, tick: number): number {
  let soonest = Number.POSITIVE_INFINITY;
  h.tanks.forEach((tank, i) => {
    const q = s.inflow[tank.node]!;
    const head = s.head[tank.node]!;
    if (Math.abs(q) <= noFlow) return;
    let volume: number;
    if (q > 0 && head < tank.maxHead) volume = tank.maxVolume - s.tankVolume[i]!;
    else if (q < 0 && head > tank.minHead) volume = tank.minVolume - s.tankVolume[i]!;
    else return;
    const wait = Math.round(volume / q / tick) * tick;
    if (wait >= tick / 2 && wait < soonest) soonest = wait;
  });
  return soonest;
}

/** Fills and empties tanks for `dt` seconds at the present flows; a limit within one tick counts as reached. */
export function moveTanks(h: Hydraulics, s: HydraulicState, dt: number, tick: number): void {
  h.tanks.forEach((tank, i) => {
    const q = s.inflow[tank.node]!;
    let volume = s.tankVolume[i]! + q * dt;
    if (volume + q * tick >= tank.maxVolume) volume = tank.maxVolume;
    else if (volume + q * tick <= tank.minVolume) volume = tank.minVolume;
    s.tankVolume[i] = volume;
    s.head[tank.node] = tankHeadAt(tank, volume);
  });
}
