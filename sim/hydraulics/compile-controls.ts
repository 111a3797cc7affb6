import { parseControl } from '#gis/network/controls.ts';
import { unitFactors } from '#gis/network/units.ts';
import { Status } from './constants.ts';
import { type CompiledControl, type Hydraulics, LinkKind } from './model.ts';

/** Simple controls with links and nodes by number and values in the solver's units; disabled ones are left out. */
export function compileControls(h: Hydraulics): CompiledControl[] {
  const { units = 'CMH', pressureUnits } = h.network;
  const f = unitFactors(units, pressureUnits, h.options.specificGravity);
  const compiled = (text: string): CompiledControl | undefined => {
    const control = parseControl(text);
    if (!control) return undefined;
    const { action, condition } = control;
    const link = h.linkIndex.get(action.link)!;
    const effect = effectOf(h, link, action);
    if ('node' in condition) {
      const node = h.nodeIndex.get(condition.node)!;
      const junction = node < h.coreNodes || node >= h.treeStart;
      const head = h.elevation[node]! + condition.level * (junction ? f.pressure : f.length);
      return { link, ...effect, kind: condition.kind, node, head, time: 0 };
    }
    const clock = condition.kind === 'clock';
    const time = clock ? condition.seconds % 86400 : condition.seconds;
    return { link, ...effect, kind: condition.kind, node: -1, head: 0, time };
  };
  return h.network.controls.map(compiled).filter((control) => control !== undefined);
}

/** What an action means for the status and setting of a link. */
export function effectOf(
  h: Hydraulics,
  link: number,
  action: { status: 'open' | 'closed' } | { setting: number },
): { status: number; setting: number | undefined } {
  const kind = h.kind[link]!;
  if ('status' in action) {
    const open = action.status === 'open';
    const speed = kind === LinkKind.pump ? (open ? 1 : 0) : undefined;
    return { status: open ? Status.open : Status.closed, setting: speed };
  }
  const setting = settingInSolver(h, link, action.setting);
  if (kind === LinkKind.pump) return { status: setting === 0 ? Status.closed : Status.open, setting };
  if (kind === LinkKind.pipe)
    return { status: setting === 0 ? Status.closed : Status.open, setting: undefined };
  return { status: Status.active, setting };
}

/** A setting in the file's units as the solver wants it: m, m³/s, a speed, a coefficient or a percentage. */
export function settingInSolver(h: Hydraulics, link: number, setting: number): number {
  const { units = 'CMH', pressureUnits } = h.network;
  const f = unitFactors(units, pressureUnits, h.options.specificGravity);
  switch (h.kind[link]) {
    case LinkKind.prv:
    case LinkKind.psv:
    case LinkKind.pbv:
      return setting * f.pressure;
    case LinkKind.fcv:
      return setting * f.flow * h.flowScale;
    default:
      return setting;
  }
}
