import { createHmac } from 'node:crypto';
import { z } from 'zod';
import { SECOND } from '#twin/units.ts';
import { type Channel, NotTaken, Refused } from './channel.ts';
import { postJson } from './http.ts';
import { secretsIn } from './secret.ts';

/** WeCom takes at most 4,096 bytes of Markdown (developer.work.weixin.qq.com/document/path/91770). */
const WECOM_LIMIT = 4096;
/** DingTalk takes at most 20,000 bytes (open.dingtalk.com, custom robots). */
const DINGTALK_LIMIT = 20_000;
/** Both take 20 messages a minute; DingTalk is deaf for ten minutes after more. */
const GAP = 3 * SECOND;

const answer = z.object({ errcode: z.number(), errmsg: z.string().default('') });
/** Too many messages for now: WeCom 45009; DingTalk 130101, 410100; either: -1, the system is busy. */
const BUSY = new Set([-1, 45009, 130101, 410100]);

/** A WeCom group robot. */
export const wecom = (url: URL): Channel => ({
  target: url.host,
  limit: WECOM_LIMIT,
  gapMs: GAP,
  secrets: secretsIn(url),
  async send({ markdown }, _notices, signal) {
    const body = { msgtype: 'markdown', markdown: { content: markdown } };
    check(await postJson(url, body, {}, signal));
  },
});

/** A DingTalk robot; with a `secret` every request is signed. */
export const dingtalk = (url: URL, secret: string | undefined, now: () => number): Channel => ({
  target: url.host,
  limit: DINGTALK_LIMIT,
  gapMs: GAP,
  secrets: [...secretsIn(url), ...(secret ? [secret] : [])],
  async send({ title, markdown }, _notices, signal) {
    const address = new URL(url);
    if (secret) {
      const timestamp = String(now());
      address.searchParams.set('timestamp', timestamp);
      address.searchParams.set('sign', signatureOf(timestamp, secret));
    }
    check(await postJson(address, { msgtype: 'markdown', markdown: { title, text: markdown } }, {}, signal));
  },
});

/** HMAC-SHA256 of `timestamp\nsecret` by the secret, Base64, as DingTalk checks it. */
export const signatureOf = (timestamp: string, secret: string): string =>
  createHmac('sha256', secret).update(`${timestamp}\n${secret}`).digest('base64');

/** Robots answer 200 whatever happens: `errcode` 0 is taken. */
function check(text: string): void {
  const parsed = answer.safeParse(parseJson(text));
  if (!parsed.success) throw new Error(`its answer has no errcode: ${text.slice(0, 100)}`);
  const { errcode, errmsg } = parsed.data;
  if (errcode === 0) return;
  const words = `errcode ${errcode}: ${errmsg}`;
  throw BUSY.has(errcode) ? new NotTaken(words) : new Refused(words);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
