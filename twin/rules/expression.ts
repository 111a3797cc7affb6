import type { PressureZone } from '#twin/model/station.ts';
import { inEnglish, type Problem } from './problem.ts';

/** The tree of a parsed rule expression. `at` is the place in the text, for messages. */
export type Expression = NumberNode | PointNode | CallNode | UnaryNode | BinaryNode;

export interface NumberNode {
  kind: 'number';
  value: number;
  /** as written after the number; null when there was none */
  unit: string | null;
  /** of a named threshold: what stations have instead, by code */
  stations?: Readonly<Record<string, number>>;
  at: number;
}

/** A point, by its tag (`P_OUT`: of whichever pump set is looked at) or by its full name (`LO/P1/HZ`). */
export interface PointNode {
  kind: 'point';
  tag: string;
  zone: PressureZone | null;
  pump: string | null;
  at: number;
}

export interface CallNode {
  kind: 'call';
  name: string;
  args: readonly Expression[];
  at: number;
}

export interface UnaryNode {
  kind: 'unary';
  op: 'not' | '-';
  of: Expression;
  at: number;
}

export type BinaryOp = 'or' | 'and' | Comparison | Arithmetic;
export type Comparison = '<' | '<=' | '>' | '>=' | '=' | '!=';
export type Arithmetic = '+' | '-' | '*' | '/';

export interface BinaryNode {
  kind: 'binary';
  op: BinaryOp;
  left: Expression;
  right: Expression;
  at: number;
}

/** What is wrong with an expression, and where in its text. */
export class ExpressionError extends Error {
  readonly problem: Problem;
  readonly at: number;
  constructor(problem: Problem, at: number) {
    super(inEnglish(problem));
    this.name = 'ExpressionError';
    this.problem = problem;
    this.at = at;
  }
}
