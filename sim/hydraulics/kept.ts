import { Status } from './constants.ts';
import type { HydraulicState, Hydraulics } from './model.ts';

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
  const { coreLinks } = h;
  s.lawStatus.set(s.status.subarray(0, coreLinks));
  s.lawPinned.set(s.pinned.subarray(0, coreLinks));
  // What was shifted is shifted again from where it was made.
  if (fresh) s.lawSetting.set(s.setting.subarray(0, coreLinks));
}

export function forgetLaws(s: HydraulicState): void {
  if (s.lawStatus.length > 0) s.lawStatus[0] = noStatus;
}

/**
 * Whether every link of the core has the status, setting and pin with which its law was made, but for speeds that
 * `shiftPumps` can follow.
 */
export function lawsHold(h: Hydraulics, s: HydraulicState): boolean {
  const { coreLinks } = h;
  const { status, lawStatus, pinned, lawPinned, setting, lawSetting } = s;
  if (lawStatus[0] === noStatus) return false;
  for (let k = 0; k < coreLinks; k++)
    if (status[k] !== lawStatus[k] || pinned[k] !== lawPinned[k]) return false;
    else if (setting[k] !== lawSetting[k] && !canShift(h, s, k)) return false;
  return true;
}

/**
 * Takes pumps whose speed has changed along their affinity parabola: at flow r·q the head is r² times what it was.
 * Their conductances stay those of the factorisation, 1/r times the tangents'.
 *
 * @returns whether all laws are tangents still, or near enough
 */
export function shiftPumps(h: Hydraulics, s: HydraulicState): boolean {
  const { linear, pumpOffset } = h.work;
  let tangent = true;
  h.pumps.forEach(({ link: k }, i) => {
    if (s.setting[k] === s.lawSetting[k]) {
      linear[2 * k + 1] = pumpOffset[i]!;
      return;
    }
    const r = s.setting[k]! / s.lawSetting[k]!;
    const q = s.lawFlow[k]!;
    linear[2 * k + 1] = r * q - r * r * (q - pumpOffset[i]!);
    if (Math.abs(r - 1) > tangentRatio) tangent = false;
  });
  return tangent;
}

/** The offsets of the pumps' laws, from which they are shifted. */
export function notePumps(h: Hydraulics): void {
  const { linear, pumpOffset } = h.work;
  h.pumps.forEach(({ link }, i) => {
    pumpOffset[i] = linear[2 * link + 1]!;
  });
}

function canShift(h: Hydraulics, s: HydraulicState, k: number): boolean {
  const pump = h.pumps[h.pumpOf[k]!];
  if (!pump || pump.curve.kind === 'constant power' || s.status[k] !== Status.open) return false;
  const r = s.setting[k]! / s.lawSetting[k]!;
  return r > 1 / mostRatio && r < mostRatio;
}

/** A change of speed that leaves the conductance right to a hundredth of what flows moved. */
const tangentRatio = 0.01;
/** Beyond, the parabola leads too far from the tangent. */
const mostRatio = 1.25;

const noStatus = 255;
