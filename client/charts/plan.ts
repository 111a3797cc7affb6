import type { Template, TemplatePoint } from '#twin/catalogue/template.ts';

export type ChartKey = 'pressure' | 'flow' | 'level' | 'power' | 'chlorine' | 'picked';

export interface ChartPlan {
  key: ChartKey;
  unit: string;
  points: TemplatePoint[];
}

/** Tags of each standing chart, in the order of its legend. */
const STANDING: readonly [ChartKey, readonly string[]][] = [
  ['pressure', ['P_OUT', 'P_IN']],
  ['flow', ['F_OUT', 'F_IN']],
  ['level', ['L1', 'L2']],
  ['power', ['P_TOT']],
  ['chlorine', ['CL2']],
];

/** The charts of a template, and one chart per unit for the points picked by hand. */
export function chartPlans(
  template: Template,
  picked: readonly string[],
  skip: ReadonlySet<string> = new Set(),
): ChartPlan[] {
  const plans: ChartPlan[] = [];
  for (const [key, tags] of STANDING) {
    const points = tags.flatMap((tag) =>
      template.points.filter((point) => point.tag === tag && !skip.has(point.name)),
    );
    if (points.length > 0) plans.push({ key, unit: points[0]!.unit, points });
  }
  const chosen = picked.flatMap((name) => template.points[template.index.get(name) ?? -1] ?? []);
  for (const unit of new Set(chosen.map((point) => point.unit))) {
    plans.push({ key: 'picked', unit, points: chosen.filter((point) => point.unit === unit) });
  }
  return plans;
}
