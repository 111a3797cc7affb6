import { type LinkAction, parseAction } from './controls.ts';
import { parseClock, parseDuration, parseNumber } from './words.ts';

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

/**
 * Reads a rule-based control (EPANET 2.2 User Manual, [RULES]). A disabled rule gives undefined.
 *
 * @throws SyntaxError saying what is wrong in which clause
 */
export function parseRule(text: string): Rule | undefined {
  const rule: Rule = { name: '', premises: [], actions: [], otherwise: [], priority: 0 };
  let part: 'rule' | 'if' | 'actions' | 'otherwise' | 'priority' = 'rule';
  for (const line of text.split('\n')) {
    const words = line
      .split(';')[0]!
      .trim()
      .split(/[ \t]+/);
    const key = words[0]!.toUpperCase();
    if (key === '') continue;
    const clause = (problem: unknown): SyntaxError =>
      new SyntaxError(`"${line.trim()}": ${(problem as Error).message}`);
    try {
      if (key === 'RULE') rule.name = words[1] ?? '';
      else if (key === 'DISABLED') return undefined;
      else if (key === 'PRIORITY') {
        part = 'priority';
        rule.priority = parseNumber(words[1] ?? '') ?? 0;
      } else if (key === 'IF') {
        part = 'if';
        rule.premises.push(parsePremise('and', words.slice(1)));
      } else if ((key === 'AND' || key === 'OR') && part === 'if') {
        rule.premises.push(parsePremise(key === 'OR' ? 'or' : 'and', words.slice(1)));
      } else if (key === 'THEN' || key === 'ELSE') {
        part = key === 'THEN' ? 'actions' : 'otherwise';
        rule[part].push(parseRuleAction(words.slice(1)));
      } else if (key === 'AND' && (part === 'actions' || part === 'otherwise')) {
        rule[part].push(parseRuleAction(words.slice(1)));
      } else throw new SyntaxError(`${key} is out of place`);
    } catch (problem) {
      throw clause(problem);
    }
  }
  if (rule.premises.length === 0) throw new SyntaxError('it has no IF clause');
  if (rule.actions.length === 0) throw new SyntaxError('it has no THEN clause');
  return rule;
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
  return what.toUpperCase() === 'ACTIVE' ? { link, status: 'active' } : parseAction(link, what);
}
