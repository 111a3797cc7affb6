import { sameBytes } from './bytes.ts';
import { Status } from './constants.ts';
import { type HydraulicState, type Hydraulics, LinkKind } from './model.ts';
import { linearisePump } from './pumps.ts';
import { carrierLoss } from './trees.ts';

/**
 * When only demands, heads of sources and speeds of running pumps have changed since a solve converged, the next one
 * begins with the laws and the factorisation of that solve's last step: they were made at flows within the accuracy of
 * the present ones.
 * The state holds at which flows, so that a copy of it goes on in the same way.
 *
 * @param fresh whether the last step made the laws
 */
export function keepLaws(h: Hydraulics, s: HydraulicState, fresh: boolean): void {
  // Outflows that follow the pressure, and checks of head losses, linearise on the way.
  if (h.pressureDriven || h.emitters.length > 0 || h.options.headError > 0) return;
  const { plainLinks, coreLinks } = h;
  s.lawStatus.set(s.status.subarray(0, coreLinks));
  s.lawPinned.set(s.pinned.subarray(plainLinks, coreLinks), plainLinks);
  // What was shifted is shifted again from where it was made.
  if (fresh) s.lawSetting.set(s.setting.subarray(plainLinks, coreLinks), plainLinks);
  for (const k of h.throttles) {
    s.lawPinned[k] = s.pinned[k]!;
    s.lawSetting[k] = s.setting[k]!;
  }
}

export function forgetLaws(s: HydraulicState): void {
  if (s.lawStatus.length > 0) s.lawStatus[0] = noStatus;
}

/**
 * Whether every link of the core has the status, setting and pin with which its law was made, but for speeds that
 * `shiftPumps` can follow.
 */
export function lawsHold(h: Hydraulics, s: HydraulicState): boolean {
  const { plainLinks, coreLinks } = h;
  const { status, lawStatus } = s;
  if (!sameBytes(status, lawStatus, coreLinks)) return false;
  for (const k of h.throttles) if (!sameSetting(s, k)) return false;
  for (let k = plainLinks; k < coreLinks; k++) if (!sameSetting(s, k) && !canShift(h, s, k)) return false;
  return true;
}

function sameSetting({ pinned, lawPinned, setting, lawSetting }: HydraulicState, k: number): boolean {
  return pinned[k] === lawPinned[k] && setting[k] === lawSetting[k];
}

/**
 * Gives pumps the head of their present speed at the flows at which their laws were made. Their conductances stay those
 * of the factorisation, so that a flow's error is its move times the relative change of speed.
 *
 * @returns whether all laws are as good as tangents
 */
export function shiftPumps(h: Hydraulics, s: HydraulicState): boolean {
  const w = h.work;
  const { linear } = w;
  let tangent = true;
  let shifted = false;
  for (const { link: k, curve } of h.pumps) {
    if (s.status[k] !== Status.open || curve.kind === 'constant power') continue;
    const moved = s.setting[k] !== s.lawSetting[k];
    if (!moved && !w.shifted) continue;
    const before = s.flow[k]!;
    const conductance = linear[2 * k]!;
    const q = s.lawFlow[k]!;
    s.flow[k] = q;
    linearisePump(h, s, w, k);
    s.flow[k] = before;
    // An earlier shift is undone by the same law at the old speed.
    if (!moved) continue;
    shifted = true;
    linear[2 * k + 1] = q - (q - linear[2 * k + 1]!) * (conductance / linear[2 * k]!);
    linear[2 * k] = conductance;
    if (Math.abs(s.setting[k]! / s.lawSetting[k]! - 1) > tangentRatio) tangent = false;
  }
  w.shifted = shifted;
  return tangent;
}

function canShift(h: Hydraulics, s: HydraulicState, k: number): boolean {
  const pump = h.pumps[h.pumpOf[k]!];
  if (!pump || pump.curve.kind === 'constant power' || s.status[k] !== Status.open) return false;
  const r = s.setting[k]! / s.lawSetting[k]!;
  return r > 1 / mostRatio && r < mostRatio;
}

/**
 * Whether no law that was made at another flow is off by more than so much at the present one.
 *
 * Between no flow and twice the law's flow q₀ the tangent of r·qⁿ, 1 ≤ n ≤ 2, misses by at most g·Δq² / 2q₀, where g is its
 * gradient (Taylor's remainder; equal for n = 2). Further off the losses themselves are compared. Darcy-Weisbach's losses are
 * taken to be such powers; between laminar and turbulent flow, where they are not, hardly any head is lost.
 *
 * @param most m of head
 */
export function lawsFit(h: Hydraulics, s: HydraulicState, most: number): boolean {
  const { plainLinks, coreLinks } = h;
  if (!pipesFit(h, s, h.work.laws, most)) return false;
  for (let k = plainLinks; k < coreLinks; k++) if (!(offBy(h, s, k) <= most)) return false;
  return true;
}

function pipesFit(h: Hydraulics, s: HydraulicState, laws: Float64Array, most: number): boolean {
  const { plainLinks } = h;
  const { flow, lawFlow } = s;
  for (let k = 0; k < plainLinks; k++) {
    const before = Math.abs(lawFlow[k]!);
    const moved = Math.abs(flow[k]! - lawFlow[k]!);
    if (0.5 * laws[2 * k]! * moved * moved <= most * before && moved <= before) continue;
    if (!(farOff(h, s, k, laws[2 * k]!) <= most)) return false;
  }
  return true;
}

/** By how much the tangent of a pipe or throttle `k` misses its loss, m. */
function farOff(h: Hydraulics, s: HydraulicState, k: number, gradient: number): number {
  if (s.status[k]! <= Status.closed) return 0;
  const from = s.lawFlow[k]!;
  const to = s.flow[k]!;
  const tangent = carrierLoss(h, s, k, from) + gradient * (to - from);
  return Math.abs(carrierLoss(h, s, k, to) - tangent);
}

/** The same of equipment. */
function offBy(h: Hydraulics, s: HydraulicState, k: number): number {
  if (s.status[k]! <= Status.closed || s.flow[k] === s.lawFlow[k]) return 0;
  const { linear } = h.work;
  const kind = h.kind[k];
  if (kind === LinkKind.pipe || kind === LinkKind.checkValve) return farOff(h, s, k, 1 / linear[2 * k]!);
  if (kind !== LinkKind.pump) return Number.POSITIVE_INFINITY;
  const q = s.flow[k]!;
  const conductance = linear[2 * k]!;
  const offset = linear[2 * k + 1]!;
  linearisePump(h, s, h.work, k);
  const exact = (q - linear[2 * k + 1]!) / linear[2 * k]!;
  linear[2 * k] = conductance;
  linear[2 * k + 1] = offset;
  return Math.abs((q - offset) / conductance - exact);
}

/** A change of speed up to which a solve may end with the conductances that stand. */
const tangentRatio = 0.02;
/** Beyond, a step with them leads nowhere. */
const mostRatio = 1.25;

const noStatus = 255;
