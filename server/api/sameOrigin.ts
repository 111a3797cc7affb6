import type { IncomingHttpHeaders } from 'node:http';

const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]']);

/** Whether an address to listen on is this machine's own. */
export const isLoopback = (host: string): boolean => LOOPBACK.has(host) || host === '::1';

/**
 * Whether a request is meant for us and comes from a page of ours. Without people and rights, a server on this machine
 * must not be read or written by whatever page its user has open: another origin is refused, and so is a foreign name
 * that was made to point here (DNS rebinding). `local`: we listen on this machine's own address.
 */
export function isSameOrigin({ host = '', origin }: IncomingHttpHeaders, local: boolean): boolean {
  const name = /^(\[[^\]]*\]|[^:]*)(:\d+)?$/.exec(host)?.[1];
  if (name === undefined || (local && !LOOPBACK.has(name))) return false;
  if (origin === undefined) return true;
  return URL.canParse(origin) && new URL(origin).host === host;
}
