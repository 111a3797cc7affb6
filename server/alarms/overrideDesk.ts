import { RuleError, type RuleFile, type RuleIssue } from '#twin/rules/load.ts';
import { type OverrideText, readOverrides } from '#twin/rules/overrides.ts';
import { type OverrideKey, withOverride, withoutOverride } from '#twin/rules/overrideText.ts';
import type { RuleBook } from './ruleBook.ts';
import { OVERRIDES } from './ruleFolder.ts';
import type { RuleWatch } from './ruleWatch.ts';

/** Why a threshold of a station stays as it is. */
export type NotChanged =
  | { refused: 'invalid'; issues: readonly RuleIssue[] }
  | { refused: 'unknown' }
  | { refused: 'unwritable'; reason: string };

/** What people add on the page stands here, beside the files that they write themselves. */
const ADDED = `${OVERRIDES}/added.yaml`;

/** What stations have instead of thresholds, as people change it while the server runs: checked, written, in force. */
export class OverrideDesk {
  private readonly watch: RuleWatch;
  private readonly book: RuleBook;
  private readonly note: (note: string) => void;
  private last: Promise<unknown> = Promise.resolve();

  /** @param note is told each change, by whom and why: a file forgets what is taken out of it */
  constructor(watch: RuleWatch, book: RuleBook, note: (note: string) => void) {
    this.watch = watch;
    this.book = book;
    this.note = note;
  }

  /** Gives stations another threshold instead of any that they have; null when it is written and in force. */
  add(override: OverrideText): Promise<NotChanged | null> {
    return this.next(async () => {
      const { rule, threshold, stations, value, author, reason } = override;
      const keys = stations.map((station) => ({ rule, threshold, station }));
      const without = this.without(keys);
      if ('refused' in without) return without;
      const yaml = without.get(ADDED) ?? this.watch.overridesFile(ADDED) ?? '';
      const unreadable = unreadableIn({ file: ADDED, yaml });
      if (unreadable) return unreadable;
      const refused = await this.put(without.set(ADDED, withOverride(yaml, override)), keys);
      if (!refused)
        this.note(`${rule} ${threshold} is ${value} at ${stations.join(', ')}: ${reason} (${author})`);
      return refused;
    });
  }

  /** Takes a station's own threshold away, wherever it stands; null when that is written and in force. */
  remove(key: OverrideKey, by: string, reason: string): Promise<NotChanged | null> {
    return this.next(async () => {
      const without = this.without([key]);
      if ('refused' in without) return without;
      if (without.size === 0) return { refused: 'unknown' };
      const refused = await this.put(without);
      const { rule, threshold, station } = key;
      if (!refused) this.note(`${rule} ${threshold} is the rule's again at ${station}: ${reason} (${by})`);
      return refused;
    });
  }

  /** The files in which one of these stands, as they are without any of them. */
  private without(keys: readonly OverrideKey[]): Map<string, string> | NotChanged {
    const changed = new Map<string, string>();
    const files = keys.flatMap(({ rule }) =>
      this.book.overridesOf(rule).map(({ override }) => override.file),
    );
    for (const file of new Set(files)) {
      const yaml = this.watch.overridesFile(file) ?? '';
      const unreadable = unreadableIn({ file, yaml });
      if (unreadable) return unreadable;
      const left = keys.reduce(withoutAny, yaml);
      if (left !== yaml) changed.set(file, left);
    }
    return changed;
  }

  private next<Done>(work: () => Promise<Done>): Promise<Done> {
    const done = this.last.then(work);
    this.last = done.catch(() => undefined);
    return done;
  }

  /** All or nothing: what is refused, or fails on the way, leaves files and rules as they were. */
  private async put(
    changed: ReadonlyMap<string, string>,
    asked?: readonly OverrideKey[],
  ): Promise<NotChanged | null> {
    const files: RuleFile[] = [...changed].map(([file, yaml]) => ({ file, yaml }));
    const before = files.map(({ file }) => ({ file, yaml: this.watch.overridesFile(file) }));
    let written = 0;
    try {
      const library = this.watch.tried(files);
      const issues = this.book.checkOverrides(library, asked);
      if (issues.length > 0) return { refused: 'invalid', issues };
      for (const file of files) {
        this.watch.write(file);
        written++;
      }
      await this.book.renew(library);
      return null;
    } catch (error) {
      // among others: a rule was edited meanwhile and lacks what was overridden
      for (const file of before.slice(0, written)) this.watch.putBack(file);
      return error instanceof RuleError
        ? { refused: 'invalid', issues: error.issues }
        : { refused: 'unwritable', reason: (error as Error).message };
    }
  }
}

/** Where two items speak of a station the second is left out, and would be in force without the first. */
function withoutAny(yaml: string, key: OverrideKey): string {
  const left = withoutOverride(yaml, key);
  return left === null ? yaml : withoutAny(left, key);
}

/** What somebody wrote into a file that cannot be read: it would be lost if the file were written. */
function unreadableIn(file: RuleFile): NotChanged | null {
  const { issues } = readOverrides(file);
  return issues.length > 0 ? { refused: 'invalid', issues } : null;
}
