import type { z } from 'zod';
import { apiError } from '#twin/wire/api.ts';
import type { RuleIssueText } from '#twin/wire/rules.ts';

/** A request that did not give what was asked: what happened, and the server's words about it. */
export class RequestError extends Error {
  readonly status: number;
  readonly details: readonly string[];
  /** what is wrong with rules, to be told in the reader's language */
  readonly issues: readonly RuleIssueText[];

  constructor(
    status: number,
    message: string,
    details: readonly string[] = [],
    issues: readonly RuleIssueText[] = [],
  ) {
    super(message);
    this.name = 'RequestError';
    this.status = status;
    this.details = details;
    this.issues = issues;
  }
}

/** GET, checked against the contract. Throws RequestError (status 0: the server was not reached). */
export async function getJson<T extends z.ZodType>(
  schema: T,
  path: string,
  signal?: AbortSignal,
): Promise<z.infer<T>> {
  const answer = await request(path, signal ? { signal } : {});
  return parse(schema, path, await answer.json());
}

/** POST of JSON whose answer says nothing more. Throws RequestError. */
export async function postJson(path: string, body: unknown): Promise<void> {
  await post(path, body);
}

/** POST (or PUT) of JSON; the answer is checked against the contract. Throws RequestError. */
export async function askJson<T extends z.ZodType>(
  schema: T,
  path: string,
  body: unknown,
  method: 'POST' | 'PUT' = 'POST',
): Promise<z.infer<T>> {
  return parse(schema, path, await (await post(path, body, method)).json());
}

function post(path: string, body: unknown, method = 'POST'): Promise<Response> {
  return request(path, {
    method,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
}

/** GET of bytes. Throws RequestError. */
export async function getBytes(path: string, signal?: AbortSignal): Promise<Uint8Array> {
  const answer = await request(path, signal ? { signal } : {});
  return new Uint8Array(await answer.arrayBuffer());
}

async function request(path: string, init: RequestInit): Promise<Response> {
  let answer: Response;
  try {
    answer = await fetch(path, init);
  } catch (cause) {
    if (cause instanceof DOMException && cause.name === 'AbortError') throw cause;
    throw new RequestError(0, `${path} could not be reached`);
  }
  if (answer.ok) return answer;
  const said = apiError.safeParse(await answer.json().catch(() => null));
  if (said.success)
    throw new RequestError(answer.status, said.data.error, said.data.details, said.data.issues);
  throw new RequestError(answer.status, `${path} answered ${answer.status}`);
}

function parse<T extends z.ZodType>(schema: T, path: string, body: unknown): z.infer<T> {
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  const first = result.error.issues[0];
  throw new RequestError(200, `${path} broke its contract at ${first?.path.join('.')}: ${first?.message}`);
}
