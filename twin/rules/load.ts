import type { z } from 'zod';
import type { PointScope } from '#twin/catalogue/definition.ts';
import { POINTS } from '#twin/catalogue/points.data.ts';
import { nearNames } from '#twin/nearNames.ts';
import { Quality } from '#twin/state/quality.ts';
import { type LocatedYaml, readYaml } from '#twin/yaml/located.ts';
import { misfitsOf } from '#twin/yaml/wrongShape.ts';
import { type CheckedCandidate, readCandidates } from './candidate.ts';
import { causesOf, isExplainedBy } from './causes.ts';
import { type Checked, checkCondition, deeperScope } from './check.ts';
import type { Condition } from './condition.ts';
import { ExpressionError } from './expression.ts';
import { judge } from './judge.ts';
import { parse } from './parse.ts';
import { inEnglish, type Problem, problem } from './problem.ts';
import { type AreaKind, type RuleText, ruleFileSchema } from './rule.ts';
import { shapeProblem } from './shape.ts';
import { type Overridden, readThresholds, type Threshold, withThresholds } from './thresholds.ts';
import { parseDuration } from './units.ts';

/** A rule ready for the engine. Times in ms. */
export interface Rule {
  readonly text: RuleText;
  readonly thresholds: readonly Threshold[];
  /** null for a rule that gathers, and for one on the platform itself */
  readonly when: Condition | null;
  /** the same alarm in many rooms of an area */
  readonly gather: Gather | null;
  /** whether it is an alarm of one room; else it waits for one of its areas */
  readonly alone: boolean;
  /** what the return asks for beside the end of `when`; null: nothing */
  readonly clear: Condition | null;
  /** once per station, per pump set or per pump */
  readonly scope: PointScope;
  /** causes that it can tell apart; empty when it knows one only */
  readonly causes: readonly CheckedCandidate[];
  readonly firstOut: { group: string; within: number } | null;
  readonly accepts: Uint8Array;
  readonly onDelay: number;
  readonly offDelay: number;
  readonly hold: number;
  readonly chatter: { count: number; within: number } | null;
  readonly escalate: { after: number; to: number } | null;
  readonly downgrade: { after: number; to: number } | null;
}

/** So many rooms of an area, and such a part of them, whose condition began within `within` ms. */
export interface Gather {
  readonly rule: string;
  readonly in: AreaKind;
  readonly count: number;
  readonly share: number;
  readonly within: number;
  /** it is asked where in the area something broke */
  readonly locate?: 'mains' | undefined;
}

/** One thing that is wrong with a rule file. Lines and columns count from 1. */
export interface RuleIssue {
  file: string;
  line: number;
  column: number;
  /** in English */
  message: string;
  problem: Problem;
}

export class RuleError extends Error {
  readonly issues: readonly RuleIssue[];
  constructor(issues: readonly RuleIssue[]) {
    super(
      issues.map(({ file, line, column, message }) => `${file}:${line}:${column}: ${message}`).join('\n'),
    );
    this.name = 'RuleError';
    this.issues = issues;
  }
}

export interface RuleFile {
  file: string;
  yaml: string;
}

/** A rule as it was read, and how the places of its text are found. */
export interface ReadRule {
  readonly rule: Rule;
  readonly where: Where;
}

/** Reads one file for itself; whether its rules fit with those of others shows when they are joined. */
export function readRules(file: RuleFile): { rules: ReadRule[]; issues: RuleIssue[] } {
  const issues: RuleIssue[] = [];
  return { rules: readFile(file, issues), issues };
}

/**
 * Puts rules together, causes before what they suppress, and says everything that does not fit: two rules with one
 * id, causes that are unknown or suppress each other, what cannot be gathered.
 */
export function joinRules(found: readonly ReadRule[]): { rules: Rule[]; issues: RuleIssue[] } {
  const issues: RuleIssue[] = [];
  const byId = new Map<string, ReadRule>();
  for (const entry of found) {
    const { id } = entry.rule.text;
    if (byId.has(id)) issues.push(entry.where(['id'], problem('idTwice', { id }, freeId(id, found))));
    else byId.set(id, entry);
  }
  for (const { rule, where } of byId.values()) {
    causesOf(rule.text).forEach((cause, i) => {
      if (byId.has(cause)) return;
      issues.push(where(['suppressedBy', i], unknownRule(cause, byId)));
    });
    checkSigns(rule, where, byId, issues);
  }
  checkGathering(byId, issues);
  return { rules: causesFirst(byId, issues), issues };
}

/**
 * Reads rule files together, causes before what they suppress.
 * @throws RuleError with everything that is wrong, by file and line: form, names, units, conditions that cannot
 * hold or end, two rules with one id, causes that are unknown or suppress each other
 */
export function loadRules(files: readonly RuleFile[]): Rule[] {
  const read = files.map(readRules);
  const joined = joinRules(read.flatMap(({ rules }) => rules));
  const issues = [...read.flatMap((one) => one.issues), ...joined.issues];
  if (issues.length > 0) throw new RuleError(issues);
  return joined.rules;
}

export type Where = (path: readonly PropertyKey[], problem: Problem, offset?: number) => RuleIssue;

/** The first of `id-2`, `id-3` … that no rule has. */
function freeId(id: string, found: readonly ReadRule[]): string {
  const taken = new Set(found.map(({ rule }) => rule.text.id));
  let number = 2;
  while (taken.has(`${id}-${number}`)) number++;
  return `${id}-${number}`;
}

export const unknownRule = (id: string, known: ReadonlyMap<string, unknown>): Problem =>
  problem('unknownRule', { id }, nearNames(id, known.keys(), 1)[0]);

const YAML_PROBLEMS = {
  BAD_INDENT: 'yamlIndent',
  TAB_AS_INDENT: 'yamlTab',
  DUPLICATE_KEY: 'yamlTwice',
  MISSING_CHAR: 'yamlUnclosed',
  BLOCK_AS_IMPLICIT_KEY: 'yamlNested',
  BAD_SCALAR_START: 'yamlStart',
} as const;

function yamlProblem({ code, message }: LocatedYaml['problems'][number]): Problem {
  const known = YAML_PROBLEMS[code as keyof typeof YAML_PROBLEMS];
  return known ? problem(known, {}) : problem('yamlForm', { detail: message });
}

/** An item of a file that is a list, and how its places are found. */
export interface ReadItem<T> {
  readonly item: T;
  readonly file: string;
  readonly where: Where;
}

/** Reads a file that holds a list, or nothing but comments, as a schema asks; all or none of it. */
export function readItems<T>(
  { file, yaml }: RuleFile,
  schema: z.ZodType<T[]>,
  issues: RuleIssue[],
): ReadItem<T>[] {
  const { value, problems, placeOf } = readYaml(yaml);
  for (const one of problems) {
    const wrong = yamlProblem(one);
    issues.push({ file, ...one.at, message: inEnglish(wrong), problem: wrong });
  }
  if (problems.length > 0) return [];
  const whereIn =
    (base: readonly PropertyKey[]): Where =>
    (path, wrong, offset) => ({
      file,
      ...placeOf([...base, ...path], offset),
      message: inEnglish(wrong),
      problem: wrong,
    });
  const parsed = schema.safeParse(value);
  if (!parsed.success) {
    for (const misfit of misfitsOf(parsed.error, schema))
      issues.push(whereIn([])(misfit.path, shapeProblem(misfit)));
    return [];
  }
  return parsed.data.map((item, i) => ({ item, file, where: whereIn([i]) }));
}

function readFile(file: RuleFile, issues: RuleIssue[]): ReadRule[] {
  return readItems(file, ruleFileSchema, issues).flatMap(({ item, where }) => {
    const before = issues.length;
    const rule = makeRule(item, where, issues);
    return rule && issues.length === before ? [{ rule, where }] : [];
  });
}

const milliseconds = (duration: string | undefined): number =>
  Math.round((parseDuration(duration ?? '0 s') ?? 0) * 1000);

/**
 * A rule of its text, for the engine; null when a condition cannot be read.
 * @param issues takes what is wrong
 * @param overridden what stations have instead of its thresholds, in the units of those
 */
export function makeRule(
  text: RuleText,
  where: Where,
  issues: RuleIssue[],
  overridden: Overridden = {},
): Rule | null {
  const thresholds = readThresholds(text.thresholds ?? {}, overridden, (path, wrong) =>
    issues.push(where(['thresholds', ...path], wrong)),
  );
  const byName = new Map(thresholds.map((threshold) => [threshold.name, threshold]));
  const used = new Set<string>();
  const checked = (path: readonly PropertyKey[], expression: string): Checked | null => {
    try {
      return checkCondition(withThresholds(parse(expression), byName, (name) => used.add(name)));
    } catch (error) {
      if (!(error instanceof ExpressionError)) throw error;
      const wrong = nearThreshold(error.problem, byName);
      issues.push(where(path, { ...wrong, key: String(path.at(-1)) }, error.at));
      return null;
    }
  };
  const when = text.when === undefined ? NO_CONDITION : checked(['when'], text.when);
  const clear = text.clear === undefined ? null : checked(['clear'], text.clear);
  if (!when || (text.clear !== undefined && !clear)) return null;
  if (when !== NO_CONDITION)
    for (const { key, problem: wrong } of judge(text, when.condition, clear?.condition ?? null))
      issues.push(where([key], wrong));
  text.evidence?.forEach((tag, i) => {
    if (TAGS.has(tag)) return;
    const near = nearNames(tag, TAGS, 1)[0];
    issues.push(where(['evidence', i], problem('unknownPoint', { name: tag }, near)));
  });
  if (isExplainedBy(text, text.id)) issues.push(where(['suppressedBy'], problem('suppressesItself', {})));
  const timed = (change: { after: string; to: number } | undefined) =>
    change ? { after: milliseconds(change.after), to: change.to } : null;
  if (text.escalate && text.escalate.to >= text.priority)
    issues.push(where(['escalate', 'to'], problem('noHigher', { priority: text.priority })));
  if (text.downgrade && text.downgrade.to <= text.priority)
    issues.push(where(['downgrade', 'to'], problem('noLower', { priority: text.priority })));
  const scope = clear ? deeperScope(when.scope, clear.scope) : when.scope;
  const causes = readCandidates(text.causes ?? [], scope, {
    check: checked,
    refuse: (path, wrong) => issues.push(where(path, wrong)),
  });
  for (const { name } of thresholds)
    if (!used.has(name)) issues.push(where(['thresholds', name], problem('thresholdUnused', { name })));
  const accepts = new Uint8Array(8);
  for (const name of text.accepts ?? (['good', 'substituted'] as const)) accepts[Quality[name]] = 1;
  return {
    text,
    thresholds,
    when: when === NO_CONDITION ? null : when.condition,
    gather: text.gather
      ? {
          ...text.gather,
          share: text.gather.share ?? 0,
          within: milliseconds(text.gather.within) || Number.POSITIVE_INFINITY,
        }
      : null,
    alone: text.alone ?? true,
    clear: clear?.condition ?? null,
    scope,
    causes,
    firstOut: text.firstOut
      ? { group: text.firstOut.group, within: milliseconds(text.firstOut.within) }
      : null,
    accepts,
    onDelay: milliseconds(text.for),
    offDelay: milliseconds(text.clearFor),
    hold: milliseconds(text.hold),
    chatter:
      (text.chatter && { count: text.chatter.count, within: milliseconds(text.chatter.within) }) || null,
    escalate: timed(text.escalate),
    downgrade: timed(text.downgrade),
  };
}

/** Stands for the condition of a rule that has none. */
const NO_CONDITION: Checked = { condition: { kind: 'offline' }, scope: 'station' };

/** What is gathered must be there and be of rooms; causes of an area are areas. */
function checkGathering(byId: ReadonlyMap<string, { rule: Rule; where: Where }>, issues: RuleIssue[]): void {
  const gatheredIds = new Set([...byId.values()].map(({ rule }) => rule.gather?.rule));
  for (const { rule, where } of byId.values()) {
    const { gather } = rule;
    if (!rule.alone && !gatheredIds.has(rule.text.id))
      issues.push(where(['alone'], problem('neverTold', {})));
    const gathered = gather && byId.get(gather.rule)?.rule;
    if (gather && !gathered) issues.push(where(['gather', 'rule'], unknownRule(gather.rule, byId)));
    else if (gathered?.gather)
      issues.push(where(['gather', 'rule'], problem('gathersGatherer', { id: gather!.rule })));
    causesOf(rule.text).forEach((id, i) => {
      const cause = byId.get(id)?.rule;
      if (cause?.text.platform) issues.push(where(['suppressedBy', i], problem('byPlatform', { id })));
      else if (cause && !cause.gather && gather)
        issues.push(where(['suppressedBy', i], problem('areaByRoom', {})));
    });
  }
}

const TAGS = new Set(POINTS.map(({ tag }) => tag));

/** Whoever misspells the name of a threshold may have meant it. */
function nearThreshold(wrong: Problem, thresholds: ReadonlyMap<string, Threshold>): Problem {
  if (wrong.code !== 'unknownPoint') return wrong;
  const near = nearNames(String(wrong.values.name), thresholds.keys(), 1)[0];
  return near === undefined ? wrong : { ...wrong, near };
}

/** Alarms that are signs must be there, of rooms, and others than the one they explain. */
function checkSigns(
  { text }: Rule,
  where: Where,
  byId: ReadonlyMap<string, ReadRule>,
  issues: RuleIssue[],
): void {
  for (const [i, { signs }] of (text.causes ?? []).entries())
    for (const [k, { alarm }] of signs.entries()) {
      if (alarm === undefined) continue;
      const at = ['causes', i, 'signs', k, 'alarm'];
      if (alarm === text.id) issues.push(where(at, problem('signOfItself', {})));
      else if (!byId.has(alarm)) issues.push(where(at, unknownRule(alarm, byId)));
      else if (byId.get(alarm)!.rule.gather) issues.push(where(at, problem('signOfArea', { id: alarm })));
    }
}

/**
 * Each of them names the next as its cause, or gathers it; the last is the first again.
 * @param rule who names the cause that may be taken out
 */
const inCircle = (circle: readonly string[], rule: string, cause: string): Problem =>
  problem('causesInCircle', { circle: circle.join(' → '), rule, cause });

/** Order of evaluation: what explains others is decided before them. */
function causesFirst(byId: ReadonlyMap<string, { rule: Rule; where: Where }>, issues: RuleIssue[]): Rule[] {
  const sorted: Rule[] = [];
  const state = new Map<string, 'open' | 'done'>();
  const visit = (id: string, path: readonly string[]) => {
    const entry = byId.get(id);
    if (!entry || state.get(id) === 'done') return;
    if (state.get(id) === 'open') {
      const circle = [...path.slice(path.indexOf(id)), id];
      const last = circle.findLastIndex((one, i) => isExplainedBy(byId.get(one)!.rule.text, circle[i + 1]!));
      // areas that gather areas, and rules that suppress themselves, are refused as such
      if (last < 0 || circle.length === 2) return;
      const { rule, where } = byId.get(circle[last]!)!;
      issues.push(where(['suppressedBy'], inCircle(circle, rule.text.id, circle[last + 1]!)));
      return;
    }
    state.set(id, 'open');
    const { gather, text } = entry.rule;
    // an area is made of what it gathers: what that explains cannot explain it
    for (const cause of [...(gather ? [gather.rule] : []), ...causesOf(text)]) visit(cause, [...path, id]);
    state.set(id, 'done');
    sorted.push(entry.rule);
  };
  for (const id of byId.keys()) visit(id, []);
  return sorted;
}
