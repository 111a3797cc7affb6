import type { Message, Notice } from '#twin/notification/text.ts';

/** A way to people outside: takes a message, or says why not. */
export interface Channel {
  /** what may be shown of where it leads */
  readonly target: string;
  /** most bytes of a message's Markdown or text */
  readonly limit: number;
  /** wait after a message before the next, ms */
  readonly gapMs: number;
  /**
   * Resolves when the other side has taken the message. Rejects with NotTaken when it surely has not, with Refused
   * when it said that it will not, with PartlyTaken when some of its recipients were refused, and with any other Error
   * when nothing is known of it.
   * @param only recipients that have not got it yet; all when empty
   */
  send(
    message: Message,
    notices: readonly Notice[],
    signal: AbortSignal,
    only: readonly string[],
  ): Promise<void>;
  /** what must not stand in any log or answer */
  readonly secrets: readonly string[];
}

/** The other side was not reached, or has answered that it has not taken the message. */
export class NotTaken extends Error {}

/** The other side has answered, and it will not take this message. */
export class Refused extends NotTaken {}

/** The other side has taken the message, but not for all of its recipients. */
export class PartlyTaken extends Error {
  readonly missing: readonly string[];
  constructor(message: string, missing: readonly string[]) {
    super(message);
    this.missing = missing;
  }
}

/** A text in which no secret stands: other sides like to repeat what they were sent. */
export function withoutSecrets(text: string, secrets: readonly string[]): string {
  let safe = text;
  for (const secret of [...secrets].sort((a, b) => b.length - a.length))
    if (secret.length > 0)
      for (const form of [secret, encodeURIComponent(secret), Buffer.from(secret).toString('base64')])
        safe = safe.replaceAll(form, '***');
  return safe.length > 300 ? `${safe.slice(0, 299)}…` : safe;
}
