import type { Curve, Network } from './model.ts';

export type CurveKind = NonNullable<Curve['kind']>;

/** What each curve is, from the first element that uses it. */
export function curveUses({ nodes, links }: Pick<Network, 'nodes' | 'links'>): Map<string, CurveKind> {
  const uses = new Map<string, CurveKind>();
  const note = (id: string | undefined, kind: CurveKind): void => {
    if (id !== undefined && !uses.has(id)) uses.set(id, kind);
  };
  for (const link of links) {
    if (link.kind === 'pump') {
      note(link.headCurve, 'head');
      note(link.efficiencyCurve, 'efficiency');
    } else if (link.kind === 'valve' && link.type === 'GPV') {
      note(link.curve, 'headloss');
      if (typeof link.setting === 'string') note(link.setting, 'headloss');
    } else if (link.kind === 'valve' && link.type === 'PCV') note(link.curve, 'valve');
  }
  for (const node of nodes) if (node.kind === 'tank') note(node.volumeCurve, 'volume');
  return uses;
}
