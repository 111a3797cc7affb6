import type { PressureZone, Station, StationKind } from '#twin/model/station.ts';
import type { PointDefinition } from './definition.ts';
import { POINTS } from './points.data.ts';

/** A point of a template: its definition, its full name (`LO/P1/HZ`) and its place. */
export interface TemplatePoint extends PointDefinition {
  name: string;
  index: number;
  zone?: PressureZone;
  pump?: string;
}

/** The ordered points of a kind of station. All stations with the same id share one set of columns. */
export interface Template {
  /** such as `tank:LO3+MI3`; the same id always means the same points in the same order */
  id: string;
  kind: StationKind;
  points: readonly TemplatePoint[];
  /** point name → index */
  index: ReadonlyMap<string, number>;
}

/** What a template depends on: the kind and the pumps of each set. */
export interface TemplateShape {
  kind: StationKind;
  sets: readonly { zone: PressureZone; pumps: number }[];
}

const known = new Map<string, Template>();

/** The template of a station, shared between stations of the same shape. */
export function templateOf(station: Pick<Station, 'kind' | 'pumpSets'>): Template {
  return template({
    kind: station.kind,
    sets: station.pumpSets.map((set) => ({ zone: set.zone, pumps: set.pumps.length })),
  });
}

/** The template of a shape. Templates are built once and kept: comparing them by reference is safe. */
export function template(shape: TemplateShape): Template {
  const id = `${shape.kind}:${shape.sets.map((set) => `${set.zone}${set.pumps}`).join('+')}`;
  const hit = known.get(id);
  if (hit) return hit;
  const made = build(id, shape);
  known.set(id, made);
  return made;
}

const ID = /^(tank|inline|booster):((?:(?:LO|MI|HI|SP)[1-9]\d?)(?:\+(?:LO|MI|HI|SP)[1-9]\d?){0,3})?$/;

/** The template an id names. Throws on an id that no shape has. */
export function templateById(id: string): Template {
  const match = ID.exec(id);
  if (!match) throw new Error(`not a template id: ${JSON.stringify(id)}`);
  const sets = (match[2] ?? '')
    .split('+')
    .filter(Boolean)
    .map((part) => ({ zone: part.slice(0, 2) as PressureZone, pumps: Number(part.slice(2)) }));
  if (new Set(sets.map(({ zone }) => zone)).size < sets.length)
    throw new Error(`not a template id: ${JSON.stringify(id)} names a pressure zone twice`);
  return template({ kind: match[1] as StationKind, sets });
}

function build(id: string, shape: TemplateShape): Template {
  const points: TemplatePoint[] = [];
  const add = (
    definition: PointDefinition,
    name: string,
    place: { zone?: PressureZone; pump?: string } = {},
  ) => {
    points.push({ ...definition, name, index: points.length, ...place });
  };
  const of = (scope: PointDefinition['scope']) =>
    POINTS.filter((point) => point.scope === scope && (!point.kinds || point.kinds.includes(shape.kind)));
  for (const point of of('station')) add(point, point.tag);
  for (const { zone, pumps } of shape.sets) {
    for (const point of of('set')) add(point, `${zone}/${point.tag}`, { zone });
    for (let k = 1; k <= pumps; k++) {
      for (const point of of('pump')) add(point, `${zone}/P${k}/${point.tag}`, { zone, pump: `P${k}` });
    }
  }
  return { id, kind: shape.kind, points, index: new Map(points.map((point) => [point.name, point.index])) };
}
