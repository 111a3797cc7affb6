import { nearNames } from '#twin/nearNames.ts';
import type { Route } from '#twin/notification/book.ts';
import type { Rule } from '#twin/rules/load.ts';
import { type Problem, problem } from '#twin/rules/problem.ts';

/** Of a route of notifications, what decides whether a rule that names it is told by it. */
export type KnownRoute = Pick<Route, 'id' | 'priorities'>;

/** What is wrong with the routes that a rule names, at which of them: leads nowhere, or tells nobody. */
export function unfitRoutes(
  { text }: Rule,
  routes: readonly KnownRoute[],
): { at: PropertyKey[]; problem: Problem }[] {
  const told = text.told ?? [];
  const ids = routes.map(({ id }) => id);
  const unknown = told.flatMap((name, i) =>
    ids.includes(name)
      ? []
      : [{ at: ['told', i], problem: problem('unknownRoute', { name }, nearNames(name, ids, 1)[0]) }],
  );
  const named = routes.filter(({ id }) => told.includes(id));
  const priorities = [text.priority, text.escalate?.to, text.downgrade?.to].filter(
    (one) => one !== undefined,
  );
  const hears = ({ priorities: of }: KnownRoute) => of.size === 0 || priorities.some((one) => of.has(one));
  // one that does is enough: others may be for when it escalates
  if (named.length === 0 || named.some(hears)) return unknown;
  const name = named.map(({ id }) => id).join(', ');
  return [
    ...unknown,
    { at: ['told'], problem: problem('routesNotOfPriority', { name, priority: priorities.join(', ') }) },
  ];
}
