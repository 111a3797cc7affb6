import { z } from 'zod';
import { nearNames } from '#twin/nearNames.ts';

/** A part of a file that is not as its schema asks: its path in the file, and what is wrong. */
export interface Misfit {
  path: (string | number)[];
  message: string;
  issue: z.core.$ZodIssue;
  /** the known key that an unknown one may have meant */
  near?: string | undefined;
}

/** What a schema refuses, one entry per part; a key that it does not know comes with the one that may be meant. */
export function misfitsOf(error: z.ZodError, schema: z.ZodType): Misfit[] {
  const keys = keysOf(schema);
  return error.issues.flatMap((issue): Misfit[] => {
    const path = issue.path.filter((part) => typeof part !== 'symbol');
    if (issue.code !== 'unrecognized_keys') return [{ path, message: messageOf(issue), issue }];
    return issue.keys.map((key) => ({
      path: [...path, key],
      message: `is not known${meant(key, keys)}`,
      issue,
      near: nearNames(key, keys, 1)[0],
    }));
  });
}

/** Kinds are said in the words of who writes a file, not of who wrote the schema. */
function messageOf({ code, message, ...issue }: z.core.$ZodIssue): string {
  if (code !== 'invalid_type') return message;
  // zod says what was found in its message only; other messages are the schema's own
  const found = /^Invalid input: expected .* received (\w+)$/.exec(message)?.[1];
  if (found === undefined) return message;
  if (found === 'undefined') return 'is missing';
  const { expected } = issue as Pick<z.core.$ZodIssueInvalidType, 'expected'>;
  return `${KINDS[expected] ?? expected} is expected, not ${KINDS[found] ?? found}`;
}

const KINDS: Record<string, string> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a map of keys',
  record: 'a map of keys',
  null: 'nothing',
  NaN: 'something that is no number',
};

/** `; did you mean "points"?`, or nothing when no known word is near. */
export function meant(word: string, known: Iterable<string>): string {
  const [near] = nearNames(word, known, 1);
  return near === undefined ? '' : `; did you mean ${JSON.stringify(near)}?`;
}

/** Every key that objects of a schema have, however deep. */
function keysOf(schema: z.ZodType): Set<string> {
  const keys = new Set<string>();
  const visit = (part: unknown): void => {
    if (typeof part !== 'object' || part === null) return;
    for (const [name, value] of Object.entries(part)) {
      if (name === 'properties') for (const key of Object.keys(value as object)) keys.add(key);
      visit(value);
    }
  };
  visit(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }));
  return keys;
}
