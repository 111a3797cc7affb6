import { PRESSURE_ZONES, type PressureZone } from '#twin/model/station.ts';
import {
  type BinaryOp,
  type Expression,
  ExpressionError,
  type NumberNode,
  type PointNode,
} from './expression.ts';
import { problem } from './problem.ts';
import { type Token, tokensOf } from './tokens.ts';
import { isUnit, unknownUnit } from './units.ts';

/**
 * Parses a rule expression such as `P_OUT < P_SET - 0.05 MPa and any(RUN)`. By rising strength: or, and, not,
 * one comparison, + -, * /, minus. Operator precedence parsing after Pratt (1973).
 * @throws ExpressionError with the place of the first thing that does not fit
 */
export function parse(text: string): Expression {
  const tokens = tokensOf(text);
  if (tokens.length > MOST_TOKENS)
    throw new ExpressionError(problem('tooManyWords', { most: MOST_TOKENS }), tokens[MOST_TOKENS]!.at);
  const reader = new Reader(tokens);
  const tree = expression(reader, 0);
  reader.expect('end');
  return tree;
}

const STRENGTH: Readonly<Record<BinaryOp, number>> = {
  or: 1,
  and: 2,
  '<': 4,
  '<=': 4,
  '>': 4,
  '>=': 4,
  '=': 4,
  '!=': 4,
  '+': 5,
  '-': 5,
  '*': 6,
  '/': 6,
};
const NOT = 3;
const COMPARISON = 4;
const MINUS = 7;
/** Deeper than any rule a person writes; a hostile text must not exhaust the stack. */
const DEEPEST = 100;
const MOST_TOKENS = 2000;

const strengthOf = (text: string): number | undefined =>
  Object.hasOwn(STRENGTH, text) ? STRENGTH[text as BinaryOp] : undefined;

class Reader {
  depth = 0;
  private next = 0;
  constructor(private readonly tokens: readonly Token[]) {}
  get ahead(): Token {
    return this.tokens[this.next]!;
  }
  take(): Token {
    const token = this.ahead;
    if (token.kind !== 'end') this.next++;
    return token;
  }
  is(text: string): boolean {
    return this.ahead.kind !== 'end' && this.ahead.text === text;
  }
  expect(what: string): void {
    const { kind, text, at } = this.ahead;
    if (what === 'end' && kind !== 'end')
      throw new ExpressionError(problem('operatorExpected', { before: text }), at);
    if (what !== 'end' && kind === 'end')
      throw new ExpressionError(problem('signExpectedAtEnd', { sign: what }), at);
    if (what !== 'end' && text !== what)
      throw new ExpressionError(problem('signExpected', { sign: what, before: text }), at);
    this.take();
  }
}

function expression(reader: Reader, least: number): Expression {
  if (++reader.depth > DEEPEST) throw new ExpressionError(problem('tooDeep', {}), reader.ahead.at);
  let left = prefix(reader);
  for (;;) {
    const { kind, text, at } = reader.ahead;
    const strength = kind === 'end' || kind === 'number' ? undefined : strengthOf(text);
    if (strength === undefined || strength <= least) break;
    reader.take();
    const right = expression(reader, strength);
    left = { kind: 'binary', op: text as BinaryOp, left, right, at };
    const chained = strengthOf(reader.ahead.text) === COMPARISON && strength === COMPARISON;
    if (chained) throw new ExpressionError(problem('chained', {}), reader.ahead.at);
  }
  reader.depth--;
  return left;
}

function prefix(reader: Reader): Expression {
  const token = reader.take();
  const { at, text } = token;
  if (token.kind === 'number') return number(reader, token.value, at);
  if (text === 'not') return { kind: 'unary', op: 'not', of: expression(reader, NOT), at };
  if (text === '-') return { kind: 'unary', op: '-', of: expression(reader, MINUS), at };
  if (text === '(') {
    const inner = expression(reader, 0);
    reader.expect(')');
    return inner;
  }
  if (token.kind === 'end') throw new ExpressionError(problem('valueExpectedAtEnd', {}), at);
  if (token.kind !== 'word' || strengthOf(text) !== undefined)
    throw new ExpressionError(problem('valueExpected', { instead: text }), at);
  return reader.is('(') ? call(reader, text, at) : point(text, at);
}

function call(reader: Reader, name: string, at: number): Expression {
  reader.expect('(');
  const args: Expression[] = [];
  while (!reader.is(')')) {
    if (args.length > 0) reader.expect(',');
    args.push(expression(reader, 0));
  }
  reader.expect(')');
  return { kind: 'call', name, args, at };
}

function number(reader: Reader, value: number, at: number): NumberNode {
  const { kind, text } = reader.ahead;
  if (kind !== 'word' || strengthOf(text) !== undefined) return { kind: 'number', value, unit: null, at };
  if (!isUnit(text)) throw new ExpressionError(unknownUnit(value, text), reader.ahead.at);
  reader.take();
  return { kind: 'number', value, unit: text, at };
}

function point(name: string, at: number): PointNode {
  const parts = name.split('/');
  const tag = parts.at(-1)!;
  if (parts.length === 1) return { kind: 'point', tag, zone: null, pump: null, at };
  const [zone, pump] = parts;
  const known = (PRESSURE_ZONES as readonly string[]).includes(zone!);
  if (!known || parts.length > 3 || (parts.length === 3 && !/^P[1-9]\d?$/.test(pump!)))
    throw new ExpressionError(problem('badPointName', { name, zones: PRESSURE_ZONES.join(', ') }), at);
  return { kind: 'point', tag, zone: zone as PressureZone, pump: parts.length === 3 ? pump! : null, at };
}
