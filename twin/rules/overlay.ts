import { joinRules, type ReadRule, type Rule, type RuleIssue } from './load.ts';

/** The newest edit of a rule that could be read for itself. */
export interface ReadEdit {
  readonly read: ReadRule;
  /** ms since epoch */
  readonly time: number;
}

export interface Overlaid {
  /** in force, causes before what they suppress */
  readonly rules: readonly Rule[];
  /** edits that do not fit with the library and the other edits, by rule id: why not */
  readonly leftOut: ReadonlyMap<string, readonly RuleIssue[]>;
}

/**
 * The library with edits laid over it: each takes the place of its rule, or comes after them all. Edits that do not
 * fit are left out, the newest first, as few as can be; the library's rule counts then.
 * @throws Error when the library itself does not fit together
 */
export function overlay(library: readonly ReadRule[], edits: ReadonlyMap<string, ReadEdit>): Overlaid {
  const laid = new Map(edits);
  const removed: string[] = [];
  for (;;) {
    const { rules, issues } = joined(library, laid);
    if (issues.length === 0) return withReturned(library, edits, laid, removed, rules);
    if (laid.size === 0) throw new Error(issues.map(({ message }) => message).join('; '));
    const named = issues.map(({ file }) => file).filter((file) => laid.has(file));
    const newest = newestOf(named.length > 0 ? named : [...laid.keys()], laid);
    laid.delete(newest);
    removed.push(newest);
  }
}

/** One that was left out for another's fault comes back, the oldest first. */
function withReturned(
  library: readonly ReadRule[],
  edits: ReadonlyMap<string, ReadEdit>,
  laid: Map<string, ReadEdit>,
  removed: readonly string[],
  fitting: readonly Rule[],
): Overlaid {
  let rules = fitting;
  let waiting = [...removed].reverse();
  const leftOut = new Map<string, readonly RuleIssue[]>();
  for (let came = true; came; ) {
    came = false;
    for (const id of waiting) {
      const tried = joined(library, new Map([...laid, [id, edits.get(id)!]]));
      if (tried.issues.length > 0) {
        leftOut.set(id, tried.issues);
        continue;
      }
      laid.set(id, edits.get(id)!);
      leftOut.delete(id);
      rules = tried.rules;
      came = true;
    }
    waiting = waiting.filter((id) => !laid.has(id));
  }
  return { rules, leftOut };
}

function newestOf(ids: readonly string[], edits: ReadonlyMap<string, ReadEdit>): string {
  return ids.reduce((a, b) => (edits.get(b)!.time >= edits.get(a)!.time ? b : a));
}

function joined(library: readonly ReadRule[], edits: ReadonlyMap<string, ReadEdit>) {
  const known = new Set(library.map(({ rule }) => rule.text.id));
  const added = [...edits.values()].filter(({ read }) => !known.has(read.rule.text.id));
  return joinRules([
    ...library.map((read) => edits.get(read.rule.text.id)?.read ?? read),
    ...added.map(({ read }) => read),
  ]);
}
