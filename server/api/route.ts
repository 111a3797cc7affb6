import type { RequestHandler, Router } from 'express';
import { z } from 'zod';
import { createDocument, type ZodOpenApiPathsObject } from 'zod-openapi';
import { apiError } from '#twin/wire/api.ts';
import type { RuleIssueText } from '#twin/wire/rules.ts';

/** A status and a sentence for whoever asked. */
export class HttpError extends Error {
  readonly status: number;
  readonly details: string[] | undefined;
  /** what is wrong with rules, for readers of any language */
  readonly issues: RuleIssueText[] | undefined;
  constructor(status: number, message: string, details?: string[], issues?: RuleIssueText[]) {
    super(message);
    this.status = status;
    this.details = details;
    this.issues = issues;
  }
}

interface Shapes {
  params?: z.ZodObject;
  query?: z.ZodObject;
  body?: z.ZodType;
}

type Parsed<T> = T extends z.ZodType ? z.output<T> : undefined;

/** One endpoint: what it takes and gives, said once for checking and for the OpenAPI document. */
export interface Endpoint<S extends Shapes = Shapes> {
  method: 'get' | 'post' | 'put';
  /** Express path, `/api/stations/:code` */
  path: string;
  summary: string;
  shapes: S;
  /** JSON by its schema, or a media type of raw bytes */
  answer: z.ZodType | string;
  handle: (input: {
    params: Parsed<S['params']>;
    query: Parsed<S['query']>;
    body: Parsed<S['body']>;
  }) => Promise<unknown> | unknown;
}

/** Keeps an endpoint's own types while it stands in a list of many. */
export const endpoint = <S extends Shapes>(definition: Endpoint<S>): Endpoint =>
  definition as unknown as Endpoint;

/** Bytes with a cache time, for endpoints that answer no JSON. */
export interface Bytes {
  bytes: Uint8Array | null;
  maxAgeSeconds: number;
}

export function mount(router: Router, endpoints: readonly Endpoint[]): void {
  for (const definition of endpoints) router[definition.method](definition.path, handler(definition));
}

function handler({ shapes, answer, handle }: Endpoint): RequestHandler {
  return async (request, response) => {
    const input = {
      params: parse('path', shapes.params, request.params),
      query: parse('query', shapes.query, request.query),
      body: parse('body', shapes.body, request.body),
    };
    const result = await handle(input as Parameters<typeof handle>[0]);
    if (typeof answer !== 'string') {
      response.json(result);
      return;
    }
    const { bytes, maxAgeSeconds } = result as Bytes;
    response.set('Cache-Control', `max-age=${maxAgeSeconds}`);
    if (bytes === null) response.status(204).end();
    else response.type(answer).send(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  };
}

function parse(where: string, schema: z.ZodType | undefined, value: unknown): unknown {
  if (!schema) return undefined;
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const details = result.error.issues.map((issue) => `${issue.path.join('.') || where}: ${issue.message}`);
  throw new HttpError(400, `the ${where} is not as expected`, details);
}

/** The OpenAPI 3.1 document of the endpoints. */
export function openApi(endpoints: readonly Endpoint[]): unknown {
  const paths: ZodOpenApiPathsObject = {};
  for (const { method, path, summary, shapes, answer } of endpoints) {
    const key = path.replace(/:(\w+)/g, '{$1}');
    const content =
      typeof answer === 'string'
        ? { [answer]: { schema: z.string().meta({ format: 'binary' }) } }
        : { 'application/json': { schema: answer } };
    paths[key] = {
      ...paths[key],
      [method]: {
        summary,
        requestParams: {
          ...(shapes.params && { path: shapes.params }),
          ...(shapes.query && { query: shapes.query }),
        },
        ...(shapes.body && { requestBody: { content: { 'application/json': { schema: shapes.body } } } }),
        responses: {
          '200': { description: 'the answer', content },
          '400': {
            description: 'what was wrong with the request',
            content: { 'application/json': { schema: apiError } },
          },
        },
      },
    };
  }
  return createDocument({ openapi: '3.1.0', info: { title: 'Shuijing', version: '1' }, paths });
}
