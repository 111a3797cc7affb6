import { type LinkAction, parseAction } from './controls.ts';
import { parseClock, parseDuration, parseNumber, splitWords } from './words.ts';

export type Relation = '=' | '<>' | '<' | '<=' | '>' | '>=';
export type NodeVariable = 'demand' | 'head' | 'level' | 'pressure' | 'filltime' | 'draintime';
export type LinkVariable = 'flow' | 'setting';

/** One condition of a rule. Values are in the units of the file, times in seconds. */
export type Premise = { join: 'and' | 'or'; relation: Relation } & (
  | { about: 'time'; seconds: number }
  | { about: 'clocktime'; seconds: number }
  | { about: 'system demand'; value: number }
  | { about: 'node'; id: string; variable: NodeVariable; value: number }
  | { about: 'link'; id: string; variable: LinkVariable; value: number }
  | { about: 'status'; id: string; status: 'open' | 'closed' | 'active' }
);

/** ACTIVE is read, and leaves a valve as it is: so does EPANET 2.3.5, whose rules know OPEN, CLOSED and settings alone. */
export type RuleAction = LinkAction | { link: string; status: 'active' };

export interface Rule {
  name: string;
  premises: Premise[];
  /** what to do when the premises hold, and when not */
  actions: RuleAction[];
  otherwise: RuleAction[];
  priority: number;
}

/** One row of a rule as it is understood. */
export type Clause = { /** of the rule's text, from 0 */ row: number } & (
  | { part: 'if'; premise: Premise }
  | { part: 'actions' | 'otherwise'; action: RuleAction }
);

/** What is wrong with a rule, and in which row of its text. */
export interface RuleFault {
  row: number;
  cause: string;
}

/**
 * Reads a rule-based control (EPANET 2.2 User Manual, [RULES]). A disabled rule gives undefined.
 *
 * @throws SyntaxError saying what is wrong in which clause, the first when there is more
 */
export function parseRule(text: string): Rule | undefined {
  const { name, priority, clauses, faults, disabled } = readRule(text);
  if (faults.length > 0) throw new SyntaxError(faults[0]!.cause);
  if (disabled) return undefined;
  const actionsOf = (part: 'actions' | 'otherwise') =>
    clauses.flatMap((clause) => (clause.part === part ? [clause.action] : []));
  return {
    name,
    premises: clauses.flatMap((clause) => (clause.part === 'if' ? [clause.premise] : [])),
    actions: actionsOf('actions'),
    otherwise: actionsOf('otherwise'),
    priority,
  };
}

type Part = 'start' | 'name' | Clause['part'] | 'priority';

/** The clauses that may open a part, by the parts that it may follow. */
const FOLLOWS: Readonly<Record<string, readonly Part[]>> = {
  RULE: ['start'],
  IF: ['name'],
  OR: ['if'],
  AND: ['if', 'actions', 'otherwise'],
  // without an IF or THEN before them these are not out of place: what is missing is told by itself
  THEN: ['name', 'if'],
  ELSE: ['name', 'if', 'actions'],
  PRIORITY: ['name', 'if', 'actions', 'otherwise'],
};
const OPENS: Readonly<Record<string, Part>> = {
  RULE: 'name',
  IF: 'if',
  THEN: 'actions',
  ELSE: 'otherwise',
  PRIORITY: 'priority',
};

/** Reads a rule clause by clause, with all that is wrong; of a disabled one only what stands before that word. */
export function readRule(text: string): {
  name: string;
  priority: number;
  disabled: boolean;
  clauses: Clause[];
  faults: RuleFault[];
} {
  const rule = { name: '', priority: 0, disabled: false, clauses: [] as Clause[], faults: [] as RuleFault[] };
  const seen = new Set<string>();
  let part: Part = 'start';
  for (const [row, line] of text.split('\n').entries()) {
    const words = splitWords(line.split(';')[0]!);
    const key = words[0]?.toUpperCase();
    if (key === undefined) continue;
    if (key === 'DISABLED') return { ...rule, disabled: true };
    seen.add(key);
    try {
      if (part === 'start' && key !== 'RULE') {
        part = 'name';
        rule.faults.push({ row, cause: `"${line.trim()}" stands before the first RULE` });
      } else if (!FOLLOWS[key]?.includes(part)) throw new SyntaxError(`${key} is out of place`);
      part = OPENS[key] ?? part;
      const rest = words.slice(1);
      if (part === 'if')
        rule.clauses.push({ row, part, premise: parsePremise(key === 'OR' ? 'or' : 'and', rest) });
      else if (part === 'actions' || part === 'otherwise')
        rule.clauses.push({ row, part, action: parseRuleAction(rest) });
      else if (part === 'priority') rule.priority = priorityOf(rest[0]);
      else if (key === 'RULE') {
        rule.name = rest[0] ?? '';
        if (rule.name === '') throw new SyntaxError('it has no name');
      }
    } catch (problem) {
      rule.faults.push({ row, cause: `"${line.trim()}": ${(problem as Error).message}` });
    }
  }
  for (const key of ['IF', 'THEN'])
    if (!seen.has(key)) rule.faults.push({ row: 0, cause: `it has no ${key} clause` });
  return rule;
}

function priorityOf(word: string | undefined): number {
  const priority = word === undefined ? 0 : parseNumber(word);
  if (priority === undefined) throw new SyntaxError(`the priority "${word}" is not a number`);
  return priority;
}

const relations: Record<string, Relation> = {
  '=': '=',
  '<>': '<>',
  '<': '<',
  '<=': '<=',
  '>': '>',
  '>=': '>=',
  IS: '=',
  NOT: '<>',
  BELOW: '<',
  ABOVE: '>',
};

const nodeVariables: Record<string, NodeVariable> = {
  DEMAND: 'demand',
  HEAD: 'head',
  GRADE: 'head',
  LEVEL: 'level',
  PRESSURE: 'pressure',
  FILLTIME: 'filltime',
  DRAINTIME: 'draintime',
};

function parsePremise(join: 'and' | 'or', words: string[]): Premise {
  const object = words[0]?.toUpperCase() ?? '';
  const system = object === 'SYSTEM';
  const [name = '', operator = '', value = '', suffix] = system ? words.slice(1) : words.slice(2);
  endsBy(words, 5);
  const relation = relations[operator.toUpperCase()];
  if (!relation) throw new SyntaxError(`"${operator}" is not a comparison`);
  const variable = name.toUpperCase();
  const number = (): number => {
    const parsed = parseNumber(value);
    if (parsed === undefined) throw new SyntaxError(`"${value}" is not a number`);
    return parsed;
  };
  if (system) {
    if (variable === 'DEMAND') return { join, relation, about: 'system demand', value: number() };
    if (variable !== 'TIME' && variable !== 'CLOCKTIME') {
      throw new SyntaxError(`SYSTEM ${name} is not DEMAND, TIME or CLOCKTIME`);
    }
    const time = variable === 'TIME';
    const seconds = time ? parseDuration(value, suffix) : parseClock(value, suffix);
    if (seconds === undefined) throw new SyntaxError(`"${value}" is not a time`);
    return { join, relation, about: time ? 'time' : 'clocktime', seconds: Math.round(seconds) };
  }
  const id = words[1] ?? '';
  if (['NODE', 'JUNC', 'JUNCTION', 'TANK', 'RESERV', 'RESERVOIR'].includes(object)) {
    const known = nodeVariables[variable];
    if (!known) throw new SyntaxError(`a node has no ${name}`);
    const hours = known === 'filltime' || known === 'draintime';
    return { join, relation, about: 'node', id, variable: known, value: number() * (hours ? 3600 : 1) };
  }
  if (!['LINK', 'PIPE', 'PUMP', 'VALVE'].includes(object))
    throw new SyntaxError(`"${words[0] ?? ''}" is not an object`);
  const status = value.toUpperCase();
  if (status === 'OPEN' || status === 'CLOSED' || status === 'ACTIVE') {
    const name = status === 'OPEN' ? 'open' : status === 'CLOSED' ? 'closed' : 'active';
    return { join, relation, about: 'status', id, status: name };
  }
  if (variable !== 'FLOW' && variable !== 'SETTING') throw new SyntaxError(`a link has no ${name}`);
  const known = variable === 'FLOW' ? 'flow' : 'setting';
  return { join, relation, about: 'link', id, variable: known, value: number() };
}

function parseRuleAction(words: string[]): RuleAction {
  const [, link, , operator, what] = words;
  if (link === undefined || what === undefined || !['=', 'IS'].includes(operator!.toUpperCase())) {
    throw new SyntaxError('an action reads LINK id STATUS|SETTING = value');
  }
  endsBy(words, 5);
  return what.toUpperCase() === 'ACTIVE' ? { link, status: 'active' } : parseAction(link, what);
}

function endsBy(words: readonly string[], most: number): void {
  if (words.length > most) throw new SyntaxError(`"${words[most]}" is one word too many`);
}
