import { shaftPower } from '#twin/curves/pump.ts';
import { motorCurrent, motorLoss, powerFactor } from './motor.ts';
import type { PumpSpec } from './spec.ts';
import type { PumpState, Room } from './state.ts';

/** Temperature rise of winding and heat sink at rated load, K, and their time constants, s. */
const WINDING = { rise: 62, time: 1200 };
const HEAT_SINK = { rise: 26, time: 300, fan: 3 };
const STANDSTILL_VIBRATION = 0.05;

/** Power, current, temperatures and counters of all pumps and the energy of the room over `dt` s. */
export function stepElectric({ spec, state, sets }: Room, dt: number): void {
  let kw = state.mains === 1 ? spec.condition.baseLoad : 0;
  for (let k = 0; k < sets.length; k++) {
    const { pumps } = sets[k]!;
    for (let p = 0; p < pumps.length; p++) {
      stepPump(spec.sets[k]!.pumps[p]!, pumps[p]!, state.mains === 1, state.roomTemperature, dt);
      kw += pumps[p]!.kw;
    }
  }
  state.kw = kw;
  state.energy += (kw * dt) / 3600;
  if (kw > 0) state.powerFactor = powerFactor(kw, spec.ratedKw);
}

/** Electric power of one pump with motor and drive, kW, at a flow in m³/h and a frequency in Hz. */
export function pumpPower(spec: PumpSpec, flow: number, hz: number): number {
  const shaft = pumpShaft(spec, flow, hz);
  return shaft + motorLoss(spec.motor, shaft, hz / 50);
}

function pumpShaft({ family, stages, condition }: PumpSpec, flow: number, hz: number): number {
  return (shaftPower(family, stages, Math.max(0, flow), hz / 50) * condition.head) / condition.efficiency;
}

function stepPump(spec: PumpSpec, pump: PumpState, powered: boolean, room: number, dt: number): void {
  const turning = powered && pump.hz > 0.5;
  let loss = 0;
  if (turning) {
    const s = pump.hz / 50;
    const shaft = pumpShaft(spec, pump.flow, pump.hz);
    loss = motorLoss(spec.motor, shaft, s);
    pump.kw = shaft + loss;
    pump.current = motorCurrent(spec.motor, shaft, s);
    const offDuty = Math.max(0, pump.flow) / (s * spec.family.ratedFlow) - 1;
    pump.vibration = spec.condition.vibration * (0.35 + 0.65 * s * s) * (1 + 0.6 * offDuty * offDuty);
  } else {
    pump.kw = 0;
    pump.current = 0;
    pump.vibration = STANDSTILL_VIBRATION;
  }
  if (pump.run === 1) {
    pump.runHours += dt / 3600;
    pump.sinceStart += dt;
  }
  // a pump at rest cools down to the room, and its data sheet need not be looked up
  const winding = turning ? room + windingRise(spec, loss, pump.hz) : room;
  const sink = turning ? room + HEAT_SINK.fan + (HEAT_SINK.rise * pump.kw) / spec.motor.ratedKw : room;
  pump.motorTemperature += (winding - pump.motorTemperature) * Math.min(1, dt / WINDING.time);
  pump.driveTemperature += (sink - pump.driveTemperature) * Math.min(1, dt / HEAT_SINK.time);
}

/** Own ventilation cools less at low speed. */
function windingRise({ motor }: PumpSpec, loss: number, hz: number): number {
  const cooling = 0.45 + 0.55 * (hz / 50);
  return (WINDING.rise * loss) / (motor.ratedLoss * cooling);
}
