import type { Book } from '#twin/notification/book.ts';
import type { ChannelText } from '#twin/notification/file.ts';
import type { Channel } from './channel.ts';
import { dingtalk, wecom } from './robots.ts';
import { addressOf, revealed } from './secret.ts';
import { smtp } from './smtp.ts';
import { webhook } from './webhook.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** The channels of a book, ready to send. @throws Error that names the channel whose secret or address is missing */
export function openChannels({ channels }: Book, env: Env, now: () => number): Map<string, Channel> {
  const open = new Map<string, Channel>();
  for (const [id, text] of channels) {
    try {
      open.set(id, openChannel(text, env, now));
    } catch (error) {
      throw new Error(`channel ${id}: ${(error as Error).message}`);
    }
  }
  return open;
}

function openChannel(text: ChannelText, env: Env, now: () => number): Channel {
  switch (text.kind) {
    case 'smtp':
      return smtp(text, text.password && revealed(text.password, env));
    case 'wecom':
      return wecom(addressOf(text.url, env));
    case 'dingtalk':
      return dingtalk(addressOf(text.url, env), text.secret && revealed(text.secret, env), now);
    case 'webhook':
      return webhook(addressOf(text.url, env), text.token && revealed(text.token, env));
  }
}
