import type { Template } from '#twin/catalogue/template.ts';
import type { PressureZone } from '#twin/model/station.ts';

/** Points of which a profile is kept: what is drawn from a pump set, what the main gives, what the room takes. */
const FLOW = 'F_OUT';
const OF_STATION = ['P_IN', 'P_TOT'];
export const PROFILED: readonly string[] = [FLOW, ...OF_STATION];
/** Points of a pump set that nights are kept of, and those that its energy and its curves are learnt from. */
export const OF_NIGHTS: readonly string[] = [FLOW];
export const OF_ENERGY: readonly string[] = [FLOW, 'KW'];
export const OF_CURVES: readonly string[] = [FLOW, 'P_OUT', 'RUN', 'HZ', 'L1', 'P_STAB'];

/** Where in a template lies what is learnt from. */
export interface Plan {
  /** of the station itself */
  readonly profiles: readonly { name: string; index: number }[];
  readonly sets: readonly SetPlan[];
  /** pressure before the pumps: a level over them in m, or a pressure in MPa; −1 where there is neither */
  readonly level: number;
  readonly suction: number;
}

export interface SetPlan {
  readonly zone: PressureZone;
  readonly flow: number;
  readonly flowName: string;
  readonly pressure: number;
  readonly pumps: readonly { name: string; run: number; hz: number; kw: number }[];
}

const plans = new Map<Template, Plan>();

/** The plan of a template, made once. */
export function planOf(template: Template): Plan {
  const known = plans.get(template) ?? makePlan(template);
  plans.set(template, known);
  return known;
}

function makePlan({ points, index }: Template): Plan {
  const at = (name: string) => index.get(name) ?? -1;
  const zones = [...new Set(points.flatMap(({ zone }) => zone ?? []))];
  return {
    profiles: points
      .filter(({ tag }) => OF_STATION.includes(tag))
      .map(({ name, index: place }) => ({ name, index: place })),
    sets: zones.map((zone) => ({
      zone,
      flow: at(`${zone}/${FLOW}`),
      flowName: `${zone}/${FLOW}`,
      pressure: at(`${zone}/P_OUT`),
      pumps: points
        .filter((point) => point.zone === zone && point.tag === 'RUN')
        .map(({ name }) => {
          const pump = name.slice(0, -'/RUN'.length);
          return { name: pump, run: at(`${pump}/RUN`), hz: at(`${pump}/HZ`), kw: at(`${pump}/KW`) };
        }),
    })),
    level: at('L1'),
    suction: at('P_STAB'),
  };
}
