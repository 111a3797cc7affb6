import { cubicFoot, foot, noFlow, Status } from './constants.ts';
import { forgetLaws } from './kept.ts';
import type { HydraulicState, Hydraulics } from './model.ts';

/** The state at the start of a simulation, before its first solve. */
export function createState(h: Hydraulics): HydraulicState {
  const state: HydraulicState = {
    time: 0,
    head: new Float64Array(h.nodeCount),
    flow: new Float64Array(h.linkCount),
    status: new Uint8Array(h.linkCount),
    setting: new Float64Array(h.linkCount),
    pinned: new Uint8Array(h.linkCount),
    demand: new Float64Array(h.nodeCount),
    delivered: new Float64Array(h.nodeCount),
    extraDemand: new Float64Array(h.nodeCount),
    emitterFlow: new Float64Array(h.nodeCount),
    inflow: new Float64Array(h.nodeCount),
    tankVolume: new Float64Array(h.tanks.length),
    cutOff: new Uint8Array(h.nodeCount),
    seenStatus: new Uint8Array(h.linkCount),
    lawFlow: new Float64Array(h.coreLinks),
    lawStatus: new Uint8Array(h.coreLinks),
    lawSetting: new Float64Array(h.coreLinks),
    lawPinned: new Uint8Array(h.coreLinks),
    energy: new Float64Array(5 * h.pumps.length),
    peakPower: 0,
  };
  resetState(h, state);
  return state;
}

/** Takes a state back to the start of a simulation, before its first solve. */
export function resetState(h: Hydraulics, state: HydraulicState): void {
  state.time = 0;
  state.peakPower = 0;
  forgetLaws(state);
  for (const array of [state.extraDemand, state.emitterFlow, state.inflow, state.energy, state.cutOff])
    array.fill(0);
  state.seenStatus.fill(unseen);
  state.head.set(h.elevation);
  state.status.set(h.initialStatus);
  state.setting.set(h.initialSetting);
  state.pinned.set(h.initialPinned);
  h.tanks.forEach((tank, i) => {
    state.head[tank.node] = tank.initialHead;
    state.tankVolume[i] = tank.initialVolume;
  });
  for (const reservoir of h.reservoirs) state.head[reservoir.node] = reservoir.head;
  for (const { node } of h.emitters) state.emitterFlow[node] = cubicFoot;
  startFlows(h, state);
}

/** No status: what is cut off has not been looked at. */
const unseen = 255;

export function isUnsolved(state: HydraulicState): boolean {
  return state.seenStatus[0] === unseen;
}

/** An independent copy: a run can fork. */
export function copyState(state: HydraulicState): HydraulicState {
  return Object.fromEntries(
    Object.entries(state).map(([key, value]) => [key, typeof value === 'number' ? value : value.slice()]),
  ) as unknown as HydraulicState;
}

/** The state as bytes, with a mark of the topology it belongs to. */
export function saveState(h: Hydraulics, state: HydraulicState): Uint8Array {
  const arrays = arraysOf(state);
  const bytes = arrays.reduce((sum, [, array]) => sum + array.byteLength, 0);
  const saved = new Uint8Array(headerLength + bytes);
  new Float64Array(saved.buffer, 0, 3).set([topologyMark(h), state.time, state.peakPower]);
  let at = headerLength;
  for (const [, array] of arrays) {
    saved.set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength), at);
    at += array.byteLength;
  }
  return saved;
}

/** @throws RangeError when the bytes were saved from another network */
export function restoreState(h: Hydraulics, saved: Uint8Array): HydraulicState {
  const state = createState(h);
  const arrays = arraysOf(state);
  const bytes = arrays.reduce((sum, [, array]) => sum + array.byteLength, 0);
  const header = new Float64Array(saved.slice(0, headerLength).buffer);
  if (saved.length !== headerLength + bytes || header[0] !== topologyMark(h)) {
    throw new RangeError('the saved state belongs to another network');
  }
  state.time = header[1]!;
  state.peakPower = header[2]!;
  let at = headerLength;
  for (const [, array] of arrays) {
    new Uint8Array(array.buffer).set(saved.subarray(at, at + array.byteLength));
    at += array.byteLength;
  }
  return state;
}

const headerLength = 24;

function arraysOf(state: HydraulicState): [string, Float64Array | Uint8Array][] {
  return Object.entries(state).filter(
    (entry): entry is [string, Float64Array | Uint8Array] => typeof entry[1] !== 'number',
  );
}

/** FNV-1a over ids and ends. */
function topologyMark(h: Hydraulics): number {
  let hash = 0x811c9dc5;
  const mix = (text: string): void => {
    for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  };
  for (const id of h.nodeIds) mix(id);
  for (let k = 0; k < h.linkCount; k++) mix(`${h.linkIds[k]},${h.from[k]},${h.to[k]}`);
  return hash >>> 0;
}

/** No flow in a closed link, the design flow of a pump, one foot per second elsewhere, as EPANET starts. */
function startFlows(
  { linkCount, diameter, pumps }: Hydraulics,
  { status, setting, flow }: HydraulicState,
): void {
  for (let k = 0; k < linkCount; k++) {
    const d = diameter[k]!;
    flow[k] = status[k]! > Status.closed ? perSquare * d * d : noFlow;
  }
  for (const { link, curve } of pumps)
    if (status[link]! > Status.closed) flow[link] = setting[link]! * curve.designFlow;
}

const perSquare = (Math.PI / 4) * foot;
