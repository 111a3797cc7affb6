import { POINTS } from '#twin/catalogue/points.data.ts';
import type { Condition } from './condition.ts';
import type { Term } from './linear.ts';
import type { Contradiction } from './possible.ts';

/** What is checked, put into words again for whoever wrote it: as the language writes it, shortened where it is long. */

/** `P_OUT`, `mean(P_IN, 300 s)`, `abs(…)`. */
function said(condition: Condition): string {
  switch (condition.kind) {
    case 'constant':
      return String(condition.value);
    case 'point':
    case 'age':
    case 'usual':
    case 'hasQuality': {
      const { tag, zone, pump } = condition;
      const name = [zone, pump, tag].filter(Boolean).join('/');
      if (condition.kind === 'point') return name;
      return `${condition.kind === 'hasQuality' ? 'quality' : condition.kind}(${name})`;
    }
    case 'window':
      return `${condition.how}(${said(condition.of)}, ${condition.seconds} s)`;
    case 'gather':
      return `${condition.how}(${said(condition.of)})`;
    case 'hour':
    case 'silence':
    case 'offline':
    case 'ratedCurrent':
      return `${condition.kind}()`;
    case 'abs':
      return `abs(${said(condition.of)})`;
    default:
      return '…';
  }
}

/** A sum, its first term by 1: `P_OUT - P_SET`. */
const saidSum = (terms: readonly Term[]): string =>
  terms
    .map(({ of, weight }, i) => {
      const size = Math.abs(weight) === 1 ? '' : `${rounded(Math.abs(weight))} * `;
      return `${i === 0 ? '' : weight < 0 ? ' - ' : ' + '}${size}${said(of)}`;
    })
    .join('');

/** What contradicts each other, for the places of its problem. */
export const saidContradiction = ({ of, limits }: Contradiction) => {
  const [one, other] = limits.map(({ op, value }) => `${op} ${rounded(value)}`) as [string, string];
  return { value: saidSum(of), one, other };
};

const rounded = (value: number): number => Number(value.toPrecision(6));

const byTag = new Map(POINTS.map((point) => [point.tag, point]));

/** What the sensors of all points of a condition measure: `P_IN 0…1.6 MPa`; '–' when it names none. */
export function rangesOf(condition: Condition): string {
  const tags = new Set<string>();
  namesOf(condition, tags);
  const ranges = [...tags].map((tag) => {
    const { min, max, unit } = byTag.get(tag)!;
    return `${tag} ${min}…${max}${unit && ` ${unit}`}`;
  });
  return ranges.join(', ') || '–';
}

/** Collects the points that a condition names. */
export function namesOf(condition: Condition, tags: Set<string>): void {
  if ('tag' in condition) tags.add(condition.tag);
  if ('of' in condition) namesOf(condition.of, tags);
  if ('left' in condition) {
    namesOf(condition.left, tags);
    namesOf(condition.right, tags);
  }
}

/** The points of a condition that are named in full: `LO/P1/HZ`. */
export function fullNamesOf(condition: Condition): string[] {
  if ('tag' in condition) {
    const { zone, pump, tag } = condition;
    return zone ? [[zone, pump, tag].filter(Boolean).join('/')] : [];
  }
  if ('of' in condition) return fullNamesOf(condition.of);
  return 'left' in condition ? [...fullNamesOf(condition.left), ...fullNamesOf(condition.right)] : [];
}
