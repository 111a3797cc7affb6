import { type JSONPathQuery, jsonpath } from 'json-p3';
import type { PointDefinition, PointScope } from '#twin/catalogue/definition.ts';
import { POINTS } from '#twin/catalogue/points.data.ts';
import { conversion, convertibleTo } from '#twin/units.ts';
import { meant } from '#twin/yaml/wrongShape.ts';
import type { PointEntry, SourceEntry } from './schema.ts';
import { placesIn, type TopicPattern, topicPattern } from './topic.ts';

/** A source that can be applied to a payload. */
export interface Source {
  topic: TopicPattern;
  station: string;
  each: JSONPathQuery | undefined;
  time: { path: JSONPathQuery; format: 'ms' | 's' | 'iso'; zone: string } | undefined;
  quality: { path: JSONPathQuery; good: ReadonlySet<unknown> } | undefined;
  points: readonly PointRule[];
}

export interface PointRule {
  /** places of the topic may stand in it */
  point: string;
  path: JSONPathQuery;
  map: ReadonlyMap<string, number> | undefined;
  factor: number;
  offset: number;
}

/** Something wrong in the file: where (a path into it) and what, with a suggestion where there is one. */
export interface Complaint {
  at: (string | number)[];
  what: string;
}

/** Compiles one source; what is wrong with it is added to `complaints`. */
export function compileSource(
  entry: SourceEntry,
  at: (string | number)[],
  complaints: Complaint[],
): Source | undefined {
  const before = complaints.length;
  const complain = (key: (string | number)[], what: string) => complaints.push({ at: [...at, ...key], what });
  const path = (text: string, ...key: (string | number)[]) => {
    try {
      return jsonpath.compile(text);
    } catch (error) {
      const hint = text.startsWith('$') ? '' : `; did you mean "$.${text}"?`;
      complain(key, `${JSON.stringify(text)} is no JSON path: ${(error as Error).message}${hint}`);
      return undefined;
    }
  };
  let topic: TopicPattern | undefined;
  try {
    topic = topicPattern(entry.topic);
  } catch (error) {
    complain(['topic'], `${JSON.stringify(entry.topic)} ${(error as Error).message}`);
  }
  const names = topic?.names ?? [];
  const known = (text: string, ...key: (string | number)[]) => {
    for (const name of topic ? placesIn(text) : [])
      if (!names.includes(name)) complain(key, `{${name}} is no place of the topic${meant(name, names)}`);
  };
  known(entry.station, 'station');
  const points = entry.points.map((rule, i) => {
    known(rule.point, 'points', i, 'point');
    const compiled = path(rule.path, 'points', i, 'path');
    const conversion = conversionOf(rule, (key, what) => complain(['points', i, key], what));
    return { rule, compiled, conversion };
  });
  const each = entry.each === undefined ? undefined : path(entry.each, 'each');
  const timePath = entry.time && path(entry.time.path, 'time', 'path');
  const qualityPath = entry.quality && path(entry.quality.path, 'quality', 'path');
  if (complaints.length > before || !topic) return undefined;
  return {
    topic,
    station: entry.station,
    each,
    time: entry.time && { ...entry.time, path: timePath! },
    quality: entry.quality && { path: qualityPath!, good: new Set<unknown>(entry.quality.good) },
    points: points.map(({ rule, compiled, conversion: [factor, offset] }) => ({
      point: rule.point,
      path: compiled!,
      map: rule.map && new Map(Object.entries(rule.map)),
      factor: factor * rule.scale,
      offset: factor * rule.offset + offset,
    })),
  };
}

const SCOPES: readonly PointScope[] = ['station', 'set', 'pump'];

/** Factor and offset from the payload's unit to the catalogue's. */
function conversionOf(
  { point, unit }: PointEntry,
  complain: (key: 'point' | 'unit', what: string) => void,
): readonly [number, number] {
  const parts = point.split('/');
  const tag = parts.at(-1)!;
  const scope = SCOPES[parts.length - 1];
  if (placesIn(tag).length > 0) {
    if (unit !== undefined)
      complain('unit', 'a point whose name comes from the topic has the unit of the catalogue');
    return [1, 0];
  }
  const definition = POINTS.find((candidate) => candidate.tag === tag && candidate.scope === scope);
  if (!definition) {
    complain(
      'point',
      `${JSON.stringify(point)} is no point of the catalogue${meant(point, namesLike(parts))}`,
    );
    return [1, 0];
  }
  return unit === undefined ? [1, 0] : fromUnit(unit, definition, complain);
}

function fromUnit(
  unit: string,
  definition: PointDefinition,
  complain: (key: 'unit', what: string) => void,
): readonly [number, number] {
  const known = conversion(unit, definition.unit);
  if (known) return known;
  const units = convertibleTo(definition.unit);
  const choice = meant(unit, units) || `; it may be ${units.join(', ')}`;
  complain(
    'unit',
    `${JSON.stringify(unit)} cannot be brought to ${definition.unit || 'a plain number'}${choice}`,
  );
  return [1, 0];
}

/** Names with the same zone and pump as the given one. */
const namesLike = (parts: readonly string[]): string[] =>
  POINTS.map(({ tag, scope }) => [...parts.slice(0, SCOPES.indexOf(scope)), tag].join('/'));
