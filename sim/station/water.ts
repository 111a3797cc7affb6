import type { Room } from './state.ts';

/** Water that does not stand in a tank passes the room in about this time, s. */
const PASSAGE = 120;
/** The share of the volume below which a tank no longer mixes: keeps the exchange rate finite. */
const LEAST_SHARE = 0.02;
/** A tank follows the temperature of its room in some days. */
const WARMING = 4 * 86_400;
/** Full inflow stirs up sediment, NTU; it settles in this time, s. */
const STIRRED = 0.04;
const SETTLING = 1800;

/** First-order bulk decay at a temperature, 1/h: `k20 θ^(T − 20)`. */
export function decayRate(perDayAt20: number, perDegree: number, celsius: number): number {
  return (perDayAt20 * perDegree ** (celsius - 20)) / 24;
}

/** What flows into a mixed tank and what it holds while a step lasts. */
export interface Mixing {
  /** m³/h */
  inflow: number;
  /** mean volume over the step, m³ */
  volume: number;
  /** h */
  dt: number;
}

/** Concentration in a mixed tank after a step: exact for constant inflow, volume and decay (1/h). */
export function mixedConcentration(now: number, incoming: number, decay: number, mixing: Mixing): number {
  const exchange = mixing.inflow / mixing.volume;
  const rate = exchange + decay;
  if (rate * mixing.dt < 1e-12) return now;
  const settled = (exchange * incoming) / rate;
  return settled + (now - settled) * Math.exp(-rate * mixing.dt);
}

/** Mean age of the water in a mixed tank after a step, h: `dA/dt = 1 − A·q/V`. */
export function mixedAge(now: number, mixing: Mixing): number {
  const exchange = mixing.inflow / mixing.volume;
  const turnover = exchange * mixing.dt;
  if (turnover < 1e-9) return now + mixing.dt;
  const kept = Math.exp(-turnover);
  return now * kept + (1 - kept) / exchange;
}

/**
 * Chlorine, age, temperature and turbidity of the water a room gives, over `dt` s.
 * @param incoming chlorine of the arriving water, mg/L
 * @param temperature of the arriving water, °C
 * @param volume mean of the tank over the step, m³
 */
export function stepWater(
  room: Room,
  incoming: number,
  temperature: number,
  volume: number,
  dt: number,
): void {
  const { spec, state } = room;
  const source = spec.condition.source;
  const settle = Math.min(1, dt / SETTLING);
  if (!spec.tank) {
    const share = Math.min(1, dt / PASSAGE);
    state.chlorine += (0.98 * incoming - state.chlorine) * share;
    state.age = PASSAGE / 3600;
    state.waterTemperature += (temperature - state.waterTemperature) * share;
    state.turbidity += (source.turbidity - state.turbidity) * settle;
    return;
  }
  const decay = decayRate(
    spec.condition.chlorineDecay,
    spec.condition.decayPerDegree,
    state.waterTemperature,
  );
  mixing.inflow = state.inflow;
  mixing.volume = Math.max(volume, LEAST_SHARE * spec.tank.volume);
  mixing.dt = dt / 3600;
  state.chlorine = mixedConcentration(state.chlorine, incoming, decay, mixing);
  state.age = mixedAge(state.age, mixing);
  const exchanged = Math.min(1, (mixing.inflow * mixing.dt) / mixing.volume);
  state.waterTemperature +=
    (temperature - state.waterTemperature) * exchanged +
    (state.roomTemperature - state.waterTemperature) * Math.min(1, dt / WARMING);
  const stirred = source.turbidity + STIRRED * Math.min(1, state.inflow / spec.inlet.maxFlow);
  state.turbidity += (stirred - state.turbidity) * settle;
}

const mixing: Mixing = { inflow: 0, volume: 1, dt: 0 };
