import { createHash } from 'node:crypto';
import type { Notice } from '#twin/notification/text.ts';
import type { Channel } from './channel.ts';
import { postJson } from './http.ts';
import { secretsIn } from './secret.ts';

const LIMIT = 200_000;

/**
 * JSON to whoever wants it: `{ title, text, alarms: [{ key, … }] }`, any 2xx answer is taken. The same `key` is the
 * same message, should it come twice.
 */
export const webhook = (url: URL, token: string | undefined): Channel => ({
  target: url.host,
  limit: LIMIT,
  gapMs: 0,
  secrets: [...secretsIn(url), ...(token ? [token] : [])],
  async send({ title, text }, notices, signal) {
    const headers = {
      'idempotency-key': nameOf(notices, title),
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
    };
    await postJson(url, { title, text, alarms: notices }, headers, signal);
  },
});

/** One name for a message about these alarms, whenever it is made. */
export const nameOf = (notices: readonly Notice[], title: string): string =>
  createHash('sha256')
    .update(notices.length > 0 ? notices.map(({ key }) => key).join('\n') : `${title}${Date.now()}`)
    .digest('hex')
    .slice(0, 32);
