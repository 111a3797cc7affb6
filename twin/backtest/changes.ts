import { type AlarmEvent, keyOf, ruleOfKey } from '#twin/alarm/alarm.ts';
import { type AlarmSpan, spansOf } from './spans.ts';

/** What one place of a rule went through in a replay. Times in ms since epoch, null: never. */
export interface PlaceCourse {
  told: number;
  firstTold: number | null;
  beneath: number;
  firstBeneath: number | null;
}

/**
 * What became of another rule's alarm because a rule was changed: `suppressed` beneath its cause now, `freed` from
 * there, `raised` where nothing was, `gone` altogether, or `moved` in time.
 */
export type Became = 'suppressed' | 'freed' | 'raised' | 'gone' | 'moved';

export interface AlarmChange {
  rule: string;
  station: string;
  spot: string;
  became: Became;
  candidate: PlaceCourse;
  inForce: PlaceCourse;
}

/** The alarms of all rules but one that differ between two logs of the same telemetry, in the order of their begin. */
export function changesBetween(
  inForce: readonly AlarmEvent[],
  candidate: readonly AlarmEvent[],
  except: string,
): AlarmChange[] {
  const before = coursesIn(inForce, except);
  const after = coursesIn(candidate, except);
  const changes: AlarmChange[] = [];
  for (const key of new Set([...before.keys(), ...after.keys()])) {
    const was = before.get(key) ?? [];
    const is = after.get(key) ?? [];
    if (same(was, is)) continue;
    const { station, spot } = (is[0] ?? was[0])!;
    const [old, now] = [courseOf(was), courseOf(is)];
    changes.push({
      rule: ruleOfKey(key),
      station,
      spot,
      became: became(old, now),
      candidate: now,
      inForce: old,
    });
  }
  return changes.sort((a, b) => beginOf(a) - beginOf(b));
}

function coursesIn(log: readonly AlarmEvent[], except: string): Map<string, AlarmSpan[]> {
  const courses = new Map<string, AlarmSpan[]>();
  for (const rule of new Set(log.map((event) => event.rule))) {
    if (rule === except) continue;
    for (const span of spansOf(log, rule)) {
      const key = keyOf({ rule, station: span.station, spot: span.spot });
      courses.set(key, [...(courses.get(key) ?? []), span]);
    }
  }
  return courses;
}

const same = (a: readonly AlarmSpan[], b: readonly AlarmSpan[]): boolean =>
  a.length === b.length &&
  a.every(({ told, raisedAt }, i) => told === b[i]!.told && raisedAt === b[i]!.raisedAt);

function courseOf(spans: readonly AlarmSpan[]): PlaceCourse {
  const told = spans.filter((span) => span.told);
  const beneath = spans.filter((span) => !span.told);
  return {
    told: told.length,
    firstTold: told[0]?.raisedAt ?? null,
    beneath: beneath.length,
    firstBeneath: beneath[0]?.raisedAt ?? null,
  };
}

function became(was: PlaceCourse, is: PlaceCourse): Became {
  if (was.told + was.beneath === 0) return is.told > 0 ? 'raised' : 'suppressed';
  if (is.told + is.beneath === 0) return 'gone';
  if (is.beneath > was.beneath) return 'suppressed';
  if (is.beneath < was.beneath) return 'freed';
  if (is.told !== was.told) return is.told > was.told ? 'raised' : 'gone';
  return 'moved';
}

const beginOf = ({ candidate, inForce }: AlarmChange): number =>
  Math.min(
    ...[candidate.firstTold, candidate.firstBeneath, inForce.firstTold, inForce.firstBeneath].filter(
      (time) => time !== null,
    ),
  );
