import { createTransport } from 'nodemailer';
import type { ChannelText } from '#twin/notification/file.ts';
import { type Channel, NotTaken, PartlyTaken, Refused } from './channel.ts';
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
    async send({ title, text }, notices, signal, only) {
      let refused: Partly;
      try {
        refused = await transport.sendMail({
          from,
          to: only.length > 0 ? [...only] : [...to],
          subject: title,
          text,
          messageId: `<${nameOf(notices, title)}@shuijing>`,
          headers: { 'Auto-Submitted': 'auto-generated' },
          signal,
        });
      } catch (error) {
        const known = error as Error & Partly & { responseCode?: number; code?: string };
        // the others have it: the server is no worse for refusing these again
        if (only.length === 0 || !known.rejected?.length || signal.aborted) throw problemOf(known, signal);
        refused = known;
      }
      if (refused.rejected?.length) throw partly(refused);
    },
  };
}

/** What a mail server says of the recipients that it refused. */
interface Partly {
  rejected?: readonly (string | { address: string })[] | undefined;
  rejectedErrors?: readonly Error[] | undefined;
}

function partly({ rejected = [], rejectedErrors = [] }: Partly): PartlyTaken {
  const missing = rejected.map((one) => (typeof one === 'string' ? one : one.address));
  return new PartlyTaken(rejectedErrors.map(({ message }) => message).join('; '), missing);
}

/** 5xx is for good (RFC 5321 4.2.1), but of a login: the password may be put right. */
function problemOf(error: Error & { responseCode?: number; code?: string }, signal: AbortSignal): Error {
  if (signal.aborted) return new Error('did not answer in time');
  const { message, responseCode, code } = error;
  if (responseCode !== undefined && responseCode >= 500 && code !== 'EAUTH') return new Refused(message);
  const unreached = code === 'EAUTH' || code === 'EDNS' || /ECONNREFUSED|EHOSTUNREACH/.test(message);
  return responseCode !== undefined || unreached ? new NotTaken(message) : new Error(message);
}
