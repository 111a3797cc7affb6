import { POINTS } from '#twin/catalogue/points.data.ts';
import { STATION_KINDS, type StationKind } from '#twin/model/station.ts';
import type { Condition } from './condition.ts';
import { namesOf } from './said.ts';

const byTag = new Map(POINTS.map((point) => [point.tag, point]));

/** The kinds of station that have every point of some conditions, and which kinds have those that not all have. */
export function kindsWithAll(conditions: readonly Condition[]): {
  kinds: StationKind[];
  rare: ReadonlyMap<string, readonly StationKind[]>;
} {
  const tags = new Set<string>();
  for (const condition of conditions) namesOf(condition, tags);
  const rare = new Map<string, readonly StationKind[]>();
  for (const tag of tags) {
    const { kinds } = byTag.get(tag)!;
    if (kinds) rare.set(tag, kinds);
  }
  return { kinds: STATION_KINDS.filter((kind) => [...rare.values()].every((of) => of.includes(kind))), rare };
}
