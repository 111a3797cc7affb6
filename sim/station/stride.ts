import { metresFromMpa, mpaFromMetres, secondsPerHour } from '#twin/units.ts';
import { setConstants } from './constants.ts';
import { duty } from './duty.ts';
import { setLayout } from './fields.ts';
import { LOOP } from './loop.ts';
import { moment, NOW } from './moment.ts';
import { held, PRESSURE, yielding } from './pressure.ts';
import { STAGING } from './staging.ts';

const M = moment;
const N = NOW;
const W = setLayout.at;
const C = setConstants.at;
const METRES_PER_MPA = metresFromMpa(1);
const MPA_PER_METRE = mpaFromMetres(1);
const { flowTolerance: FLOW_TOLERANCE, slopeFlow: SLOPE_FLOW, mostDrawn: MOST_DRAWN } = PRESSURE;
const INTEGRAL_TIME = LOOP.integralTime;

/**
 * What a calm pump set may do within one long step. MPa: how far its pressure stays from the set-point; at rest,
 * how far above the pressure that wakes it, and how far it may fall. Hz: how far the loop moves the speed, which for a
 * lift of 0.5 MPa and 45 Hz is what 0.016 MPa would be if the loop did nothing: no pressure within the step is
 * further off.
 */
const CALM = { error: 0.016, speed: 0.7, awake: 0.01, fall: 0.005 } as const;

/** Steps of Newton's method; more is no calm. */
const MOST_STEPS = 6;

/**
 * Whether the pump set at `s` of the row seems calm: it runs and holds its set-point, or rests well above the pressure
 * that wakes it; transmitter and loop are sound.
 */
export function seemsCalm(row: Float64Array, s: number): boolean {
  if (row[s + W.tripped] === 1 || row[s + W.boosting]! > 0) return false;
  if (row[s + W.tuning] !== 1 || row[s + W.pressureFrozen] !== 0) return false;
  const setpoint = row[s + W.setpoint]!;
  const seen = row[s + W.pressure]! + row[s + W.pressureError]!;
  if (row[s + W.wanted]! > 0)
    return row[s + W.target] === setpoint && Math.abs(setpoint - seen) <= CALM.error;
  return row[s + W.asleep] === 1 && seen > setpoint - STAGING.wakeFall + CALM.awake;
}

/**
 * Moves loop and pressure of a calm pump set on by one step of a second or two, both implicit (backward Euler): speed
 * and pressure at its end are found together, so that it is stable for every length. Water is balanced as in
 * `stepPressure`. Suction, bypass, demand, length, lowest frequency, cap and gain are those of the `moment`.
 * @param own constants, those of the set at `c`
 * @param turning how many unlike pumps `duty` holds: none at rest
 * @returns false, and nothing is changed, when the set turns out not to be calm: it is for shorter steps
 */
export function strideCalm(
  row: Float64Array,
  s: number,
  own: Float64Array,
  c: number,
  turning: number,
): boolean {
  const suction = M[N.suction]!;
  const demand = M[N.demand]!;
  const h = M[N.h]!;
  const gain = M[N.gain]!;
  const lowest = M[N.lowest]!;
  const highest = Math.max(lowest, M[N.cap]!);
  const gas = own[c + C.precharge]!;
  const bladder = own[c + C.bladder]!;
  const elasticity = own[c + C.elasticity]!;
  const fixture = own[c + C.meanStatic]!;
  const perSpan = own[c + C.perSpan]!;
  const leak = own[c + C.leak]! / row[s + W.setpoint]!;
  const { shutoff, conductance, count, flow } = duty;
  const leaky = M[N.leaking]!;
  const perHour = secondsPerHour / h;
  const target = row[s + W.setpoint]! - row[s + W.pressureError]!;
  const began = row[s + W.integral]!;
  const summing = (gain * h) / INTEGRAL_TIME;
  const now = row[s + W.pressure]!;
  if (!seemsCalm(row, s)) return false;
  // what the pumps do not hold up is carried past them: not for here
  if (own[c + C.bypass]! > 0 && M[N.upstream]! > now - CALM.error) return false;
  const before = held(now, gas, bladder, elasticity);
  let pressure = now;
  let integral = began;
  let frequency = 0;
  let supply = 0;
  let filling = 0;
  for (let i = 0; ; i++) {
    if (i === MOST_STEPS) return false;
    let slope = leak;
    supply = leaky === 0 ? 0 : -leaky * Math.sqrt(Math.max(0, pressure - suction));
    if (turning > 0) {
      const error = target - pressure;
      let steer = gain;
      integral = began + summing * error;
      if (integral < lowest) integral = lowest;
      else if (integral > highest) integral = highest;
      else steer += summing;
      frequency = integral + gain * error;
      if (frequency < lowest) {
        frequency = lowest;
        steer = 0;
      } else if (frequency > highest) {
        frequency = highest;
        steer = 0;
      }
      const square = (frequency * frequency) / 2500;
      const back = (pressure - suction) * METRES_PER_MPA;
      for (let k = 0; k < turning; k++) {
        const surplus = shutoff[k]! * square - back;
        if (!(surplus > 0)) {
          flow[k] = 0;
          continue;
        }
        const through = Math.sqrt(surplus * conductance[k]!);
        const number = count[k]!;
        flow[k] = through;
        supply += number * through;
        const yields = METRES_PER_MPA + (2 * shutoff[k]! * frequency * steer) / 2500;
        slope += (number * 0.5 * yields * conductance[k]!) / (through > SLOPE_FLOW ? through : SLOPE_FLOW);
      }
    }
    let draw = leak * pressure;
    const tapHead = pressure - fixture;
    if (tapHead > 0) {
      const root = Math.sqrt(tapHead * perSpan);
      draw += demand * (root < MOST_DRAWN ? root : MOST_DRAWN);
      slope += (0.5 * draw) / (tapHead > MPA_PER_METRE ? tapHead : MPA_PER_METRE);
    }
    filling = (held(pressure, gas, bladder, elasticity) - before) * perHour;
    const residual = filling - supply + draw;
    if (Math.abs(residual) < FLOW_TOLERANCE) break;
    slope += (yielding(pressure, gas, bladder) + elasticity) * perHour;
    pressure -= residual / slope;
    if (!(pressure > 0)) return false;
  }
  if (turning > 0) {
    if (Math.abs(target - pressure) > CALM.error) return false;
    if (Math.abs(frequency - row[s + W.frequency]!) > CALM.speed) return false;
    row[s + W.integral] = integral;
  } else {
    if (now - pressure > CALM.fall || pressure < target - STAGING.wakeFall + CALM.awake) return false;
    row[s + W.target] = Math.min(row[s + W.target]!, pressure);
    row[s + W.integral] = lowest;
  }
  row[s + W.frequency] = frequency;
  row[s + W.pressure] = pressure;
  row[s + W.pumped] = supply;
  row[s + W.delivered] = Math.max(0, supply - filling);
  return true;
}
