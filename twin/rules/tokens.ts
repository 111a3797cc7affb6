import { ExpressionError } from './expression.ts';
import { problem } from './problem.ts';

export type Token =
  | { kind: 'number'; value: number; text: string; at: number }
  | { kind: 'word'; text: string; at: number }
  | { kind: 'sign'; text: string; at: number }
  | { kind: 'end'; text: string; at: number };

const SPACE = /\s+/y;
const NUMBER = /\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
/** A full point name is one word; units may carry °, µ, ³ and a slash. */
const WORD = /[\p{L}_°µ%][\p{L}\p{N}_°µ³²%]*(?:\/[\p{L}][\p{L}\p{N}_³²]*)*(?:\(A\))?/uy;
const SIGN = /<=|>=|!=|[<>=+\-*/(),]/y;

/** The tokens of an expression, an `end` last. @throws ExpressionError at a character that starts none */
export function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  const take = (pattern: RegExp): string | null => {
    pattern.lastIndex = at;
    return pattern.exec(text)?.[0] ?? null;
  };
  while (at < text.length) {
    const space = take(SPACE);
    if (space) {
      at += space.length;
      continue;
    }
    const number = take(NUMBER);
    const word = number ? null : take(WORD);
    const found = number ?? word ?? take(SIGN);
    if (!found) throw new ExpressionError(problem('meaningless', { sign: text[at]! }), at);
    if (number) tokens.push({ kind: 'number', value: Number(number), text: number, at });
    else tokens.push({ kind: word ? 'word' : 'sign', text: found, at });
    at += found.length;
  }
  tokens.push({ kind: 'end', text: 'the end', at });
  return tokens;
}
