import { flowOverEfficiency, RUN_OUT, shaftPower } from '#twin/curves/pump.ts';
import { hydraulicKw, overSeconds } from '#twin/units.ts';
import { pumpConstants, roomConstants } from './constants.ts';
import { pumpLayout, roomLayout } from './fields.ts';
import { moment, NOW } from './moment.ts';
import { currentShare, lossShare, motorLoss, powerFactor } from './motor.ts';
import { pumpAt, type Rooms, roomAt } from './rooms.ts';
import type { PumpSpec } from './spec.ts';

const M = moment;
const N = NOW;
const ROOM_OWN = roomConstants.size;

/** Temperature rise of winding and heat sink at rated load, K, and their time constants, s. */
const WINDING = { rise: 62, time: 1200 };
const HEAT_SINK = { rise: 26, time: 300, fan: 3 };
const STANDSTILL_VIBRATION = 0.05;
/** Below this a pump counts as at rest, Hz. */
const TURNING = 0.5;

const R = roomLayout.at;
const P = pumpLayout.at;
const C = pumpConstants.at;

/** Power, current, temperatures and counters of the pumps and the energy of room `k` over `dt` s. */
export function stepElectric(rooms: Rooms, k: number, dt: number): void {
  const { row, firstSet, firstPump, constants } = rooms;
  const own = constants.row;
  const i = roomAt(k);
  const c = k * ROOM_OWN;
  const hours = overSeconds(1, dt);
  M[N.winding] = Math.min(1, dt / WINDING.time);
  M[N.sink] = Math.min(1, dt / HEAT_SINK.time);
  M[N.surroundings] = row[i + R.roomTemperature]!;
  const powered = row[i + R.mains] === 1;
  const end = firstPump[firstSet[k + 1]!]!;
  let kw = powered ? own[c + roomConstants.at.baseLoad]! : 0;
  // the turning pump before this one, and its data sheet
  let last = -1;
  let lastSheet = -1;
  for (let n = firstPump[firstSet[k]!]!; n < end; n++) {
    const p = pumpAt(rooms, n);
    if (row[p + P.run] === 1) {
      row[p + P.runHours] = row[p + P.runHours]! + hours;
      row[p + P.sinceStart] = row[p + P.sinceStart]! + dt;
    }
    if (powered && row[p + P.hz]! > TURNING) {
      const sheet = constants.ofPump[n]!;
      if (sheet === lastSheet && atDutyOf(row, p, last)) turnAlike(row, p, last);
      else turn(row, p, own, sheet);
      last = p;
      lastSheet = sheet;
      kw += row[p + P.kw]!;
    } else rest(row, p);
  }
  row[i + R.kw] = kw;
  row[i + R.energy] = row[i + R.energy]! + kw * hours;
  if (kw > 0) row[i + R.powerFactor] = powerFactor(kw, own[c + roomConstants.at.ratedKw]!);
}

/** Whether two pumps do the same: same speed, flow and brake. */
function atDutyOf(row: Float64Array, p: number, other: number): boolean {
  return (
    row[p + P.hz] === row[other + P.hz] &&
    row[p + P.flow] === row[other + P.flow] &&
    row[p + P.drag] === row[other + P.drag]
  );
}

/** A turning pump. @param p,c where its state and constants stand */
function turn(row: Float64Array, p: number, own: Float64Array, c: number): void {
  const s = row[p + P.hz]! / 50;
  const through = Math.max(0, row[p + P.flow]!);
  const ratedKw = own[c + C.ratedKw]!;
  const ratedFlow = own[c + C.ratedFlow]!;
  // a slow pump whose suction nearly does its work alone lets much more through than it was made for
  const q = Math.min(through, RUN_OUT * s * ratedFlow);
  const head = Math.max(0, own[c + C.curveHead]! * s * s - own[c + C.curveLoss]! * q * q);
  const used = flowOverEfficiency(ratedFlow, own[c + C.maxEfficiency]!, q, s);
  const shaft = hydraulicKw(used, head) * own[c + C.wear]! + row[p + P.drag]! * ratedKw * s;
  const torque = shaft / ratedKw / s;
  const loss = ratedKw * own[c + C.lossScale]! * lossShare(torque, s);
  const kw = shaft + loss;
  const offDuty = Math.min(1, through / (s * ratedFlow) - 1);
  row[p + P.kw] = kw;
  row[p + P.current] = own[c + C.ratedCurrent]! * currentShare(torque);
  row[p + P.vibration] = own[c + C.vibration]! * (0.35 + 0.65 * s * s) * (1 + 0.6 * offDuty * offDuty);
  // own ventilation cools less at low speed
  const surroundings = M[N.surroundings]!;
  M[N.hot] = surroundings + (WINDING.rise * loss) / (own[c + C.ratedLoss]! * (0.45 + 0.55 * s));
  M[N.warm] = surroundings + HEAT_SINK.fan + (HEAT_SINK.rise * kw) / ratedKw;
  warmUp(row, p);
}

/** A pump of the same sheet at the duty of the one before: what has been worked out for that holds. */
function turnAlike(row: Float64Array, p: number, before: number): void {
  row[p + P.kw] = row[before + P.kw]!;
  row[p + P.current] = row[before + P.current]!;
  row[p + P.vibration] = row[before + P.vibration]!;
  warmUp(row, p);
}

function warmUp(row: Float64Array, p: number): void {
  row[p + P.motorTemperature] = towards(row[p + P.motorTemperature]!, M[N.hot]!, M[N.winding]!);
  row[p + P.driveTemperature] = towards(row[p + P.driveTemperature]!, M[N.warm]!, M[N.sink]!);
}

/** A pump at rest cools down to the room, and its data sheet need not be looked up. */
function rest(row: Float64Array, p: number): void {
  const surroundings = M[N.surroundings]!;
  row[p + P.kw] = 0;
  row[p + P.current] = 0;
  row[p + P.vibration] = STANDSTILL_VIBRATION;
  row[p + P.motorTemperature] = towards(row[p + P.motorTemperature]!, surroundings, M[N.winding]!);
  row[p + P.driveTemperature] = towards(row[p + P.driveTemperature]!, surroundings, M[N.sink]!);
}

function towards(now: number, end: number, share: number): number {
  return now + (end - now) * share;
}

/** Electric power of one pump with motor and drive, kW, at a flow in m³/h and a frequency in Hz. */
export function pumpPower({ family, stages, condition, motor }: PumpSpec, flow: number, hz: number): number {
  const shaft =
    (shaftPower(family, stages, Math.max(0, flow), hz / 50) * condition.head) / condition.efficiency;
  return shaft + motorLoss(motor, shaft, hz / 50);
}
