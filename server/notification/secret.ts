import type { Secret } from '#twin/notification/file.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** A secret as it is. @throws Error that names the variable which is not set */
export function revealed(secret: Secret, env: Env): string {
  if (typeof secret === 'string') return secret;
  const value = env[secret.env];
  if (!value) throw new Error(`the environment variable ${secret.env} is not set`);
  return value;
}

/** An address that is a secret, as far as HTTP can use it. @throws Error that does not show it */
export function addressOf(secret: Secret, env: Env): URL {
  const text = revealed(secret, env);
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url?.protocol !== 'http:' && url?.protocol !== 'https:')
    throw new Error('its url is no address that begins with https:// or http://');
  if (url.username || url.password) throw new Error('its url holds a user or password: use "token"');
  return url;
}

/** Every part of an address that may be a key. */
export const secretsIn = (url: URL): string[] => [
  url.href,
  `${url.pathname}${url.search}`,
  ...[...url.searchParams.values()].filter((value) => value.length >= 4),
  ...url.pathname.split('/').filter((part) => part.length >= 12),
];
