import type { HydraulicState, Hydraulics } from './model.ts';

/**
 * When only demands and the heads of sources have changed since a solve converged, the next one begins with the laws
 * and the factorisation of that solve's last step: they were made at flows within the accuracy of the present ones.
 * The state holds at which flows, so that a copy of it goes on in the same way.
 */
export function keepLaws(h: Hydraulics, s: HydraulicState): void {
  // Outflows that follow the pressure, and checks of head losses, linearise on the way.
  if (h.pressureDriven || h.emitters.length > 0 || h.options.headError > 0) return;
  const { coreLinks } = h;
  s.lawStatus.set(s.status.subarray(0, coreLinks));
  s.lawPinned.set(s.pinned.subarray(0, coreLinks));
  s.lawSetting.set(s.setting.subarray(0, coreLinks));
}

export function forgetLaws(s: HydraulicState): void {
  if (s.lawStatus.length > 0) s.lawStatus[0] = noStatus;
}

/** Whether every link of the core has the status, setting and pin with which its law was made. */
export function lawsHold(h: Hydraulics, s: HydraulicState): boolean {
  const { coreLinks } = h;
  const { status, lawStatus, pinned, lawPinned, setting, lawSetting } = s;
  if (lawStatus[0] === noStatus) return false;
  for (let k = 0; k < coreLinks; k++)
    if (status[k] !== lawStatus[k] || pinned[k] !== lawPinned[k] || setting[k] !== lawSetting[k])
      return false;
  return true;
}

const noStatus = 255;
