import { readControl } from './controls.ts';
import type { NetworkIssue } from './issue.ts';
import type { Network, NetworkLink, NetworkNode } from './model.ts';
import { type Clause, readRule } from './rules.ts';

/** All that is wrong with simple controls and rules, clause by clause: what cannot be understood, and names of nothing. */
export function controlIssues(
  { controls, rules }: Network,
  nodes: ReadonlyMap<string, NetworkNode>,
  links: ReadonlyMap<string, NetworkLink>,
): NetworkIssue[] {
  const missingNode = (id: string): string[] => (nodes.has(id) ? [] : [`there is no node ${id}`]);
  const missingLink = (id: string): string[] => (links.has(id) ? [] : [`there is no link ${id}`]);
  const uncontrolled = (id: string): string[] => {
    const link = links.get(id);
    if (!link) return missingLink(id);
    const fixed = link.kind === 'pipe' && link.status === 'cv';
    return fixed ? [`pipe ${id} has a check valve and cannot be controlled`] : [];
  };
  const wrongIn = (clause: Clause): string[] => {
    if (clause.part !== 'if') return uncontrolled(clause.action.link);
    const { premise } = clause;
    if (premise.about === 'node') return missingNode(premise.id);
    return premise.about === 'link' || premise.about === 'status' ? missingLink(premise.id) : [];
  };
  return [
    ...controls.flatMap((text, index): NetworkIssue[] => {
      const { link, node, faults } = readControl(text);
      const causes = [
        ...faults,
        ...(link === undefined ? [] : uncontrolled(link)),
        ...(node === undefined ? [] : missingNode(node)),
      ];
      return causes.map((cause) => ({
        element: { kind: 'control', index },
        cause: `control "${text}": ${cause}`,
      }));
    }),
    ...rules.flatMap((text, index): NetworkIssue[] => {
      const { name, clauses, faults } = readRule(text);
      const named = clauses.flatMap((clause) => wrongIn(clause).map((cause) => ({ row: clause.row, cause })));
      return [...faults, ...named].map(({ row, cause }) => ({
        element: { kind: 'rule', index, row },
        cause: `${name === '' ? 'a rule' : `rule ${name}`}: ${cause}`,
      }));
    }),
  ];
}
