import { createTransport } from 'nodemailer';
import type { ChannelText } from '#twin/notification/file.ts';
import { type Channel, NotTaken, Refused } from './channel.ts';
import { nameOf } from './webhook.ts';

const LIMIT = 200_000;

type SmtpText = Extract<ChannelText, { kind: 'smtp' }>;

/** Mail. The same message has the same Message-ID, so that a mail system may drop the second. */
export function smtp(
  { host, port, secure, requireTls, user, from, to }: SmtpText,
  password?: string,
): Channel {
  const transport = createTransport({
    host,
    port,
    secure,
    requireTLS: requireTls,
    ...(user !== undefined && { auth: { user, pass: password ?? '' } }),
    connectionTimeout: 15_000,
    greetingTimeout: 15_000,
    socketTimeout: 20_000,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return {
    target: `${host}:${port} → ${to.length}`,
    limit: LIMIT,
    gapMs: 0,
    secrets: password ? [password] : [],
    async send({ title, text }, notices, signal) {
      try {
        await transport.sendMail({
          from,
          to: [...to],
          subject: title,
          text,
          messageId: `<${nameOf(notices, title)}@shuijing>`,
          headers: { 'Auto-Submitted': 'auto-generated' },
          signal,
        });
      } catch (error) {
        throw problemOf(error as Error & { responseCode?: number; code?: string }, signal);
      }
    },
  };
}

/** 5xx is for good (RFC 5321 4.2.1), but of a login: the password may be put right. */
function problemOf(error: Error & { responseCode?: number; code?: string }, signal: AbortSignal): Error {
  if (signal.aborted) return new Error('did not answer in time');
  const { message, responseCode, code } = error;
  if (responseCode !== undefined && responseCode >= 500 && code !== 'EAUTH') return new Refused(message);
  const unreached = code === 'EAUTH' || code === 'EDNS' || /ECONNREFUSED|EHOSTUNREACH/.test(message);
  return responseCode !== undefined || unreached ? new NotTaken(message) : new Error(message);
}
