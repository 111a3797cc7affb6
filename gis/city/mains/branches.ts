import type { Point } from '#gis/geo/plane.ts';
import type { Ground } from '../ground.ts';
import type { Random } from '../random.ts';
import { overLand } from '../streets/joinEnds.ts';
import type { Layout, LayoutEdge } from './layout.ts';

/** Streets shorter than this get no branch between their ends, m. */
const SHORTEST_WITH_BRANCH = 105;

/**
 * Adds dead-end branches from the middle of streets into the blocks, where housing estates connect, until the
 * layout has `target` nodes. Dense blocks get them first.
 */
export function addBranches(layout: Layout, ground: Ground, target: number, random: Random): Layout {
  const nodes = [...layout.nodes];
  const edges: LayoutEdge[] = [];
  const order = layout.edges
    .map((edge, k) => ({ k, key: -Math.log(1 - random.next()) / wish(edge, layout, ground) }))
    .filter(({ key }) => Number.isFinite(key))
    .sort((p, q) => p.key - q.key);
  const chosen = new Set(
    order.slice(0, Math.max(0, Math.floor((target - nodes.length) / 2))).map(({ k }) => k),
  );
  layout.edges.forEach((edge, k) => {
    const course = courseOf(edge, layout);
    const split = chosen.has(k) ? splitCourse(course, random.between(0.32, 0.68) * edge.length) : undefined;
    const end = split && branchEnd(split, ground, random);
    if (!split || !end) {
      edges.push(edge);
      return;
    }
    const middle =
      nodes.push({ x: split.at[0], y: split.at[1], elevation: ground.elevation(...split.at) }) - 1;
    const tip = nodes.push({ x: end[0], y: end[1], elevation: ground.elevation(...end) }) - 1;
    edges.push(
      { a: edge.a, b: middle, level: edge.level, length: split.before, bends: split.bendsBefore },
      {
        a: middle,
        b: edge.b,
        level: edge.level,
        length: edge.length - split.before,
        bends: split.bendsAfter,
      },
      {
        a: middle,
        b: tip,
        level: 3,
        length: Math.hypot(end[0] - split.at[0], end[1] - split.at[1]),
        bends: [],
      },
    );
  });
  return { nodes, edges };
}

/** Nodes and bends of an edge from a to b. */
export function courseOf(edge: LayoutEdge, { nodes }: Layout): Point[] {
  const a = nodes[edge.a]!;
  const b = nodes[edge.b]!;
  return [[a.x, a.y], ...edge.bends, [b.x, b.y]];
}

function wish(edge: LayoutEdge, { nodes }: Layout, ground: Ground): number {
  if (edge.length < SHORTEST_WITH_BRANCH || edge.length > 700 || edge.crossing) return 0;
  const a = nodes[edge.a]!;
  const b = nodes[edge.b]!;
  if (a.works || b.works) return 0;
  return ground.density((a.x + b.x) / 2, (a.y + b.y) / 2) * edge.length;
}

export interface Split {
  at: Point;
  before: number;
  direction: Point;
  bendsBefore: Point[];
  bendsAfter: Point[];
}

/** Where the course is `distance` metres along, and its bends on both sides; undefined beyond its end. */
export function splitCourse(course: readonly Point[], distance: number): Split | undefined {
  let before = 0;
  for (let i = 1; i < course.length; i++) {
    const [ax, ay] = course[i - 1]!;
    const [bx, by] = course[i]!;
    const length = Math.hypot(bx - ax, by - ay);
    if (before + length >= distance && length > 0) {
      const t = (distance - before) / length;
      return {
        at: [ax + t * (bx - ax), ay + t * (by - ay)],
        before: distance,
        direction: [(bx - ax) / length, (by - ay) / length],
        bendsBefore: course.slice(1, i),
        bendsAfter: course.slice(i, -1),
      };
    }
    before += length;
  }
  return undefined;
}

function branchEnd({ at, direction }: Split, ground: Ground, random: Random): Point | undefined {
  const length = random.between(32, 78);
  const lean = random.between(-0.35, 0.35);
  const first = random.next() < 0.5 ? 1 : -1;
  for (const side of [first, -first]) {
    const dx = -direction[1] * side + direction[0] * lean;
    const dy = direction[0] * side + direction[1] * lean;
    const end: Point = [at[0] + length * dx, at[1] + length * dy];
    if (overLand(ground, at, end)) return end;
  }
  return undefined;
}
