import { NotTaken, Refused } from './channel.ts';

/** No robot says more; what is longer is not read. */
const LONGEST_ANSWER = 64 * 1024;
/** Answers that say "later", not "never" (RFC 9110, RFC 6585). */
const LATER = new Set([408, 425, 429]);

/**
 * POST of JSON; gives the text of a 2xx answer. Rejects with Refused for another answer of 3xx or 4xx, with NotTaken
 * when the other side has trouble or cannot be reached, with an Error when nothing is known.
 */
export async function postJson(
  url: URL,
  body: unknown,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<string> {
  let answer: Response;
  try {
    answer = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
      body: JSON.stringify(body),
      // a message with a key in its address goes where it was told to and nowhere else
      redirect: 'manual',
      signal,
    });
  } catch (error) {
    throw problemOf(error, signal);
  }
  const text = await start(answer, signal);
  if (answer.ok) return text;
  const words = `answered ${answer.status}${text ? `: ${text.slice(0, 200)}` : ''}`;
  throw answer.status < 500 && !LATER.has(answer.status) ? new Refused(words) : new NotTaken(words);
}

/** The first bytes of an answer, as text. */
async function start(answer: Response, signal: AbortSignal): Promise<string> {
  const parts: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const part of answer.body ?? []) {
      parts.push(part as Uint8Array);
      size += part.length;
      if (size >= LONGEST_ANSWER) break;
    }
  } catch (error) {
    throw problemOf(error, signal);
  }
  return Buffer.concat(parts).subarray(0, LONGEST_ANSWER).toString('utf8');
}

/** Nothing was sent when these happen. */
const UNREACHED = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH']);

function problemOf(error: unknown, signal: AbortSignal): Error {
  if (signal.aborted) return new Error('did not answer in time');
  const { message, cause } = error as Error & { cause?: NodeJS.ErrnoException };
  const code = cause?.code ?? '';
  if (UNREACHED.has(code)) return new NotTaken(`cannot be reached: ${code}`);
  return new Error(cause ? `the connection broke: ${code || cause.message}` : message);
}
