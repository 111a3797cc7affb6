import { type SetSpec, zeroFlowFrequency } from './spec.ts';
import { type PumpState, type SetRoom, seenPressure } from './state.ts';

/** Adding, dropping, resting and taking turns: times in s, pressures in MPa, frequencies in Hz. */
export const STAGING = {
  addFrequency: 48.5,
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

/**
 * Decides once per `dt` seconds which pumps run.
 * @param allowed false while dry-run protection or a power cut forbids running
 * @param lowest the loop's lowest frequency, Hz
 */
export function stepStaging(
  spec: SetSpec,
  set: SetRoom,
  allowed: boolean,
  suction: number,
  cap: number,
  lowest: number,
  dt: number,
): void {
  const { state, pumps } = set;
  if (!allowed || state.tripped === 1) {
    for (const pump of pumps) stop(pump);
    state.wanted = 0;
    state.asleep = 0;
    state.boosting = 0;
    watchOverPressure(set, dt);
    return;
  }
  watchOverPressure(set, dt);
  const ready = readyPumps(pumps);
  if (state.asleep === 1) watchWake(set, dt);
  else if (state.wanted === 0) state.wanted = Math.min(1, ready);
  if (state.wanted > 0) {
    const before = state.wanted;
    watchLoad(spec, set, ready, suction, cap, dt);
    watchSleep(spec, set, lowest, dt);
    if (state.wanted !== before) {
      state.addTime = 0;
      state.dropTime = 0;
    }
  }
  state.wanted = Math.min(state.wanted, ready);
  matchPumps(set, dt);
}

/**
 * Starts or stops one pump when others run than wanted: the least used one starts, the longest running one
 * stops; a pump that has run its turn is relieved.
 */
export function matchPumps({ state, pumps }: SetRoom, dt: number): void {
  let running = 0;
  let oldest: PumpState | undefined;
  for (const pump of pumps) {
    if (pump.run === 0) continue;
    if (pump.fault === 1) {
      stop(pump);
      continue;
    }
    running++;
    if (!oldest || pump.sinceStart > oldest.sinceStart) oldest = pump;
  }
  if (running < state.wanted) {
    state.takeTime += dt;
    const next = leastUsed(pumps);
    if (next && (running === 0 || state.takeTime >= STAGING.takeOver)) start(next, state);
    return;
  }
  state.takeTime = 0;
  if (running > state.wanted && oldest) {
    state.surplusTime += dt;
    if (state.wanted === 0 || state.surplusTime >= STAGING.overlap) {
      stop(oldest);
      state.surplusTime = 0;
    }
    return;
  }
  state.surplusTime = 0;
  if (oldest && oldest.sinceStart > STAGING.turn * 3600) {
    const next = leastUsed(pumps);
    if (next && next.runHours < oldest.runHours) start(next, state);
    else oldest.sinceStart = 1;
  }
}

function watchLoad(
  spec: SetSpec,
  { state }: SetRoom,
  ready: number,
  suction: number,
  cap: number,
  dt: number,
) {
  const short = seenPressure(state) < state.target - 0.01;
  const full = state.frequency >= Math.min(STAGING.addFrequency, cap - 0.5);
  // a cap from the inlet protection is no reason to add: more pumps would draw the main down further
  state.addTime = full && cap >= 50 ? state.addTime + (short ? 2 * dt : dt) : 0;
  if (state.addTime >= STAGING.addTime && state.wanted < ready) state.wanted++;
  const n = state.wanted;
  const zero = zeroFlowFrequency(spec, state.setpoint, suction);
  const share = (n - 1) / n;
  const enoughAlone = Math.max(STAGING.dropFrequency, zero + STAGING.dropRange * (50 - zero));
  const enough = zero * zero + share * share * Math.max(0, enoughAlone ** 2 - zero * zero);
  state.dropTime = n > 1 && state.frequency * state.frequency < enough ? state.dropTime + dt : 0;
  if (state.dropTime >= STAGING.dropTime) state.wanted--;
}

function watchSleep(spec: SetSpec, { state }: SetRoom, lowest: number, dt: number): void {
  if (state.boosting > 0) {
    state.boosting -= dt;
    if (state.boosting <= 0) {
      state.boosting = 0;
      state.wanted = 0;
      state.asleep = 1;
      state.lowTime = 0;
    }
    return;
  }
  const little = state.pumped < STAGING.sleepFlow * spec.ratedFlow;
  const idle = state.frequency < lowest + 0.2 && seenPressure(state) > state.target + 0.005;
  const low = state.wanted === 1 && (little || idle);
  state.lowTime = low ? state.lowTime + dt : Math.max(0, state.lowTime - 3 * dt);
  if (state.lowTime >= STAGING.sleepTime) state.boosting = STAGING.boostTime;
}

function watchWake({ state }: SetRoom, dt: number): void {
  state.wakeTime = seenPressure(state) < state.setpoint - STAGING.wakeFall ? state.wakeTime + dt : 0;
  if (state.wakeTime < STAGING.wakeTime) return;
  state.asleep = 0;
  state.wakeTime = 0;
  state.wanted = 1;
}

/** Stops the set when the pressure stays too high; lets it go again when it is back at the set-point. */
function watchOverPressure({ state }: SetRoom, dt: number): void {
  const over = seenPressure(state) > state.setpoint + STAGING.overPressure;
  state.overTime = over ? state.overTime + dt : 0;
  if (state.overTime >= STAGING.overTime && state.wanted > 0) state.tripped = 1;
  if (state.tripped === 1 && seenPressure(state) <= state.setpoint) state.tripped = 0;
}

/** How many pumps may run at all. */
export function readyPumps(pumps: readonly PumpState[]): number {
  let count = 0;
  for (const pump of pumps) if (pump.fault === 0 && pump.manual === 0) count++;
  return count;
}

function leastUsed(pumps: readonly PumpState[]): PumpState | undefined {
  let best: PumpState | undefined;
  for (const pump of pumps) {
    if (pump.run === 1 || pump.fault === 1 || pump.manual === 1) continue;
    if (!best || pump.runHours < best.runHours) best = pump;
  }
  return best;
}

function start(pump: PumpState, state: SetRoom['state']): void {
  pump.run = 1;
  pump.starts++;
  pump.sinceStart = 0;
  state.takeTime = 0;
}

function stop(pump: PumpState): void {
  pump.run = 0;
  pump.sinceStart = 0;
}
