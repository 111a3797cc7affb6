import { localTime } from '#sim/calendar.ts';
import { monthFactor } from '#sim/demand/profile.ts';
import { Status } from '#sim/hydraulics/constants.ts';
import { setPumpSpeed } from '#sim/hydraulics/controls.ts';
import type { HydraulicState, Hydraulics } from '#sim/hydraulics/model.ts';
import { solveState } from '#sim/hydraulics/solve.ts';
import type { BoosterSeen } from '#sim/station/boosterStep.ts';
import { inputLayout } from '#sim/station/fields.ts';
import { INLET } from '#sim/station/inlet.ts';
import { cubicMetresPerSecond, metresFromMpa, mpaFromMetres } from '#twin/units.ts';
import { dispatchedSpeed } from './dispatch.ts';
import { type BoosterPlace, type City, WHOLE } from './model.ts';
import { droopOf, outflowAt } from './outflow.ts';
import { controlInterval, moveInterval, type Period, periodAt, valueAt } from './timed.ts';

const TOLD = inputLayout.size;
const MAINS = inputLayout.at.mains;

/**
 * Between two solves flows move little: the laws of the one before serve again while none is off by more than this, m:
 * half the step of a pressure transmitter of 0.001 MPa.
 */
const LAW_ERROR = 0.05;
/** Below this pressure at a tap in the street users without a room get less, m (that of EPANET's default). */
const FULL_SERVICE = 14;
/** Tanks below this pressure may be what draws it down, MPa: above, the main loses less than it has left. */
const SCARCE = 0.2;
/** The water rises to the rim of a tank before it fills it, m. */
const RIM = metresFromMpa(INLET.rise);
/** Share of its demand that a tap in the street gives per √m. */
const FULL_TAP = 1 / Math.sqrt(FULL_SERVICE);

/**
 * Solves the mains for the interval that has just passed: every room counts with the mean of what it has taken
 * since the last solve, so that no water is lost between the two rates. Then shows the rooms what they stand on.
 *
 * @param seconds length of the interval
 * @throws RangeError naming the element at which a number stopped being one
 */
export function solveMains(city: City, seconds: number): void {
  const { model, mains: s, circumstances } = city;
  const { h } = model;
  setDirectDemand(city, seconds);
  addLeaks(s.demand, circumstances.leak, city.leakFlow);
  for (let i = 0; i < model.rooms.length; i++) {
    const room = model.rooms[i]!;
    if (room.booster) continue;
    const flow = seconds > 0 ? city.taken[i]! / seconds : cubicMetresPerSecond(city.rooms[i]!.state.inflow);
    if (!Number.isFinite(flow)) throw new RangeError(`station ${room.station.code}: its inflow is ${flow}`);
    s.demand[room.node] = s.demand[room.node]! + flow;
  }
  setSpeeds(city, seconds);
  controlInterval(city, seconds);
  city.report = solveState(h, s, { lawError: LAW_ERROR });
  city.solves++;
  if (!city.report.converged) city.unsolved++;
  account(city, seconds);
  const ruled = seconds > 0 && moveInterval(city, seconds);
  const highest = highestHead(s.head, s.cutOff, h.nodeCount);
  showRooms(city, highest);
  showBoosters(city);
  city.sinceSolve = 0;
  city.inflowSolved = city.inflow;
  city.upset = ruled;
  followPressure(city, highest);
}

/** Loops over all nodes are functions of their own over columns: so they are compiled early. */
function addLeaks(demand: Float64Array, leak: Float64Array, leakFlow: Float64Array): void {
  for (let n = 0; n < leak.length; n++) if (leak[n]! > 0) demand[n] = demand[n]! + leakFlow[n]!;
}

/**
 * Demand of users without a room: patterns of the network, joined by straight lines between the middles of their periods.
 * Reservoirs' heads follow theirs in the same way.
 */
function setDirectDemand(city: City, seconds: number): void {
  const { model, mains, circumstances, served } = city;
  const { h } = model;
  const { demand, extraDemand, head } = mains;
  const { demandNode, demandPattern, demandBase } = h;
  const { from, share } = periodAt(city, seconds, 0.5);
  const factor = h.patterns.map(
    (pattern) => valueAt(pattern, from) * (1 - share) + valueAt(pattern, from + 1) * share,
  );
  const all = circumstances.whole[WHOLE.directDemand]!;
  demand.set(extraDemand);
  for (let i = 0; i < demandNode.length; i++) {
    const node = demandNode[i]!;
    const pattern = demandPattern[i]!;
    const wish = demandBase[i]! * all * (pattern < 0 ? 1 : factor[pattern]!);
    demand[node] = demand[node]! + wish * served[node]!;
  }
  for (const reservoir of h.reservoirs)
    if (reservoir.pattern >= 0) head[reservoir.node] = reservoir.head * factor[reservoir.pattern]!;
}

function setSpeeds(city: City, seconds: number): void {
  const { model, mains, rooms, circumstances, time } = city;
  const { hour, month } = localTime(time);
  const now = periodAt(city, seconds);
  const heat = circumstances.whole[WHOLE.directDemand]!;
  model.scheduled.forEach(({ link, speeds, dispatch }, i) => {
    let speed = between(speeds, now);
    if (dispatch) {
      const ofDay = { from: Math.floor(hour), share: hour - Math.floor(hour) };
      const direct = between(dispatch.direct, ofDay);
      const rooms = between(dispatch.rooms, ofDay);
      const expected = heat * (direct + monthFactor(month) * rooms);
      speed = dispatchedSpeed(speed, dispatch.cost, direct + rooms, expected);
    }
    setPumpSpeed(model.h, mains, link, speed * circumstances.speed[i]!);
  });
  model.rooms.forEach(({ booster }, i) => {
    booster?.pumps.forEach((link, k) => {
      setPumpSpeed(model.h, mains, link, rooms[i]!.sets[0]!.pumps[k]!.hz / 50);
    });
  });
}

function between(values: readonly number[], { from, share }: Period): number {
  const a = valueAt(values, from);
  return a + (valueAt(values, from + 1) - a) * share;
}

function account(city: City, seconds: number): void {
  const { model, mains: s, ledger, taken, leakFlow } = city;
  const { h } = model;
  let supplied = 0;
  for (const { node } of h.reservoirs) supplied -= s.inflow[node]!;
  for (const { node } of h.tanks) supplied -= s.inflow[node]!;
  const leaked = leakedNow(city.circumstances.leak, leakFlow, s.cutOff);
  const delivered = sumOf(s.delivered);
  let rooms = 0;
  for (let i = 0; i < taken.length; i++) rooms += taken[i]!;
  taken.fill(0);
  ledger.supplied += supplied * seconds;
  ledger.leaked += leaked * seconds;
  ledger.rooms += rooms;
  ledger.direct += (delivered - leaked) * seconds - rooms;
}

function leakedNow(leak: Float64Array, leakFlow: Float64Array, cutOff: Uint8Array): number {
  let sum = 0;
  for (let n = 0; n < leak.length; n++) if (leak[n]! > 0 && cutOff[n] === 0) sum += leakFlow[n]!;
  return sum;
}

function sumOf(column: Float64Array): number {
  let sum = 0;
  for (let n = 0; n < column.length; n++) sum += column[n]!;
  return sum;
}

/** Tells each room the pressure it stands on, as last solved. @param highest head anywhere, m */
function showRooms({ model, mains, company }: City, highest: number): void {
  const { h, rooms } = model;
  const { inputs } = company;
  for (let i = 0; i < rooms.length; i++) {
    const { node, spec } = rooms[i]!;
    const pressure = pressureAt(h, mains, node);
    const before = inputs[i * TOLD + MAINS]!;
    const scarce = spec.tank !== null && Math.min(pressure, before) < SCARCE && mains.cutOff[node] === 0;
    inputs[i * TOLD + MAINS] = scarce ? scarcePressure(h, mains, node, highest, before) : pressure;
  }
}

/** Tells boosters what their pumps deliver, as last solved. */
export function showBoosters({ model, mains, boosters }: City): void {
  const { h, rooms } = model;
  for (let i = 0; i < rooms.length; i++) {
    const { node, booster } = rooms[i]!;
    const seen = boosters[i];
    if (booster && seen) showBooster(h, mains, booster, seen, node);
  }
}

/**
 * The pressure to show next to a tank that fills from a main which can hardly feed it, MPa: its flow goes with the root
 * of the pressure above the rim, and is moved as that of a break is.
 */
function scarcePressure(
  { elevation }: Hydraulics,
  { head }: HydraulicState,
  node: number,
  highest: number,
  before: number,
): number {
  const above = head[node]! - elevation[node]! - RIM;
  const flow = outflowAt(1, above, droopOf(highest - head[node]!), rootAbove(before));
  // what does not reach the rim fills nothing, and is shown as it is
  return flow > 0 ? mpaFromMetres(RIM + flow * flow) : mpaFromMetres(Math.max(0, above + RIM));
}

const rootAbove = (pressure: number) => Math.sqrt(Math.max(0, metresFromMpa(pressure) - RIM));

function showBooster(
  h: Hydraulics,
  s: HydraulicState,
  { pumps, outlet, bypass }: BoosterPlace,
  seen: BoosterSeen,
  node: number,
): void {
  seen.suction = pressureAt(h, s, node);
  seen.outlet = pressureAt(h, s, outlet);
  seen.rise = mpaFromMetres(h.elevation[outlet]! - h.elevation[node]!);
  for (let k = 0; k < pumps.length; k++) {
    seen.flows[k] = forwardFlow(h, s, pumps[k]!);
    seen.hz[k] = 50 * s.setting[pumps[k]!]!;
  }
  seen.bypass = bypass >= 0 ? forwardFlow(h, s, bypass) : 0;
}

/** MPa; nothing where no water comes. */
function pressureAt({ elevation }: Hydraulics, { head, cutOff }: HydraulicState, node: number): number {
  return cutOff[node] === 1 ? 0 : mpaFromMetres(Math.max(0, head[node]! - elevation[node]!));
}

/** m³/h along a link, nothing backwards. */
function forwardFlow({ flowScale }: Hydraulics, { status, flow }: HydraulicState, link: number): number {
  return status[link]! > Status.closed ? Math.max(0, flow[link]!) / flowScale : 0;
}

/**
 * Breaks and taps in the street follow the pressure of the last solve. While a break has not settled, the next
 * second is solved again.
 */
function followPressure(city: City, highest: number): void {
  const { mains: s, circumstances, leakFlow, served } = city;
  const { head, cutOff } = s;
  const { elevation, nodeCount } = city.model.h;
  const { leak } = circumstances;
  for (let n = 0; n < nodeCount; n++) {
    const pressure = head[n]! - elevation[n]!;
    const conductance = leak[n]!;
    const serving = served[n]!;
    if (conductance === 0) leakFlow[n] = 0;
    else {
      const before = leakFlow[n]!;
      const next =
        cutOff[n] === 1
          ? 0
          : outflowAt(conductance, pressure, openingDroop(highest - head[n]!, pressure), before);
      if (Math.abs(next - before) > city.pace.tolerance * next) city.upset = true;
      leakFlow[n] = next;
    }
    if (serving === 1 && pressure >= FULL_SERVICE && cutOff[n] === 0) continue;
    const next =
      cutOff[n] === 1
        ? 0
        : outflowAt(FULL_TAP, pressure, openingDroop(highest - head[n]!, pressure), serving);
    served[n] = next > 1 - 1e-6 ? 1 : next;
  }
}

/** Half of the way at the most: pumps give way to flow as well, and what has just opened has no losses to show yet. */
function openingDroop(loss: number, pressure: number): number {
  return Math.max(droopOf(loss), 2 * pressure);
}

/** m; heads of nodes that are cut off mean nothing. */
function highestHead(head: Float64Array, cutOff: Uint8Array, nodeCount: number): number {
  let highest = Number.NEGATIVE_INFINITY;
  for (let n = 0; n < nodeCount; n++) if (cutOff[n] === 0 && head[n]! > highest) highest = head[n]!;
  return highest;
}
