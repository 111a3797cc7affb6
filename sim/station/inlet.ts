import type { Room } from './state.ts';

/** Inlet of a tank and protection of the main. Levels as shares of the height, pressures in MPa, times in s. */
export const INLET = {
  /** float valve: shut at `floatShut`, fully open `floatBand` m below (hydraulic float valves: 0.10–0.15 m) */
  floatShut: 0.88,
  floatBand: 0.12,
  /** electric valve: opens below and shuts above */
  open: 0.6,
  shut: 0.86,
  /** back-pressure of the pipe up to the rim of the tank, MPa */
  rise: 0.03,
  /** a remote command lapses after this time without being renewed, s */
  remoteTime: 1800,
  /** a remote command never empties or overfills the tank */
  remoteLow: 0.25,
  remoteHigh: 0.95,
} as const;

/** Dry-run and inlet protection by kind of station: MPa, or share of the tank's height. */
const DRY = {
  tank: { stop: 0.1, restart: 0.2 },
  inline: { stop: 0.15, restart: 0.22 },
  booster: { stop: 0.06, restart: 0.1 },
};
const DRY_TIME = { tank: 2, inline: 5, booster: 5 };
const RESTART_TIME = 60;
/** Direct-drawing rooms slow down before the main falls to the stop value. */
const SLOW_DOWN = { inline: 0.2, booster: 0.09 };
/** Loss of the backflow preventer, MPa at the contract limit. */
const PREVENTER_LOSS = 0.015;

/**
 * Inlet pressure and inflow of a tank with its valve, over `dt` s.
 * @param mains pressure in the main before the service branch, MPa
 */
export function stepTankInlet({ spec, state }: Room, mains: number, dt: number): void {
  const tank = spec.tank!;
  const share = state.volume / tank.volume + state.levelError / tank.height;
  if (spec.inlet.kind === 'float') {
    const opening = floatOpening(state.volume / tank.area, tank.height);
    if (state.valveFault === 0) state.valve += (opening - state.valve) * Math.min(1, dt / 8);
    state.valveCommand = opening;
  } else {
    state.valveRemote = Math.max(0, state.valveRemote - dt);
    const local = state.valveRemote === 0;
    if (local && share < INLET.open) state.valveCommand = 1;
    else if (local && share > INLET.shut) state.valveCommand = 0;
    else if (local && state.valveCommand < 1) state.valveCommand = 0;
    if (share < INLET.remoteLow || share > INLET.remoteHigh) {
      state.valveRemote = 0;
      state.valveCommand = share < INLET.remoteLow ? 1 : 0;
    }
    if (state.valveFault === 0 && state.mains === 1) {
      const step = dt / spec.condition.valveStroke;
      state.valve += Math.max(-step, Math.min(step, state.valveCommand - state.valve));
    }
  }
  const flow = inletFlow(spec.inlet, mains, state.valve);
  state.inflow = flow;
  state.inletPressure = Math.max(0, mains - spec.inlet.branch * flow * flow);
}

/** Stop and restart values of the dry-run protection: share of the tank's height, or MPa at the inlet. */
export function dryLimits(kind: Room['spec']['kind']): { stop: number; restart: number } {
  return DRY[kind];
}

/** Opening of a float valve, 0 … 1, at a level in m. */
export function floatOpening(level: number, height: number): number {
  return Math.min(1, Math.max(0, (INLET.floatShut * height - level) / INLET.floatBand));
}

/**
 * Flow through branch and valve into a tank, m³/h: `q = Kv √(10 Δp)` with Δp in MPa behind the branch's loss.
 * @param opening 0 … 1, a linear valve
 */
export function inletFlow(inlet: Room['spec']['inlet'], mains: number, opening: number): number {
  const drop = mains - INLET.rise;
  if (drop <= 0 || opening <= 0) return 0;
  const kv = inlet.kv * opening;
  return kv * Math.sqrt((10 * drop) / (1 + 10 * kv * kv * inlet.branch));
}

/** Inlet of a room that draws from the main through a small stabilising tank: pressures follow in a few seconds. */
export function stepDirectInlet({ spec, state, sets }: Room, mains: number, dt: number): void {
  let flow = 0;
  for (const set of sets) flow += set.state.pumped;
  state.inflow = Math.max(0, flow);
  const lag = Math.min(1, dt / 2);
  const pressure = Math.max(0, mains - spec.inlet.branch * state.inflow ** 2);
  state.inletPressure += (pressure - state.inletPressure) * lag;
  const loss = PREVENTER_LOSS * (state.inflow / spec.inlet.maxFlow) ** 2;
  state.stabilised = Math.max(0, state.inletPressure - loss);
}

/** Trips and releases the protection against running dry, and slows direct-drawing pumps before. */
export function stepProtection({ spec, state }: Room, dt: number): void {
  const limits = DRY[spec.kind];
  const value = spec.tank ? state.volume / spec.tank.volume : state.inletPressure;
  if (state.dry === 0) {
    state.dryTime = value < limits.stop ? state.dryTime + dt : 0;
    if (state.dryTime >= DRY_TIME[spec.kind]) {
      state.dry = 1;
      state.dryTime = 0;
    }
  } else {
    state.dryTime = value > limits.restart ? state.dryTime + dt : 0;
    if (state.dryTime >= RESTART_TIME) {
      state.dry = 0;
      state.dryTime = 0;
    }
  }
  if (spec.kind === 'tank') return;
  const missing = SLOW_DOWN[spec.kind] - value;
  state.speedCap = Math.min(50, Math.max(22, state.speedCap - (missing > 0 ? 40 * missing : -0.3) * dt));
}
