import { hydraulicPower, Status } from './constants.ts';
import { patternFactors } from './demands.ts';
import type { HydraulicState, Hydraulics } from './model.ts';
import { interpolate } from './polyline.ts';

/** What a pump used since the start. */
export interface PumpEnergy {
  pump: string;
  kWh: number;
  cost: number;
  /** share of the time on line, % */
  utilization: number;
  /** mean while on line, % */
  efficiency: number;
  /** mean while on line */
  averageKW: number;
  peakKW: number;
}

/** Electric power of a pump at the present solution, kW, and its efficiency as a fraction; 0 when it stands still. */
export function pumpPower(
  h: Hydraulics,
  s: HydraulicState,
  pump: number,
): { kW: number; efficiency: number } {
  const { link, efficiency: curve } = h.pumps[pump]!;
  const speed = s.setting[link]!;
  if (s.status[link]! <= Status.closed || speed === 0) return { kW: 0, efficiency: 0 };
  const q = Math.abs(s.flow[link]!);
  const head = Math.abs(s.head[h.to[link]!]! - s.head[h.from[link]!]!);
  let percent = h.network.energy?.efficiency ?? 75;
  // Efficiency at other speeds: Sârbu and Borza (1998).
  if (curve) percent = 100 - (100 - interpolate(curve, q / speed)) * speed ** -0.1;
  const efficiency = Math.min(100, Math.max(1, percent)) / 100;
  return { kW: (head * q * h.options.specificGravity * hydraulicPower) / efficiency, efficiency };
}

/** What each pump draws (kW), its efficiency and what a kWh costs, at the present solution: three numbers a pump. */
export function energyRates(h: Hydraulics, s: HydraulicState): Float64Array {
  const rates = new Float64Array(3 * h.pumps.length);
  if (h.pumps.length === 0) return rates;
  const now = patternFactors(h, s.time);
  const { price = 0, pricePattern } = h.network.energy ?? {};
  const global = pricePattern === undefined ? 1 : (now[h.patternIndex.get(pricePattern) ?? -1] ?? 1);
  h.pumps.forEach((pump, i) => {
    const { kW, efficiency } = pumpPower(h, s, i);
    const tariff = pump.pricePattern >= 0 ? now[pump.pricePattern]! : global;
    rates[3 * i] = kW;
    rates[3 * i + 1] = efficiency;
    rates[3 * i + 2] = (pump.price > 0 ? pump.price : price) * tariff;
  });
  return rates;
}

/** Adds up the energy of `dt` seconds at these rates. */
export function addEnergy(s: HydraulicState, rates: Float64Array, dt: number): void {
  const { energy } = s;
  const hours = dt / 3600;
  let together = 0;
  for (let i = 0; 3 * i < rates.length; i++) {
    const kW = rates[3 * i]!;
    const efficiency = rates[3 * i + 1]!;
    if (efficiency === 0) continue;
    together += kW;
    const at = 5 * i;
    energy[at] = energy[at]! + kW * hours;
    energy[at + 1] = energy[at + 1]! + kW * hours * rates[3 * i + 2]!;
    energy[at + 2] = energy[at + 2]! + hours;
    energy[at + 3] = energy[at + 3]! + efficiency * hours;
    energy[at + 4] = Math.max(energy[at + 4]!, kW);
  }
  s.peakPower = Math.max(s.peakPower, together);
}

/** Energy of every pump since the start of the simulation. */
export function energyReport(h: Hydraulics, s: HydraulicState): PumpEnergy[] {
  return h.pumps.map((pump, i) => {
    const [kWh, cost, hours, efficiencyHours, peakKW] = s.energy.subarray(
      5 * i,
      5 * i + 5,
    ) as unknown as number[];
    return {
      pump: h.linkIds[pump.link]!,
      kWh: kWh!,
      cost: cost!,
      utilization: s.time > 0 ? (100 * 3600 * hours!) / s.time : 0,
      efficiency: hours! > 0 ? (100 * efficiencyHours!) / hours! : 0,
      averageKW: hours! > 0 ? kWh! / hours! : 0,
      peakKW: peakKW!,
    };
  });
}
