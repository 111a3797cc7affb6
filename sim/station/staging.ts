import { secondsPerHour } from '#twin/units.ts';
import { setConstants } from './constants.ts';
import { duty, stop, survey } from './duty.ts';
import { pumpLayout, setLayout } from './fields.ts';
import { moment, NOW } from './moment.ts';
import { pumpAt, type Rooms, setAt } from './rooms.ts';
import { seenPressure } from './seen.ts';

const M = moment;
const N = NOW;
const SET_OWN = setConstants.size;
const PUMP = pumpLayout.size;
const W = setLayout.at;
const P = pumpLayout.at;

/** Adding, dropping, resting and taking turns: times in s, pressures in MPa, frequencies in Hz. */
export const STAGING = {
  /** at this frequency another pump is wanted, and at this share of the range above the no-flow frequency */
  addFrequency: 48.5,
  addRange: 0.8,
  addTime: 10,
  /** the pumps left must do with this frequency, or with this share of the range above the no-flow frequency */
  dropFrequency: 45,
  dropRange: 0.6,
  dropTime: 180,
  /** share of one pump's rated flow */
  sleepFlow: 0.08,
  sleepTime: 300,
  boostTime: 15,
  wakeFall: 0.03,
  wakeTime: 2,
  takeOver: 3,
  /** two pumps overlap so long when one relieves another */
  overlap: 8,
  /** hours a pump runs without a break before another takes its turn */
  turn: 12,
  overPressure: 0.1,
  overTime: 3,
} as const;

/** A smaller fall of the pressure says nothing about what is stored, MPa. */
const LEAST_FALL = 0.02;
/** L in a m³. */
const LITRES = 1000;

/**
 * Decides once per `dt` seconds which pumps of set `k` run, and leaves them surveyed in `duty`. The frequencies at
 * which they just hold the set-point, and between which they may turn, are those of the `moment`.
 * @param allowed false while dry-run protection or a power cut forbids running
 */
export function stepStaging(rooms: Rooms, k: number, allowed: boolean, dt: number): void {
  const { row } = rooms;
  const s = setAt(rooms, k);
  const tripped = row[s + W.tripped] === 1;
  watchOverPressure(row, s, dt);
  if (!allowed || tripped) {
    stopAll(rooms, k);
    survey(rooms, k);
    row[s + W.wanted] = 0;
    row[s + W.asleep] = 0;
    row[s + W.boosting] = 0;
    return;
  }
  survey(rooms, k);
  const { ready } = duty;
  if (row[s + W.asleep] === 1) watchWake(row, s, dt);
  else if (row[s + W.wanted] === 0) row[s + W.wanted] = Math.min(1, ready);
  const before = row[s + W.wanted]!;
  if (before > 0) {
    watchLoad(row, s, ready, dt);
    watchSleep(rooms, k, dt);
    if (row[s + W.wanted] !== before) {
      row[s + W.addTime] = 0;
      row[s + W.dropTime] = 0;
    }
  }
  if (row[s + W.wanted]! > ready) row[s + W.wanted] = ready;
  if (match(rooms, k, dt)) survey(rooms, k);
}

/**
 * Starts or stops one pump when others run than wanted: the least used one starts, the longest running one
 * stops; a pump that has run its turn is relieved.
 */
export function matchPumps(rooms: Rooms, k: number, dt: number): void {
  survey(rooms, k);
  match(rooms, k, dt);
}

/** Returns whether a pump has started or stopped. */
function match(rooms: Rooms, k: number, dt: number): boolean {
  const { row } = rooms;
  const s = setAt(rooms, k);
  const wanted = row[s + W.wanted]!;
  const { running, oldest } = duty;
  if (running < wanted) {
    row[s + W.takeTime] = row[s + W.takeTime]! + dt;
    const next = leastUsed(rooms, k);
    if (next < 0 || (running > 0 && row[s + W.takeTime]! < STAGING.takeOver)) return false;
    start(row, s, next);
    return true;
  }
  row[s + W.takeTime] = 0;
  if (running > wanted) {
    row[s + W.surplusTime] = row[s + W.surplusTime]! + dt;
    if (wanted > 0 && row[s + W.surplusTime]! < STAGING.overlap) return false;
    stop(row, oldest);
    row[s + W.surplusTime] = 0;
    return true;
  }
  row[s + W.surplusTime] = 0;
  if (oldest < 0 || row[oldest + P.sinceStart]! <= STAGING.turn * secondsPerHour) return false;
  const next = leastUsed(rooms, k);
  if (next >= 0 && row[next + P.runHours]! < row[oldest + P.runHours]!) {
    start(row, s, next);
    return true;
  }
  row[oldest + P.sinceStart] = 1;
  return false;
}

function watchLoad(row: Float64Array, s: number, ready: number, dt: number): void {
  const cap = M[N.cap]!;
  const frequency = row[s + W.frequency]!;
  // a cap from the inlet protection is no reason to add: more pumps would draw the main down further
  if (frequency >= Math.min(addFrequency(M[N.zero]!), cap - 0.5) && cap >= 50) {
    const short = seenPressure(row, s) < row[s + W.target]! - 0.01;
    row[s + W.addTime] = row[s + W.addTime]! + (short ? 2 * dt : dt);
    if (row[s + W.addTime]! >= STAGING.addTime && row[s + W.wanted]! < ready)
      row[s + W.wanted] = row[s + W.wanted]! + 1;
  } else row[s + W.addTime] = 0;
  const n = row[s + W.wanted]!;
  if (n <= 1 || !wouldDo(row, s, n)) {
    row[s + W.dropTime] = 0;
    return;
  }
  row[s + W.dropTime] = row[s + W.dropTime]! + dt;
  if (row[s + W.dropTime]! >= STAGING.dropTime) row[s + W.wanted] = n - 1;
}

/**
 * From which frequency on another pump is wanted, Hz: pumps whose lift takes nearly all they have turn fast at little flow already.
 * @param zero the frequency at which they just hold the set-point
 */
export function addFrequency(zero: number): number {
  return Math.max(STAGING.addFrequency, zero + STAGING.addRange * (50 - zero));
}

/** Whether one pump less than the `n` of a set would do. */
export function wouldDo(row: Float64Array, s: number, n: number): boolean {
  const zero = M[N.zero]!;
  if (zero >= 50) return false;
  const frequency = row[s + W.frequency]!;
  const share = (n - 1) / n;
  const alone = Math.max(STAGING.dropFrequency, zero + STAGING.dropRange * (50 - zero));
  const enough = zero * zero + share * share * Math.max(0, alone * alone - zero * zero);
  return frequency * frequency < enough;
}

/** Flow below which one pump is too much, m³/h. */
function sleepFlow({ constants: { row, setStart } }: Rooms, k: number): number {
  return STAGING.sleepFlow * row[setStart + k * SET_OWN + setConstants.at.ratedFlow]!;
}

function watchSleep(rooms: Rooms, k: number, dt: number): void {
  const { row } = rooms;
  const s = setAt(rooms, k);
  if (row[s + W.boosting]! > 0) {
    row[s + W.boosting] = row[s + W.boosting]! - dt;
    if (row[s + W.boosting]! <= 0) {
      row[s + W.boosting] = 0;
      row[s + W.wanted] = 0;
      row[s + W.asleep] = 1;
      row[s + W.lowTime] = 0;
      row[s + W.restPressure] = row[s + W.pressure]!;
      row[s + W.restTotal] = row[s + W.total]!;
    }
    return;
  }
  const idle =
    row[s + W.frequency]! < M[N.lowest]! + 0.2 && seenPressure(row, s) > row[s + W.target]! + 0.005;
  if (row[s + W.wanted] === 1 && (row[s + W.pumped]! < sleepFlow(rooms, k) || idle)) {
    row[s + W.lowTime] = row[s + W.lowTime]! + dt;
    if (row[s + W.lowTime]! >= STAGING.sleepTime) row[s + W.boosting] = STAGING.boostTime;
  } else row[s + W.lowTime] = Math.max(0, row[s + W.lowTime]! - 3 * dt);
}

function watchWake(row: Float64Array, s: number, dt: number): void {
  if (seenPressure(row, s) >= row[s + W.setpoint]! - STAGING.wakeFall) {
    row[s + W.wakeTime] = 0;
    return;
  }
  row[s + W.wakeTime] = row[s + W.wakeTime]! + dt;
  if (row[s + W.wakeTime]! < STAGING.wakeTime) return;
  row[s + W.asleep] = 0;
  row[s + W.wakeTime] = 0;
  row[s + W.wanted] = 1;
  measureStorage(row, s);
}

/** What bladder tank and pipes gave while the pumps were at rest, against the fall of their pressure. */
function measureStorage(row: Float64Array, s: number): void {
  const fall = row[s + W.restPressure]! - row[s + W.pressure]!;
  if (fall < LEAST_FALL) return;
  row[s + W.storage] = (LITRES * (row[s + W.total]! - row[s + W.restTotal]!)) / fall;
}

/** Stops the set when the pressure stays too high; lets it go again when it is back at the set-point. */
function watchOverPressure(row: Float64Array, s: number, dt: number): void {
  const seen = seenPressure(row, s);
  const setpoint = row[s + W.setpoint]!;
  row[s + W.overTime] = seen > setpoint + STAGING.overPressure ? row[s + W.overTime]! + dt : 0;
  if (row[s + W.overTime]! >= STAGING.overTime && row[s + W.wanted]! > 0) row[s + W.tripped] = 1;
  if (row[s + W.tripped] === 1 && seen <= setpoint) row[s + W.tripped] = 0;
}

/** How many pumps of a set may run at all. */
export function readyPumps(rooms: Rooms, k: number): number {
  const { row, firstPump } = rooms;
  const end = pumpAt(rooms, firstPump[k + 1]!);
  let count = 0;
  for (let p = pumpAt(rooms, firstPump[k]!); p < end; p += PUMP)
    if (row[p + P.fault] === 0 && row[p + P.manual] === 0) count++;
  return count;
}

/** Where its record stands; −1 when none is free. */
function leastUsed(rooms: Rooms, k: number): number {
  const { row, firstPump } = rooms;
  const end = pumpAt(rooms, firstPump[k + 1]!);
  let best = -1;
  for (let p = pumpAt(rooms, firstPump[k]!); p < end; p += PUMP) {
    if (row[p + P.run] === 1 || row[p + P.fault] === 1 || row[p + P.manual] === 1) continue;
    if (best < 0 || row[p + P.runHours]! < row[best + P.runHours]!) best = p;
  }
  return best;
}

function start(row: Float64Array, s: number, p: number): void {
  row[p + P.run] = 1;
  row[p + P.starts] = row[p + P.starts]! + 1;
  row[p + P.sinceStart] = 0;
  row[s + W.takeTime] = 0;
}

function stopAll(rooms: Rooms, k: number): void {
  const { row, firstPump } = rooms;
  const end = pumpAt(rooms, firstPump[k + 1]!);
  for (let p = pumpAt(rooms, firstPump[k]!); p < end; p += PUMP) stop(row, p);
}
