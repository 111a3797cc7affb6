import { nowhereHere } from '#twin/alarm/here.ts';
import type { Template } from '#twin/catalogue/template.ts';
import type { StationKind } from '#twin/model/station.ts';
import { type ReadRule, type Rule, RuleError, type RuleIssue } from '#twin/rules/load.ts';
import { readRule } from '#twin/rules/one.ts';
import { type Overlaid, overlay, type ReadEdit } from '#twin/rules/overlay.ts';
import { keyOf, type Overrode, overrideThresholds, type ReadOverride } from '#twin/rules/overrides.ts';
import type { OverrideKey } from '#twin/rules/overrideText.ts';
import { inEnglish } from '#twin/rules/problem.ts';
import { stamped } from '#twin/rules/source.ts';
import type { Database } from '../database/database.ts';
import { addEdit, editsOf, newestEdits, newestTexts, type RuleEdit } from './ruleEdits.ts';
import { leftOut, type RuleLibrary } from './ruleFolder.ts';
import { type KnownRoute, unfitRoutes } from './toldRoutes.ts';

export interface BookOptions {
  database: Database;
  library: RuleLibrary;
  /** kinds of all stations by code, of which overrides speak; when absent, nobody asks */
  stations?: () => ReadonlyMap<string, StationKind>;
  /** the routes that people are told by; when absent or null, nobody asks what rules name */
  routes?: () => readonly KnownRoute[] | null;
  /** of the city's stations; without them nobody knows which pump sets and pumps there are */
  templates?: () => readonly Template[];
  now: () => number;
  note: (note: string) => void;
}

/** A rule as people see it: in force, or an edit that could not be taken. */
export interface RuleEntry {
  id: string;
  /** `library`: as in the files; `edited`: instead of them; `added`: the files do not have it; `removed`: so, and taken away */
  source: 'library' | 'edited' | 'added' | 'removed';
  /** of the newest edit */
  version: number;
  /** of a removed rule its last text */
  yaml: string;
  /** what is in force; null when an added rule was removed or could not be taken */
  rule: Rule | null;
  /** why the newest edit is not in force */
  problems: readonly RuleIssue[];
  /** of the newest edit */
  edit: RuleEdit | null;
}

/** What somebody wants a rule to be. */
export interface Wish {
  rule: string;
  /** null: the library's again */
  yaml: string | null;
  /** the version that was read before, 0 for a new rule */
  base: number;
  by: string;
  reason: string;
}

export type Saved =
  | { done: RuleEdit }
  | { refused: 'invalid'; issues: readonly RuleIssue[] }
  | { refused: 'changed' | 'same'; issues: readonly [] };

/** The library with edits laid over it, under the thresholds that stations have instead. */
interface Laid extends Overlaid {
  misfits: Overrode['misfits'];
  unfit: Overrode['unfit'];
}

/** The rules in force: the library's files and what people changed about them, kept in the database. */
export class RuleBook {
  private readonly database: Database;
  private library: RuleLibrary;
  private readonly stations: BookOptions['stations'];
  private readonly routes: BookOptions['routes'];
  private readonly templates: () => readonly Template[];
  private readonly now: () => number;
  private readonly note: (note: string) => void;
  private edits = new Map<string, RuleEdit>();
  private texts = new Map<string, string>();
  private overlaid: Laid = { rules: [], leftOut: new Map(), misfits: new Map(), unfit: new Map() };
  private last: Promise<unknown> = Promise.resolve();
  /** whether it is not known what the database has */
  private unsure = false;
  private listener: (rules: readonly Rule[]) => void = () => undefined;

  private constructor({ database, library, stations, routes, templates = () => [], now, note }: BookOptions) {
    this.database = database;
    this.library = library;
    this.stations = stations;
    this.routes = routes;
    this.templates = templates;
    this.now = now;
    this.note = note;
  }

  /** Reads the newest edits. One that no longer fits the library is left out with a note, and so is an override. */
  static async open(options: BookOptions): Promise<RuleBook> {
    const book = new RuleBook(options);
    await book.reload();
    book.noteLeftOut();
    return book;
  }

  get rules(): readonly Rule[] {
    return this.overlaid.rules;
  }

  /** Is told the rules whenever others are in force. */
  follow(listener: (rules: readonly Rule[]) => void): void {
    this.listener = listener;
  }

  /** Every rule, the library's in its order first. */
  entries(): RuleEntry[] {
    const added = [...this.edits.keys()].filter((rule) => !this.inLibrary(rule));
    const byId = new Map(this.rules.map((rule) => [rule.text.id, rule]));
    return [...this.library.sources.keys(), ...added].map((id) => {
      const edit = this.edits.get(id) ?? null;
      const yaml = edit?.yaml ?? this.library.sources.get(id) ?? this.texts.get(id) ?? '';
      const rule = byId.get(id) ?? null;
      const source = this.sourceOf(id, edit);
      const problems = this.overlaid.leftOut.get(id) ?? [];
      return { id, source, version: this.versionOf(id), yaml, rule, problems, edit };
    });
  }

  find(id: string): RuleEntry | undefined {
    return this.entries().find((entry) => entry.id === id);
  }

  /** What stations have instead of thresholds of a rule, in force or not, and why not, by the station's code. */
  overridesOf(id: string): { override: ReadOverride; unfit: ReadonlyMap<string, RuleIssue> }[] {
    const { misfits, unfit } = this.overlaid;
    return this.library.overrides
      .filter(({ item }) => item.rule === id)
      .map((override) => {
        const issues = new Set(misfits.get(override));
        const why = override.item.stations.map(
          (code) => [code, unfit.get(keyOf(override.item, code))] as const,
        );
        return {
          override,
          unfit: new Map(why.filter((one): one is [string, RuleIssue] => issues.has(one[1]!))),
        };
      });
  }

  /**
   * Which overrides of another library do not fit the rules in force, of those that are not left out already.
   * @param asked these must fit even if they are left out already
   */
  checkOverrides(library: RuleLibrary, asked: readonly OverrideKey[] = []): readonly RuleIssue[] {
    const known = new Map(this.overlaid.unfit);
    for (const key of asked) known.delete(keyOf(key, key.station));
    return overridesLeft({ unfit: known }, this.lay(this.edits, library));
  }

  /** Every version of a rule that people wrote, newest first. */
  history(id: string): Promise<RuleEdit[]> {
    return editsOf(this.database, id);
  }

  /** The text and version of the library's own; null when it has none. */
  ofLibrary(id: string): { yaml: string; rule: Rule } | null {
    const rule = this.library.read.find((read) => read.rule.text.id === id)?.rule;
    const yaml = this.library.sources.get(id);
    return rule && yaml !== undefined ? { yaml, rule } : null;
  }

  /** Everything that is wrong with a text of a rule, alone and among the others; nothing is changed. */
  check(
    id: string,
    yaml: string,
  ): { rules: readonly Rule[]; rule: Rule | null; issues: readonly RuleIssue[] } {
    const { read, issues: wrong } = readRule(id, yaml);
    if (!read) return { rules: [], rule: null, issues: wrong };
    const tried = this.lay(new Map([...this.edits, [id, { ...NOBODY, rule: id, yaml, time: this.now() }]]));
    const own = tried.leftOut.get(id) ?? [...this.strayRoutes([read]), ...othersLeft(this.overlaid, tried)];
    const nowhere = nowhereHere(read.rule, this.templates());
    const issues = nowhere ? [...own, read.where(['when'], nowhere)] : own;
    return { rules: tried.rules, rule: read.rule, issues };
  }

  /** Makes a wish true: written first, then in force, then answered. Rejects when the database does not take it. */
  save(wish: Wish): Promise<Saved> {
    const saved = this.last.then(() => this.saveNext(wish));
    this.last = saved.catch(() => undefined);
    return saved;
  }

  /**
   * Other files lie beneath the edits from now on. Edits that do not fit them are left out with a note.
   * Rejects with RuleError, and nothing changes, when overrides do not fit that are not left out already, or rules
   * name routes that do not fit, and did not name them before.
   */
  renew(library: RuleLibrary): Promise<void> {
    const renewed = this.last.then(() => {
      const overlaid = this.lay(this.edits, library);
      const strayed = new Set(this.strayRoutes(this.library.read).map(strayKey));
      const stray = this.strayRoutes(library.read).filter((issue) => !strayed.has(strayKey(issue)));
      const wrong = [...stray, ...overridesLeft(this.overlaid, overlaid)];
      if (wrong.length > 0) throw new RuleError(wrong);
      this.enforce(overlaid, library);
      this.noteLeftOut();
    });
    this.last = renewed.catch(() => undefined);
    return renewed;
  }

  /** Lays the overrides over the stations that there are now: one that was left out may be of a station adopted since. */
  layAnew(): Promise<void> {
    const laid = this.last.then(() => {
      const overlaid = this.lay(this.edits);
      // those who follow the rules keep theirs when no other station has its own
      if (overlaid.unfit.size !== this.overlaid.unfit.size) this.enforce(overlaid, this.library);
    });
    this.last = laid.catch(() => undefined);
    return laid;
  }

  /** Says which rules in force name routes that do not fit. Of those that are not there, all that match are told. */
  noteStrayRoutes(): void {
    const known = this.routes?.();
    if (!known) return;
    for (const rule of this.rules)
      for (const { problem } of unfitRoutes(rule, known))
        this.note(`rule ${rule.text.id}: ${inEnglish(problem)}`);
  }

  /** Routes that rules name and that do not fit. */
  private strayRoutes(read: readonly ReadRule[]): RuleIssue[] {
    const known = this.routes?.();
    if (!known) return [];
    return read.flatMap(({ rule, where }) =>
      unfitRoutes(rule, known).map(({ at, problem }) => where(at, problem)),
    );
  }

  /** Who follows the rules may ask for them at once, so they are in force before; and not, when it throws. */
  private enforce(overlaid: Laid, library: RuleLibrary): void {
    const before = { overlaid: this.overlaid, library: this.library };
    Object.assign(this, { overlaid, library });
    try {
      this.listener(overlaid.rules);
    } catch (error) {
      Object.assign(this, before);
      throw error;
    }
  }

  private noteLeftOut(): void {
    for (const [id, issues] of this.overlaid.leftOut)
      this.note(`the edit of rule ${id} is not in force: ${issues.map(shown).join('; ')}`);
    for (const issues of this.overlaid.misfits.values()) this.note(leftOut(issues));
  }

  private async saveNext({ rule, yaml, base, by, reason }: Wish): Promise<Saved> {
    if (this.unsure) await this.reload();
    const known = this.versionOf(rule);
    if (base !== known) return { refused: 'changed', issues: [] };
    if (yaml === null && !this.edits.get(rule)?.yaml) return { refused: 'same', issues: [] };
    const version = known + 1;
    const time = this.now();
    const edit: RuleEdit = { rule, version, yaml: null, author: by, reason, time };
    const issues = yaml === null ? this.checkReturn(edit) : this.check(rule, yaml).issues;
    if (issues.length > 0) return { refused: 'invalid', issues };
    if (yaml !== null) edit.yaml = stamped(yaml, { version, author: by, reason });
    const next = new Map([...this.edits, [rule, edit]]);
    // what is stamped must still be what was checked
    const overlaid = this.lay(next);
    const wrong = overlaid.leftOut.get(rule);
    if (wrong) return { refused: 'invalid', issues: wrong };
    this.unsure = true;
    const written = await addEdit(this.database, edit);
    if (!written) {
      await this.reload();
      return { refused: 'changed', issues: [] };
    }
    this.unsure = false;
    this.edits = next;
    if (edit.yaml !== null) this.texts.set(rule, edit.yaml);
    this.overlaid = overlaid;
    this.listener(overlaid.rules);
    return { done: edit };
  }

  /** What would no longer fit without an edit. */
  private checkReturn(edit: RuleEdit): readonly RuleIssue[] {
    return othersLeft(this.overlaid, this.lay(new Map([...this.edits, [edit.rule, edit]])));
  }

  private async reload(): Promise<void> {
    const edits = new Map((await newestEdits(this.database)).map((edit) => [edit.rule, edit]));
    this.texts = await newestTexts(this.database);
    this.overlaid = this.lay(edits);
    this.edits = edits;
    // somebody else's, or one of ours of which the answer was lost
    if (this.unsure) this.listener(this.overlaid.rules);
    this.unsure = false;
  }

  private lay(edits: ReadonlyMap<string, RuleEdit>, library = this.library): Laid {
    const readable = new Map<string, ReadEdit>();
    const unreadable = new Map<string, readonly RuleIssue[]>();
    for (const { rule, yaml, time } of edits.values()) {
      if (yaml === null) continue;
      const { read, issues } = readRule(rule, yaml);
      if (read) readable.set(rule, { read, time });
      else unreadable.set(rule, issues);
    }
    const { rules: plain, leftOut } = overlay(library.read, readable);
    const { rules, ...left } = overrideThresholds(plain, library.overrides, this.stations?.() ?? null);
    return { rules, leftOut: new Map([...unreadable, ...leftOut]), ...left };
  }

  private sourceOf(id: string, edit: RuleEdit | null): RuleEntry['source'] {
    if (edit?.yaml) return this.inLibrary(id) ? 'edited' : 'added';
    return this.inLibrary(id) ? 'library' : 'removed';
  }

  private inLibrary(id: string): boolean {
    return this.library.sources.has(id);
  }

  private versionOf(id: string): number {
    return Math.max(this.edits.get(id)?.version ?? 0, this.ofLibrary(id)?.rule.text.version ?? 0);
  }
}

const NOBODY = { version: 0, author: '', reason: '' };

const strayKey = ({ file, problem: { code, values } }: RuleIssue): string => `${file} ${code} ${values.name}`;

/** Why edits of others, and overrides, would fall out that are in force now. */
function othersLeft(before: Laid, after: Laid): RuleIssue[] {
  const edits = [...after.leftOut].filter(([id]) => !before.leftOut.has(id));
  return [...edits.flatMap(([, issues]) => issues), ...overridesLeft(before, after)];
}

/** Why thresholds of stations would fall out that are not left out already, wherever they stood. */
function overridesLeft(before: Pick<Laid, 'unfit'>, after: Laid): RuleIssue[] {
  const left = [...after.unfit].filter(([key]) => !before.unfit.has(key));
  return [...new Set(left.map(([, issue]) => issue))];
}

const shown = ({ line, column, message }: RuleIssue): string => `${line}:${column} ${message}`;
