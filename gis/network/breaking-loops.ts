import { parseControl } from './controls.ts';
import type { Network, Valve } from './model.ts';
import { parseRule } from './rules.ts';

/** Drops around a loop that differ by less agree, m. */
const AGREES = 1e-6;

/**
 * PBVs that close a loop of PBVs whose drops contradict each other: no heads satisfy them, and whatever flows around the
 * loop never settles. EPANET does not refuse them and goes on with flows of its stiff coefficient (10⁸ per foot).
 *
 * A valve with a loss coefficient may give way to flow: its drop becomes larger than its setting, never smaller. Such a
 * one is found only where the others hold less between its ends than it does. Valves that a control or a rule acts on are
 * left out: closed or set anew they contradict nothing. A loop through reservoirs is left to the solver, which knows
 * their heads of the hour.
 */
export function contradictoryBreaks(network: Network): { valve: Valve; cause: string }[] {
  const breaks = network.links.filter((link): link is Valve => link.kind === 'valve' && link.type === 'PBV');
  if (breaks.length < 2) return [];
  const commanded = commandedLinks(network);
  const held = breaks.filter(({ id, status, setting }) => {
    const drop = Number(setting);
    return status === 'active' && drop !== 0 && Number.isFinite(drop) && !commanded.has(id);
  });
  const found: { valve: Valve; cause: string }[] = [];
  const heads = new Heads();
  const taken: Valve[] = [];
  const refuse = (valve: Valve): void => {
    const names = wayBetween(taken, valve.from, valve.to).map(({ id }) => id);
    const shown = names.length > 5 ? `${names.slice(0, 5).join(', ')} …` : names.join(', ');
    found.push({ valve, cause: `it stands in a loop with PBV ${shown}, and their drops contradict its own` });
  };
  for (const valve of held.filter(({ minorLoss }) => !(minorLoss > 0))) {
    const drop = Number(valve.setting);
    const other = heads.drop(valve.from, valve.to);
    if (other === undefined) {
      heads.join(valve.from, valve.to, drop);
      taken.push(valve);
    } else if (Math.abs(other - drop) > AGREES) refuse(valve);
  }
  for (const valve of held.filter(({ minorLoss }) => minorLoss > 0)) {
    const other = heads.drop(valve.from, valve.to);
    if (other !== undefined && Math.abs(other) < Number(valve.setting) - AGREES) refuse(valve);
  }
  return found;
}

/** Links that a simple control or a rule acts on. What is wrong with one is said elsewhere. */
function commandedLinks({ controls, rules }: Network): Set<string> {
  const actions = [
    ...controls.flatMap((text) => read(text, parseControl)?.action ?? []),
    ...rules.flatMap((text) => {
      const rule = read(text, parseRule);
      return rule ? [...rule.actions, ...rule.otherwise] : [];
    }),
  ];
  return new Set(actions.map(({ link }) => link));
}

function read<T>(text: string, parse: (text: string) => T): T | undefined {
  try {
    return parse(text);
  } catch {
    return undefined;
  }
}

/** Which nodes hang together, and how far the head of each lies below that of a first one (weighted union-find). */
class Heads {
  private readonly above = new Map<string, { node: string; drop: number }>();

  /** m of head from one node to the other; undefined when nothing ties them */
  drop(from: string, to: string): number | undefined {
    const a = this.rootOf(from);
    const b = this.rootOf(to);
    return a.node === b.node ? b.drop - a.drop : undefined;
  }

  join(from: string, to: string, drop: number): void {
    const a = this.rootOf(from);
    const b = this.rootOf(to);
    this.above.set(b.node, { node: a.node, drop: a.drop + drop - b.drop });
  }

  /** The first node of its group, and the drop from there. Ways are shortened as they are walked. */
  private rootOf(node: string): { node: string; drop: number } {
    const way: string[] = [];
    let root = node;
    for (let next = this.above.get(root); next; next = this.above.get(root)) {
      way.push(root);
      root = next.node;
    }
    let drop = 0;
    for (const one of way.reverse()) {
      drop += this.above.get(one)!.drop;
      this.above.set(one, { node: root, drop });
    }
    return { node: root, drop };
  }
}

/** The valves of a way between two nodes. */
function wayBetween(valves: readonly Valve[], from: string, to: string): Valve[] {
  const at = new Map<string, Valve[]>();
  for (const valve of valves)
    for (const end of [valve.from, valve.to]) {
      const there = at.get(end);
      if (there) there.push(valve);
      else at.set(end, [valve]);
    }
  const reachedBy = new Map<string, Valve | null>([[from, null]]);
  for (const node of reachedBy.keys())
    for (const valve of at.get(node) ?? []) {
      const next = valve.from === node ? valve.to : valve.from;
      if (!reachedBy.has(next)) reachedBy.set(next, valve);
    }
  const way: Valve[] = [];
  let node = to;
  for (let valve = reachedBy.get(node); valve; valve = reachedBy.get(node)) {
    way.push(valve);
    node = valve.from === node ? valve.to : valve.from;
  }
  return way.reverse();
}
