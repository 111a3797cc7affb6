import { RuleError, type RuleFile, type RuleIssue } from '#twin/rules/load.ts';
import { type OverrideText, readOverrides } from '#twin/rules/overrides.ts';
import { type OverrideKey, withOverride, withoutOverride } from '#twin/rules/overrideText.ts';
import type { RuleBook } from './ruleBook.ts';
import { OVERRIDES, type RuleLibrary } from './ruleFolder.ts';
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

  /** Gives stations another threshold; null when it is written and in force. */
  add(override: OverrideText): Promise<NotChanged | null> {
    return this.next(async () => {
      const present = this.watch.overridesFile(ADDED) ?? '';
      const unreadable = unreadableIn({ file: ADDED, yaml: present });
      if (unreadable) return unreadable;
      const yaml = withOverride(present, override);
      const refused = await this.put({ file: ADDED, yaml });
      const { rule, threshold, stations, value, author, reason } = override;
      if (!refused)
        this.note(`${rule} ${threshold} is ${value} at ${stations.join(', ')}: ${reason} (${author})`);
      return refused;
    });
  }

  /** Takes a station's own threshold away, wherever it stands; null when that is written and in force. */
  remove(key: OverrideKey, by: string, reason: string): Promise<NotChanged | null> {
    return this.next(async () => {
      const { rule, threshold, station } = key;
      const files = this.book.overridesOf(rule).map(({ override }) => override.file);
      for (const file of new Set(files)) {
        const present = this.watch.overridesFile(file) ?? '';
        const unreadable = unreadableIn({ file, yaml: present });
        if (unreadable) return unreadable;
        const yaml = withoutOverride(present, key);
        if (yaml === null) continue;
        const refused = await this.put({ file, yaml });
        if (!refused) this.note(`${rule} ${threshold} is the rule's again at ${station}: ${reason} (${by})`);
        return refused;
      }
      return { refused: 'unknown' };
    });
  }

  private next<Done>(work: () => Promise<Done>): Promise<Done> {
    const done = this.last.then(work);
    this.last = done.catch(() => undefined);
    return done;
  }

  /** All or nothing: what is refused, or fails on the way, leaves files and rules as they were. */
  private async put(file: RuleFile): Promise<NotChanged | null> {
    const { file: name } = file;
    const before = this.watch.overridesFile(name);
    let library: RuleLibrary;
    try {
      library = this.watch.tried(file);
      const issues = this.book.checkOverrides(library);
      if (issues.length > 0) return { refused: 'invalid', issues };
    } catch (error) {
      return notChanged(error);
    }
    try {
      this.watch.write(file);
    } catch (error) {
      return notChanged(error);
    }
    try {
      await this.book.renew(library);
      return null;
    } catch (error) {
      // among others: a rule was edited meanwhile and lacks what was overridden
      this.watch.putBack({ file: name, yaml: before });
      return notChanged(error);
    }
  }
}

const notChanged = (error: unknown): NotChanged =>
  error instanceof RuleError
    ? { refused: 'invalid', issues: error.issues }
    : { refused: 'unwritable', reason: (error as Error).message };

/** What somebody wrote into a file that cannot be read: it would be lost if the file were written. */
function unreadableIn(file: RuleFile): NotChanged | null {
  const { issues } = readOverrides(file);
  return issues.length > 0 ? { refused: 'invalid', issues } : null;
}
