import { applyControls, timeToControl } from './controls.ts';
import { applyPatterns, timeToPatternChange } from './demands.ts';
import { addEnergy, energyRates } from './energy.ts';
import type { HydraulicState, Hydraulics, SolveReport } from './model.ts';
import { applyRules } from './rules.ts';
import { type SolveOptions, solveState } from './solve.ts';
import { moveTanks, timeToTankLimit } from './tanks.ts';

/** Event times are whole seconds, as in EPANET; shorter steps than a second have events of their own length. */
const second = 1;

/** Solves the state's instant: patterns, simple controls, then the network. */
export function solveSteady(
  h: Hydraulics,
  s: HydraulicState,
  options: SolveOptions & { tick?: number } = {},
): SolveReport {
  applyPatterns(h, s);
  applyControls(h, s, options.tick ?? second);
  return solveState(h, s, options);
}

export interface RunOptions extends SolveOptions {
  /** s; the file's duration by default */
  until?: number;
  /** called after every solve; ends the run by returning false */
  onStep?: (state: HydraulicState, report: SolveReport) => boolean | undefined;
}

/**
 * Runs an extended period from the state's time: at every hydraulic step, change of pattern, reporting time,
 * full or empty tank, simple control and rule, as EPANET does, but never stopping because a solve did not
 * converge.
 */
export function runExtended(h: Hydraulics, s: HydraulicState, options: RunOptions = {}): void {
  const until = options.until ?? h.times.duration;
  const { reportStep, hydraulicStep } = h.times;
  for (;;) {
    const report = solveSteady(h, s, options);
    if (options.onStep?.(s, report) === false || s.time >= until) return;
    const toReport = reportStep - (s.time % reportStep);
    stepTo(h, s, Math.min(hydraulicStep, toReport, until - s.time));
  }
}

/**
 * Moves a solved state on by `dt` seconds, 0.1 s or more, with solves at whatever happens in between, and solves
 * it there. Commands (speeds, statuses, extra demands) given before the call count from the new instant on; the
 * state must have been solved once.
 *
 * @throws RangeError when dt is shorter than 0.1 s
 */
export function advance(
  h: Hydraulics,
  s: HydraulicState,
  dt: number,
  options: SolveOptions = {},
): SolveReport {
  if (!(dt >= 0.1)) throw new RangeError(`a step of ${dt} s is shorter than 0.1 s`);
  const end = s.time + dt;
  const tick = Math.min(second, dt);
  for (;;) {
    stepTo(h, s, Math.min(h.times.hydraulicStep, end - s.time), tick);
    // Times are sums of decimal fractions: meet the end exactly.
    if (end - s.time < 1e-6) s.time = end;
    const report = solveSteady(h, s, { ...options, tick });
    if (s.time >= end) return report;
  }
}

/**
 * Moves time, tanks and energy on to the next event, at most `most` seconds, without solving. `tick` is the time
 * to which events are rounded.
 */
export function stepTo(h: Hydraulics, s: HydraulicState, most: number, tick = second): void {
  let step = most;
  for (const wait of [
    timeToPatternChange(h, s.time),
    timeToTankLimit(h, s, tick),
    timeToControl(h, s, tick),
  ]) {
    if (wait > 0 && wait < step) step = wait;
  }
  const rates = energyRates(h, s);
  const start = s.time;
  if (h.rules.length === 0) moveTanks(h, s, step, tick);
  else step = stepByRules(h, s, step, tick);
  addEnergy(s, rates, step);
  s.time = start + step;
}

/** Fills tanks in steps of the rules' own until one of them acts. Returns how far it came. */
function stepByRules(h: Hydraulics, s: HydraulicState, step: number, tick: number): number {
  const start = s.time;
  const end = start + step;
  const { ruleStep } = h.times;
  let dt = Math.min(ruleStep - (start % ruleStep), step);
  while (dt > 1e-6) {
    s.time += dt;
    moveTanks(h, s, dt, tick);
    if (applyRules(h, s, dt, tick)) break;
    dt = Math.min(ruleStep, end - s.time);
  }
  return s.time - start;
}
