import { overSeconds, secondsPerHour } from '#twin/units.ts';
import { KIND, roomConstants } from './constants.ts';
import { inputLayout, roomLayout } from './fields.ts';
import { moment, NOW } from './moment.ts';
import { type Rooms, roomAt } from './rooms.ts';

const M = moment;
const N = NOW;
const ROOM_OWN = roomConstants.size;
const TOLD = inputLayout.size;

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
  return now + (settled - now) * lost(rate * mixing.dt);
}

/** Mean age of the water in a mixed tank after a step, h: `dA/dt = 1 − A·q/V`. */
export function mixedAge(now: number, mixing: Mixing): number {
  const exchange = mixing.inflow / mixing.volume;
  const turnover = exchange * mixing.dt;
  if (turnover < 1e-9) return now + mixing.dt;
  const gone = lost(turnover);
  return now * (1 - gone) + gone / exchange;
}

/** `1 − e^−x`, x ≥ 0: for the small x of a second by its series, to the last digit. */
function lost(x: number): number {
  if (x > 1e-3) return -Math.expm1(-x);
  return x * (1 - (x / 2) * (1 - (x / 3) * (1 - (x / 4) * (1 - x / 5))));
}

const R = roomLayout.at;
const IN = inputLayout.at;
const C = roomConstants.at;

/**
 * Chlorine, age, temperature and turbidity of the water that room `k` gives, over `dt` s. The mean volume of its
 * tank over the step is that of the `moment`.
 */
export function stepWater({ row, inputs, constants }: Rooms, k: number, dt: number): void {
  const own = constants.row;
  const i = roomAt(k);
  const c = k * ROOM_OWN;
  const incoming = inputs[k * TOLD + IN.chlorine]!;
  const temperature = inputs[k * TOLD + IN.water]!;
  let clear = own[c + C.turbidity]!;
  if (own[c + C.kind] === KIND.tank) {
    const inflow = row[i + R.inflow]!;
    clear += STIRRED * Math.min(1, inflow / own[c + C.maxFlow]!);
    mixing.inflow = inflow;
    mixing.volume = Math.max(M[N.meanVolume]!, LEAST_SHARE * own[c + C.tankVolume]!);
    mixing.dt = overSeconds(1, dt);
    const now = row[i + R.waterTemperature]!;
    const decay = own[c + C.chlorineDecay]! * Math.exp(own[c + C.decayPerDegree]! * (now - 20));
    row[i + R.chlorine] = mixedConcentration(row[i + R.chlorine]!, incoming, decay, mixing);
    row[i + R.age] = mixedAge(row[i + R.age]!, mixing);
    const exchanged = Math.min(1, (mixing.inflow * mixing.dt) / mixing.volume);
    const warm = Math.min(1, dt / WARMING);
    row[i + R.waterTemperature] =
      now + (temperature - now) * exchanged + (row[i + R.roomTemperature]! - now) * warm;
  } else {
    const pass = Math.min(1, dt / PASSAGE);
    row[i + R.chlorine] = row[i + R.chlorine]! + (0.98 * incoming - row[i + R.chlorine]!) * pass;
    row[i + R.age] = PASSAGE / secondsPerHour;
    row[i + R.waterTemperature] =
      row[i + R.waterTemperature]! + (temperature - row[i + R.waterTemperature]!) * pass;
  }
  row[i + R.turbidity] = row[i + R.turbidity]! + (clear - row[i + R.turbidity]!) * Math.min(1, dt / SETTLING);
}

const mixing: Mixing = { inflow: 0, volume: 1, dt: 0 };
