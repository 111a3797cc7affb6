import type { Point } from '#gis/geo/plane.ts';
import type { Ground } from '../ground.ts';
import { resample } from './arterials.ts';
import { PointIndex } from './pointIndex.ts';
import { type Spacing, STEP, type StreetLine } from './trace.ts';

/** Lengthens lines whose end stops short of another street, so that they meet it. Water is not bridged. */
export function joinEnds(lines: readonly StreetLine[], ground: Ground, spacing: Spacing): StreetLine[] {
  const index = new PointIndex(ground.box, 120);
  lines.forEach((line, k) => {
    index.addLine(line.points, k);
  });
  const join = (end: Point, line: number, level: StreetLine['level']): Point[] => {
    const gap = spacing(level, end[0], end[1]) || 250;
    const target = index.nearestOther(end[0], end[1], line, Math.min(0.8 * gap, 600));
    if (!target || !overLand(ground, end, target.point)) return [];
    return resample([end, target.point], STEP).slice(1);
  };
  return lines.map((line, k) => {
    const first = line.points[0]!;
    const last = line.points[line.points.length - 1]!;
    const before = join(first, k, line.level).reverse();
    return { level: line.level, points: [...before, ...line.points, ...join(last, k, line.level)] };
  });
}

/** Whether the straight way between two points stays on land. */
export function overLand(ground: Ground, a: Point, b: Point): boolean {
  const steps = Math.ceil(Math.hypot(b[0] - a[0], b[1] - a[1]) / 20);
  for (let k = 0; k <= steps; k++) {
    const t = steps === 0 ? 0 : k / steps;
    if (!ground.isLand(a[0] + t * (b[0] - a[0]), a[1] + t * (b[1] - a[1]))) return false;
  }
  return true;
}
