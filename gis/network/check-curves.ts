import { headCurveFault } from './head-curve.ts';
import type { NetworkIssue } from './issue.ts';
import type { Curve, Network } from './model.ts';

/** Curves that cannot be what they are used for, each told once, by its first user. */
export function curveIssues({ nodes, links, curves }: Network): NetworkIssue[] {
  const byId = new Map(curves.filter(({ points }) => points.length > 0).map((curve) => [curve.id, curve]));
  const told = new Map<string, NetworkIssue>();
  const check = (user: string, id: string | undefined, fault: (curve: Curve) => string | undefined) => {
    const curve = byId.get(id ?? '');
    if (!curve || told.has(curve.id)) return;
    const cause = fault(curve);
    if (cause !== undefined)
      told.set(curve.id, { element: { kind: 'curve', id: curve.id }, cause: `${user}: ${cause}` });
  };
  for (const link of links) {
    if (link.kind === 'pump') check(`pump ${link.id}`, link.headCurve, headCurveFault);
    else if (link.kind === 'valve' && link.type === 'GPV')
      check(`valve ${link.id}`, link.curve ?? String(link.setting), ({ id, points }) =>
        points.length < 2 ? `curve ${id} has fewer than two points` : undefined,
      );
  }
  for (const node of nodes) {
    if (node.kind !== 'tank') continue;
    check(`tank ${node.id}`, node.volumeCurve, ({ id, points }) => {
      if (points.some(({ y }, i) => i > 0 && y < points[i - 1]!.y))
        return `the volume of curve ${id} falls while the level rises`;
      return node.minLevel < points[0]!.x || node.maxLevel > points.at(-1)!.x
        ? `volume curve ${id} does not reach from its minimum to its maximum level`
        : undefined;
    });
  }
  return [...told.values()];
}
