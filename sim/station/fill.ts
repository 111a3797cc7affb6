import { cubicMetresPerSecond, secondsPerHour } from '#twin/units.ts';
import { floatOpening, INLET, inletFlow } from './inlet.ts';
import type { Room } from './state.ts';

/** A float valve's inflow is followed in parts of this length, s. */
const FLOAT_STEP = 60;

/**
 * Fills and empties a tank over `dt` s at a constant outflow: between the switchings of an electric valve its
 * level is a straight line, under a float valve an exponential.
 * @param out m³/h
 * @returns mean volume, m³; the state holds the new volume, the mean inflow and the inlet pressure
 */
export function settleTank(room: Room, mains: number, out: number, dt: number): number {
  const { spec, state } = room;
  const before = state.volume;
  const spilled = state.spilled;
  const moment =
    spec.inlet.kind === 'float' ? floatFill(room, mains, out, dt) : bandFill(room, mains, out, dt);
  state.inflow = Math.max(0, out + ((state.volume - before + state.spilled - spilled) * secondsPerHour) / dt);
  const flow = inletFlow(spec.inlet, mains, state.valve);
  state.inletPressure = Math.max(0, mains - spec.inlet.branch * flow * flow);
  return moment / dt;
}

/** Both return ∫V dt, m³·s. */
function floatFill(room: Room, mains: number, out: number, dt: number): number {
  const { spec, state } = room;
  const tank = spec.tank!;
  const flow = (volume: number) =>
    inletFlow(spec.inlet, mains, floatOpening(volume / tank.area, tank.height));
  const probe = 1e-4 * tank.volume;
  let moment = 0;
  for (let left = dt; left > 0; left -= FLOAT_STEP) {
    const h = Math.min(left, FLOAT_STEP);
    const rate = cubicMetresPerSecond(flow(state.volume) - out);
    const slope = cubicMetresPerSecond(flow(state.volume + probe) - flow(state.volume)) / probe;
    const before = state.volume;
    move(room, Math.abs(slope * h) < 1e-9 ? rate * h : (rate * Math.expm1(slope * h)) / slope);
    moment += (h * (before + state.volume)) / 2;
  }
  state.valve = floatOpening(state.volume / tank.area, tank.height);
  state.valveCommand = state.valve;
  return moment;
}

function bandFill(room: Room, mains: number, out: number, dt: number): number {
  const { spec, state } = room;
  const { volume } = spec.tank!;
  if (state.valveRemote > 0) {
    state.valveRemote = Math.max(0, state.valveRemote - dt);
  } else if (state.valveFault === 0) {
    if (state.volume < INLET.open * volume) state.valveCommand = 1;
    else if (state.volume > INLET.shut * volume) state.valveCommand = 0;
  }
  let moment = 0;
  let left = dt;
  while (left > 0) {
    if (state.valveFault === 0 && state.mains === 1) state.valve = state.valveCommand;
    const rate = cubicMetresPerSecond(inletFlow(spec.inlet, mains, state.valve) - out);
    const goal = rate > 0 ? INLET.shut * volume : INLET.open * volume;
    const reach = rate === 0 ? Number.POSITIVE_INFINITY : (goal - state.volume) / rate;
    const switches = state.valveRemote === 0 && reach >= 0 && reach < left;
    const h = switches ? Math.max(reach, 1e-3) : left;
    const before = state.volume;
    move(room, rate * h);
    moment += (h * (before + state.volume)) / 2;
    if (switches) state.valveCommand = rate > 0 ? 0 : 1;
    // a valve that cannot follow, or an inflow too small, leaves the level to run on
    if (switches && (state.valveFault === 1 || state.mains === 0 || inletFlow(spec.inlet, mains, 1) <= out)) {
      move(room, rate * (left - h));
      return moment + (left - h) * state.volume;
    }
    left -= h;
  }
  return moment;
}

function move({ spec, state }: Room, change: number): void {
  const volume = state.volume + change;
  const full = spec.tank!.volume;
  state.spilled += Math.max(0, volume - full);
  // not less what is over: of more than twice a tank the difference is rounded, and the tank would be fuller than full
  state.volume = Math.min(full, Math.max(0, volume));
}
