import type { CurveKind } from '#gis/network/curve-use.ts';
import type { Curve, Pattern } from '#gis/network/model.ts';
import type { UnitFactors } from '#gis/network/units.ts';
import type { Issues } from './issues.ts';
import type { Row } from './rows.ts';
import { RowReader } from './values.ts';

/** Reads [PATTERNS]: the rows of one id are one pattern. */
export function readPatterns(rows: Iterable<Row>, issues: Issues, lines: Map<string, number>): Pattern[] {
  const patterns = new Map<string, Pattern>();
  for (const row of rows) {
    if (row.words.length === 0) continue;
    const r = new RowReader(row, 'pattern', issues);
    const id = row.words[0]!;
    const pattern = patterns.get(id) ?? { id, multipliers: [] };
    if (row.words.length < 2) r.fail('it has no multiplier');
    for (let i = 1; i < row.words.length; i++) pattern.multipliers.push(r.number(i, 'the multiplier'));
    patterns.set(id, pattern);
    if (!lines.has(id)) lines.set(id, row.line);
  }
  return [...patterns.values()];
}

/** Reads [CURVES] in the units of the file; a comment such as `;PUMP:` before a curve says what it is. */
export function readCurves(rows: Iterable<Row>, issues: Issues, lines: Map<string, number>): Curve[] {
  const curves = new Map<string, Curve>();
  let announced: CurveKind | undefined;
  for (const row of rows) {
    if (row.words.length === 0) {
      announced = announcedKind(row.comment) ?? announced;
      continue;
    }
    const r = new RowReader(row, 'curve', issues);
    const id = row.words[0]!;
    const known = curves.get(id);
    const curve = known ?? { id, points: [] };
    if (!known && announced) curve.kind = announced;
    announced = undefined;
    curve.points.push({ x: r.number(1, 'x'), y: r.number(2, 'y') });
    curves.set(id, curve);
    if (!lines.has(id)) lines.set(id, row.line);
  }
  return [...curves.values()];
}

/** Converts curves to the model's units by their use; one that nothing uses keeps its numbers and loses its kind. */
export function convertCurves(
  curves: Curve[],
  uses: Map<string, CurveKind>,
  f: UnitFactors,
  issues: Issues,
  lines: Map<string, number>,
): Curve[] {
  return curves.map((curve) => {
    const kind = uses.get(curve.id) ?? curve.kind;
    if (!kind) return curve;
    const [x, y] = curveFactors(kind, f);
    const points = curve.points.map((point) => ({ x: point.x * x, y: point.y * y }));
    if (points.some((point) => !Number.isFinite(point.x) || !Number.isFinite(point.y)))
      issues.push({
        line: lines.get(curve.id) ?? 0,
        cause: `curve ${curve.id}: a number is beyond any measure`,
      });
    if (points.some((point, i) => i > 0 && point.x <= points[i - 1]!.x)) {
      issues.push({
        line: lines.get(curve.id) ?? 0,
        cause: `curve ${curve.id}: x does not rise from point to point`,
      });
    }
    return { id: curve.id, kind, points };
  });
}

/** Of x and y, to the model's units. */
export function curveFactors(kind: CurveKind, f: UnitFactors): [number, number] {
  switch (kind) {
    case 'head':
    case 'headloss':
      return [f.flow, f.length];
    case 'efficiency':
      return [f.flow, 1];
    case 'volume':
      return [f.length, f.volume];
    case 'valve':
      return [1, 1];
  }
}

function announcedKind(comment: string): CurveKind | undefined {
  const word = /^([A-Z]+):/.exec(comment.toUpperCase())?.[1] ?? '';
  const kinds: Record<string, CurveKind> = {
    PUMP: 'head',
    EFFICIENCY: 'efficiency',
    HEADLOSS: 'headloss',
    VOLUME: 'volume',
    VALVE: 'valve',
  };
  return kinds[word];
}
