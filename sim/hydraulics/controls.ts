import { headTolerance, Status } from './constants.ts';
import { type CompiledControl, type HydraulicState, type Hydraulics, LinkKind } from './model.ts';
import { isFixed } from './status.ts';
import { tankVolumeAt } from './tanks.ts';

/**
 * Opens or closes a link from outside; a valve loses its setting by it, a pump runs at full speed.
 *
 * @throws RangeError for a pipe with a check valve
 */
export function setLinkStatus(h: Hydraulics, s: HydraulicState, link: number, open: boolean): void {
  const kind = h.kind[link]!;
  if (kind === LinkKind.checkValve) throw new RangeError(`pipe ${h.linkIds[link]} has a check valve`);
  if (kind === LinkKind.pump) {
    setPumpSpeed(h, s, link, open ? 1 : 0);
    return;
  }
  if (kind >= LinkKind.prv && kind !== LinkKind.gpv) s.pinned[link] = 1;
  s.status[link] = open ? Status.open : Status.closed;
}

/**
 * Sets the relative speed of a pump; 0 stops it.
 *
 * @throws RangeError for a link that is no pump, or a speed that is negative or not a number
 */
export function setPumpSpeed(h: Hydraulics, s: HydraulicState, link: number, speed: number): void {
  if (h.kind[link] !== LinkKind.pump) throw new RangeError(`link ${h.linkIds[link]} is not a pump`);
  if (!(speed >= 0 && speed < 10)) throw new RangeError(`pump ${h.linkIds[link]}: speed ${speed}`);
  s.setting[link] = speed;
  if (speed > 0 && s.status[link]! <= Status.closed) {
    restart(h, s, link);
    s.status[link] = Status.open;
  }
  if (speed === 0 && s.status[link]! > Status.closed) s.status[link] = Status.closed;
}

/**
 * Sets what a valve holds, in m (PRV, PSV, PBV), m³/s (FCV), as loss coefficient (TCV) or % open (PCV).
 *
 * @throws RangeError for a link that has no setting, or a setting that is not a number
 */
export function setValve(h: Hydraulics, s: HydraulicState, link: number, setting: number): void {
  const kind = h.kind[link]!;
  if (kind < LinkKind.prv || kind === LinkKind.gpv)
    throw new RangeError(`link ${h.linkIds[link]} has no setting`);
  if (!Number.isFinite(setting)) throw new RangeError(`valve ${h.linkIds[link]}: setting ${setting}`);
  if (kind === LinkKind.fcv) s.status[link] = Status.active;
  else if (s.pinned[link] && s.status[link]! <= Status.closed) s.status[link] = Status.open;
  if (s.pinned[link] && (kind === LinkKind.prv || kind === LinkKind.psv)) s.status[link] = Status.active;
  s.pinned[link] = 0;
  s.setting[link] = setting;
}

/**
 * Simple controls that act at this time and tank level, in the order of their times: of two within `ahead` the later one
 * is what counts. Those of one time act in the order of the file.
 * @param tick the shortest time that counts, s
 * @param ahead s for which the next solve stands: times within them count as reached
 * @param startClock time of day at the state's time 0, s; the network's by default
 */
export function applyControls(
  h: Hydraulics,
  s: HydraulicState,
  tick: number,
  { ahead = 0, startClock = h.times.startClockTime }: { ahead?: number; startClock?: number } = {},
): void {
  const interval = { tick, ahead: Math.max(tick, ahead), clock: (s.time + startClock) % 86400 };
  const due: { control: CompiledControl; wait: number }[] = [];
  for (const control of h.controls) {
    const wait = waitOf(h, s, control, interval);
    if (wait !== undefined) due.push({ control, wait });
  }
  for (const { control } of due.sort((a, b) => a.wait - b.wait)) {
    const { link, status } = control;
    const kind = h.kind[link]!;
    const open = s.status[link]! > Status.closed;
    if (kind === LinkKind.pump && !open && status === Status.open) restart(h, s, link);
    const same = (open ? Status.open : Status.closed) === status && hasSetting(h, s, control);
    if (!same) enforce(h, s, control);
  }
}

/** Simple controls on the pressure of junctions, once a solve has settled. Returns whether a link changed. */
export function applyPressureControls(h: Hydraulics, s: HydraulicState, changed: Set<number>): boolean {
  let any = false;
  for (const control of h.controls) {
    const { node, link } = control;
    if (node < 0 || isFixed(h, node)) continue;
    const head = s.head[node]!;
    const due =
      control.kind === 'below' ? head <= control.head + headTolerance : head >= control.head - headTolerance;
    if (!due) continue;
    const kind = h.kind[link]!;
    const sameStatus = s.status[link] === control.status;
    const same =
      kind === LinkKind.pipe ? sameStatus : hasSetting(h, s, control) && (!s.pinned[link] || sameStatus);
    if (same) continue;
    enforce(h, s, control);
    changed.add(link);
    any = true;
  }
  return any;
}

/** Seconds until the next control acts that would change something, at the present tank flows; Infinity if none. */
export function timeToControl(h: Hydraulics, s: HydraulicState, tick: number): number {
  let soonest = Number.POSITIVE_INFINITY;
  for (const control of h.controls) {
    let wait = 0;
    if (control.node >= 0) {
      const tank = h.tankOf[control.node]!;
      if (tank < 0) continue;
      const q = s.inflow[control.node]!;
      const head = s.head[control.node]!;
      const rises = control.kind === 'above' && head < control.head && q > 0;
      const falls = control.kind === 'below' && head > control.head && q < 0;
      if (!rises && !falls) continue;
      wait = Math.round((tankVolumeAt(h.tanks[tank]!, control.head) - s.tankVolume[tank]!) / q / tick) * tick;
    } else if (control.kind === 'time') wait = control.time - s.time;
    else {
      const clock = (s.time + h.times.startClockTime) % 86400;
      wait = control.time >= clock ? control.time - clock : 86400 - clock + control.time;
    }
    if (wait < tick / 2 || wait >= soonest) continue;
    const hasIt = h.kind[control.link]! <= LinkKind.checkValve || hasSetting(h, s, control);
    if (!hasIt || s.status[control.link] !== control.status) soonest = wait;
  }
  return soonest;
}

/** A pump of constant power starts again from its design flow. */
export function restart(h: Hydraulics, s: HydraulicState, link: number): void {
  const { curve } = h.pumps[h.pumpOf[link]!]!;
  if (curve.kind === 'constant power') s.flow[link] = curve.designFlow;
}

/** Seconds until a control acts within the interval; undefined when it does not. */
function waitOf(
  h: Hydraulics,
  s: HydraulicState,
  control: CompiledControl,
  { tick, ahead, clock }: { tick: number; ahead: number; clock: number },
): number | undefined {
  const { kind } = control;
  if (kind === 'time' || kind === 'clock') {
    const wait = control.time - (kind === 'time' ? s.time : clock);
    const waits = kind === 'time' ? [wait] : [wait, wait + 86400, wait - 86400];
    return waits.find((seconds) => seconds > -tick / 2 && seconds < ahead - tick / 2);
  }
  return reached(h, s, control, tick) ? 0 : undefined;
}

function reached(
  h: Hydraulics,
  s: HydraulicState,
  { node, kind, head }: CompiledControl,
  tick: number,
): boolean {
  const tank = h.tanks[h.tankOf[node]!];
  if (!tank) {
    if (!isFixed(h, node)) return false;
    return kind === 'below' ? s.head[node]! <= head : s.head[node]! >= head;
  }
  // A level counts as reached when the present flow reaches it within a tick.
  const reach = Math.abs(s.inflow[node]!) * tick;
  const volume = tankVolumeAt(tank, s.head[node]!);
  const limit = tankVolumeAt(tank, head);
  return kind === 'below' ? volume <= limit + reach : volume >= limit - reach;
}

function hasSetting(h: Hydraulics, s: HydraulicState, { link, setting }: CompiledControl): boolean {
  const kind = h.kind[link]!;
  if (kind <= LinkKind.checkValve) return true;
  if (kind === LinkKind.gpv) return true;
  return setting === undefined ? s.pinned[link] === 1 : s.pinned[link] === 0 && s.setting[link] === setting;
}

function enforce(h: Hydraulics, s: HydraulicState, { link, status, setting }: CompiledControl): void {
  s.status[link] = status;
  const kind = h.kind[link]!;
  if (kind <= LinkKind.checkValve || kind === LinkKind.gpv) return;
  if (setting === undefined) s.pinned[link] = 1;
  else {
    s.pinned[link] = 0;
    s.setting[link] = setting;
  }
}
