import { contradictoryBreaks } from './breaking-loops.ts';
import { controlIssues } from './check-controls.ts';
import { curveIssues } from './check-curves.ts';
import type { NetworkIssue } from './issue.ts';
import type { Network, Valve } from './model.ts';

/** What keeps a network from being solved: references to nothing, and valves placed where they cannot work. */
export function checkNetwork(network: Network): NetworkIssue[] {
  const issues: NetworkIssue[] = [];
  const nodes = new Map(network.nodes.map((node) => [node.id, node]));
  const links = new Map(network.links.map((link) => [link.id, link]));
  const patterns = new Set(network.patterns.filter((p) => p.multipliers.length > 0).map((p) => p.id));
  const curves = new Map(network.curves.map((curve) => [curve.id, curve]));

  const pattern = (element: NetworkIssue['element'], what: string, id: string | undefined): void => {
    if (id !== undefined && !patterns.has(id))
      issues.push({ element, cause: `${what}: there is no pattern ${id}` });
  };
  const curve = (element: NetworkIssue['element'], what: string, id: string | undefined): void => {
    if (id === undefined) return;
    const points = curves.get(id)?.points.length ?? 0;
    if (points === 0) issues.push({ element, cause: `${what}: there is no curve ${id}` });
  };
  for (const node of network.nodes) {
    const element = { kind: 'node', id: node.id } as const;
    const what = `${node.kind} ${node.id}`;
    if (node.kind === 'junction')
      node.demands.forEach((demand, i) => {
        pattern({ ...element, demand: i }, what, demand.pattern);
      });
    else if (node.kind === 'reservoir') pattern(element, what, node.pattern);
    else curve(element, what, node.volumeCurve);
  }
  for (const link of network.links) {
    const element = { kind: 'link', id: link.id } as const;
    const what = `${link.kind} ${link.id}`;
    for (const id of [link.from, link.to]) {
      if (!nodes.has(id)) issues.push({ element, cause: `${what}: there is no node ${id}` });
    }
    if (link.kind === 'pump') {
      curve(element, what, link.headCurve);
      pattern(element, what, link.speedPattern);
      const energy = (name = '') => ({ kind: 'energy', pump: link.id, name }) as const;
      curve(energy(link.efficiencyCurve), what, link.efficiencyCurve);
      pattern(energy(link.pricePattern), what, link.pricePattern);
      if (link.headCurve === undefined && link.power === undefined) {
        issues.push({ element, cause: `${what}: it has neither a head curve nor a power` });
      }
    } else if (link.kind === 'valve') {
      curve(element, what, link.type === 'GPV' ? (link.curve ?? String(link.setting)) : link.curve);
    }
  }
  const price = network.energy?.pricePattern;
  pattern({ kind: 'energy', name: price ?? '' }, 'energy', price);
  if (nodes.size > 0 && !network.nodes.some((node) => node.kind !== 'junction')) {
    issues.push({ element: { kind: 'network' }, cause: 'there is no reservoir or tank' });
  }
  if (nodes.size === 0) issues.push({ element: { kind: 'network' }, cause: 'there are no nodes' });
  issues.push(...curveIssues(network));
  for (const { valve, cause } of [...misplacedValves(network), ...contradictoryBreaks(network)]) {
    issues.push({ element: { kind: 'link', id: valve.id }, cause: `valve ${valve.id}: ${cause}` });
  }
  issues.push(...controlIssues(network, nodes, links));
  return issues;
}

/**
 * PRVs, PSVs and FCVs that EPANET's errors 219 and 220 are for (2.3.5 misses some in neighbouring lines), because they would fix one head twice
 * or ask a source to give way: at a reservoir or tank, sharing a controlled node, or in a loop.
 */
function misplacedValves(network: Network): { valve: Valve; cause: string }[] {
  const found: { valve: Valve; cause: string }[] = [];
  const sources = new Set(network.nodes.filter((n) => n.kind !== 'junction').map((n) => n.id));
  /** valves before, by the nodes they stand at: only neighbours can clash */
  const earlier = new Map<string, Valve[]>();
  for (const valve of network.links) {
    if (valve.kind !== 'valve' || !['PRV', 'PSV', 'FCV'].includes(valve.type)) continue;
    const end = [valve.from, valve.to].find((id) => sources.has(id));
    if (end !== undefined)
      found.push({ valve, cause: `a ${valve.type} cannot stand at the reservoir or tank ${end}` });
    const beside = new Set([valve.from, valve.to].flatMap((id) => earlier.get(id) ?? []));
    for (const other of beside) {
      const clash = clashOf(valve, other);
      if (clash) found.push({ valve, cause: `with ${other.type} ${other.id} ${clash}` });
    }
    for (const id of [valve.from, valve.to]) {
      const there = earlier.get(id);
      if (there) there.push(valve);
      else earlier.set(id, [valve]);
    }
  }
  return found;
}

function clashOf(a: Valve, b: Valve): string | undefined {
  const pair = `${a.type}-${b.type}`;
  const series = a.to === b.from || b.to === a.from;
  switch (pair) {
    case 'PRV-PRV':
      if (a.to === b.to) return `it sets the pressure of ${a.to} twice`;
      return series ? 'it stands in series' : undefined;
    case 'PSV-PSV':
      if (a.from === b.from) return `it sets the pressure of ${a.from} twice`;
      return series ? 'it stands in series' : undefined;
    case 'PRV-PSV':
      return a.to === b.from ? `it sets the pressure of ${a.to} twice` : undefined;
    case 'PSV-PRV':
      return b.to === a.from ? `it sets the pressure of ${a.from} twice` : undefined;
    case 'FCV-PSV':
      return a.to === b.from ? `it leaves ${a.to} between a fixed flow and a fixed pressure` : undefined;
    case 'PSV-FCV':
      return b.to === a.from ? `it leaves ${a.from} between a fixed flow and a fixed pressure` : undefined;
    case 'FCV-PRV':
      return a.from === b.to ? `it leaves ${a.from} between a fixed flow and a fixed pressure` : undefined;
    case 'PRV-FCV':
      return b.from === a.to ? `it leaves ${a.to} between a fixed flow and a fixed pressure` : undefined;
    default:
      return undefined;
  }
}
