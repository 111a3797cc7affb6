import { MEAN_FLOW_PER_HOME } from '#sim/demand/pulses.ts';
import { Random } from '#sim/random.ts';
import { AS_NEW, type PumpCondition, type RoomCondition } from '#sim/station/condition.ts';
import type { Station } from '#twin/model/station.ts';

/**
 * What is true of the demo's equipment and unknown to the twin, drawn from the plant's own seed:
 * pumps that lost head (1–2 % a year) and efficiency (0.5–1 %-point a year) by differing amounts, clogged
 * strainers, service branches rougher or smoother than drawn, leaks behind the pumps, demand above or below
 * what the utility has on file, chlorine decay, quality of the arriving water, climate of the room, radio.
 */
export interface Truth {
  condition: RoomCondition;
  /** factor on the demand on file */
  demandFactor: number;
  /** seed of days, hours and seconds of demand */
  demandSeed: number;
  /** totals at the first start: the meters have counted since the station was built */
  counters: { years: number; pumpHours: readonly (readonly number[])[] };
}

/** @param year the present one */
export function truthOf(station: Station, seed: number, number: number, year: number): Truth {
  const random = new Random(seed, number);
  const sets = station.pumpSets.map((set) => ({
    pumps: set.pumps.map((pump) => pumpCondition(Math.max(0, year - pump.year), pump.motorKw, random)),
  }));
  const years = Math.max(0.2, year - station.year - random.uniform());
  return {
    condition: { ...AS_NEW, ...place(station, random), sets },
    demandFactor: Math.min(1.12, Math.max(0.82, Math.exp(0.07 * random.normal()))),
    demandSeed: random.bits() >>> 0,
    counters: {
      years,
      pumpHours: station.pumpSets.map((set) => {
        const share = 1.3 / set.pumps.length;
        return set.pumps.map(() => years * 8766 * share * random.between(0.85, 1.15));
      }),
    },
  };
}

/** Mean volume of a station in a year on file, m³. */
export function yearlyVolume(station: Station): number {
  return Math.max(station.meanDemand, MEAN_FLOW_PER_HOME) * 8766;
}

function pumpCondition(age: number, motorKw: number, random: Random): PumpCondition {
  const worn = Math.min(12, age);
  return {
    head: Math.max(0.82, 1 - worn * random.between(0.004, 0.014)),
    efficiency: Math.max(0.75, 1 - worn * random.between(0.005, 0.013)),
    clogging: random.uniform() < 0.08 ? random.between(0.03, 0.12) : 0,
    vibration: (0.7 + 0.25 * Math.log10(1 + motorKw) + 0.06 * worn) * Math.exp(0.2 * random.normal()),
    checkLeak: 0,
  };
}

function place(station: Station, random: Random): Partial<RoomCondition> {
  // a few buildings leak a lot, most a little
  const leakShare = 0.03 * Math.exp(0.8 * random.normal());
  return {
    branchFactor: Math.exp(0.25 * random.normal()),
    leakShare: Math.min(0.25, leakShare),
    chlorineDecay: random.between(0.35, 0.8),
    decayPerDegree: random.between(1.07, 1.1),
    source: {
      chlorine: random.between(0.32, 0.58),
      turbidity: random.between(0.08, 0.24),
      ph: random.between(7.05, 7.55),
      conductivity: random.between(110, 210),
    },
    baseLoad: station.kind === 'booster' ? random.between(1.2, 3) : random.between(0.25, 0.6),
    roomWarmth: random.between(0.5, 3.5),
    humidity: random.between(52, 68),
    quietNoise: random.between(38, 44),
    voltage: random.between(378, 394),
    signal: random.between(-86, -64),
    roundTrip: random.between(32, 70),
    daysBetweenVisits: random.between(6, 14),
    valveStroke: random.between(30, 60),
  };
}
