import { localTime } from '#sim/calendar.ts';
import { Status } from '#sim/hydraulics/constants.ts';
import { applyControls, setPumpSpeed } from '#sim/hydraulics/controls.ts';
import { solveState } from '#sim/hydraulics/solve.ts';
import { moveTanks } from '#sim/hydraulics/tanks.ts';
import { cubicMetresPerSecond, mpaFromMetres } from '#twin/units.ts';
import { type City, WHOLE } from './model.ts';

/** Below this pressure at a tap in the street users without a room get less, m (that of EPANET's default). */
const FULL_SERVICE = 14;
/** What depends on the pressure of the last solve moves this share of the way, so that it settles. */
const RELAXATION = 0.5;

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
  setDirectDemand(city);
  for (let n = 0; n < h.nodeCount; n++) {
    if (circumstances.leak[n]! > 0) s.demand[n] = s.demand[n]! + city.leakFlow[n]!;
  }
  for (let i = 0; i < model.rooms.length; i++) {
    const room = model.rooms[i]!;
    if (room.booster) continue;
    const flow = seconds > 0 ? city.taken[i]! / seconds : cubicMetresPerSecond(city.rooms[i]!.state.inflow);
    if (!Number.isFinite(flow)) throw new RangeError(`station ${room.station.code}: its inflow is ${flow}`);
    s.demand[room.node] = s.demand[room.node]! + flow;
  }
  setSpeeds(city);
  // times count by whole seconds
  applyControls(h, s, 1);
  city.report = solveState(h, s);
  city.solves++;
  if (!city.report.converged) city.unsolved++;
  account(city, seconds);
  if (seconds > 0) moveTanks(h, s, seconds, 1);
  showRooms(city);
  followPressure(city);
  city.sinceSolve = 0;
  city.inflowSolved = city.inflow;
  city.upset = false;
}

/** Demand of users without a room: patterns of the network, joined by straight lines between mid-hours. */
function setDirectDemand({ model, mains: s, circumstances, served, time }: City): void {
  const { h } = model;
  const { hour } = localTime(time);
  const period = hour - 0.5;
  const from = Math.floor(period);
  const share = period - from;
  const factor = h.patterns.map((pattern) => {
    const count = pattern.length;
    return pattern[(from + count) % count]! * (1 - share) + pattern[(from + 1 + count) % count]! * share;
  });
  const all = circumstances.whole[WHOLE.directDemand]!;
  s.demand.set(s.extraDemand);
  for (let i = 0; i < h.demandNode.length; i++) {
    const node = h.demandNode[i]!;
    const pattern = h.demandPattern[i]!;
    const wish = h.demandBase[i]! * all * (pattern < 0 ? 1 : factor[pattern]!);
    s.demand[node] = s.demand[node]! + wish * served[node]!;
  }
}

function setSpeeds({ model, mains, rooms, circumstances, time }: City): void {
  const { hour } = localTime(time);
  const from = Math.floor(hour);
  const share = hour - from;
  model.scheduled.forEach(({ link, speeds }, i) => {
    const a = speeds[from % speeds.length]!;
    const b = speeds[(from + 1) % speeds.length]!;
    setPumpSpeed(model.h, mains, link, (a + (b - a) * share) * circumstances.speed[i]!);
  });
  model.rooms.forEach(({ booster }, i) => {
    booster?.pumps.forEach((link, k) => {
      setPumpSpeed(model.h, mains, link, rooms[i]!.sets[0]!.pumps[k]!.hz / 50);
    });
  });
}

function account(city: City, seconds: number): void {
  const { model, mains: s, ledger, taken, leakFlow } = city;
  const { h } = model;
  let supplied = 0;
  for (const { node } of h.reservoirs) supplied -= s.inflow[node]!;
  for (const { node } of h.tanks) supplied -= s.inflow[node]!;
  let leaked = 0;
  let delivered = 0;
  for (let n = 0; n < h.nodeCount; n++) {
    if (city.circumstances.leak[n]! > 0 && !s.cutOff[n]) leaked += leakFlow[n]!;
    delivered += s.delivered[n]!;
  }
  let rooms = 0;
  for (let i = 0; i < taken.length; i++) rooms += taken[i]!;
  taken.fill(0);
  ledger.supplied += supplied * seconds;
  ledger.leaked += leaked * seconds;
  ledger.rooms += rooms;
  ledger.direct += (delivered - leaked) * seconds - rooms;
}

/** Tells each room the pressure it stands on, and boosters what their pumps deliver, as last solved. */
export function showRooms({ model, mains: s, inputs, boosters }: City): void {
  const { h } = model;
  for (let i = 0; i < model.rooms.length; i++) {
    const { node, booster } = model.rooms[i]!;
    const at = (n: number) => (s.cutOff[n] ? 0 : mpaFromMetres(Math.max(0, s.head[n]! - h.elevation[n]!)));
    inputs[i]!.mains = at(node);
    const seen = boosters[i];
    if (!booster || !seen) continue;
    seen.suction = inputs[i]!.mains;
    seen.outlet = at(booster.outlet);
    booster.pumps.forEach((link, k) => {
      seen.flows[k] = s.status[link]! > Status.closed ? Math.max(0, s.flow[link]!) / h.flowScale : 0;
    });
    seen.bypass =
      booster.bypass >= 0 && s.status[booster.bypass]! > Status.closed
        ? Math.max(0, s.flow[booster.bypass]!) / h.flowScale
        : 0;
  }
}

/** Breaks and taps in the street follow the pressure of the last solve. */
function followPressure({ model, mains: s, circumstances, leakFlow, served }: City): void {
  const { h } = model;
  for (let n = 0; n < h.nodeCount; n++) {
    const pressure = s.cutOff[n] ? 0 : Math.max(0, s.head[n]! - h.elevation[n]!);
    const leak = circumstances.leak[n]!;
    if (leak > 0) leakFlow[n] = leakFlow[n]! + RELAXATION * (leak * Math.sqrt(pressure) - leakFlow[n]!);
    else leakFlow[n] = 0;
    if (pressure >= FULL_SERVICE && served[n] === 1) continue;
    const share = Math.min(1, Math.sqrt(pressure / FULL_SERVICE));
    const next = served[n]! + RELAXATION * (share - served[n]!);
    served[n] = next > 1 - 1e-6 ? 1 : next;
  }
}
