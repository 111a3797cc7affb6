import { statfsSync } from 'node:fs';
import type { PlatformHealth } from '#twin/alarm/platformWatch.ts';
import { MINUTE } from '#twin/units.ts';
import type { NotificationChannel } from '#twin/wire/notifications.ts';
import type { Database } from '../database/database.ts';

/** What the server knows of itself. */
export interface PlatformSources {
  database: Pick<Database, 'kind' | 'healthy'>;
  /** age of the oldest frame that is not durable, ms */
  behindMs: () => number;
  /** damaged chunks that reading has met since the start */
  unreadable: () => number;
  channels: () => readonly Pick<NotificationChannel, 'state'>[];
  /** where an embedded database lies */
  dataDir: string;
}

/** Less of the disk free than this share is nearly full. */
const LEAST_FREE = 0.05;

/** What the alarms of the platform ask for at every look. */
export const platformHealth =
  ({ database, behindMs, unreadable, channels, dataDir }: PlatformSources): (() => PlatformHealth) =>
  () => ({
    database: !database.healthy(),
    // a database that is away keeps it behind, and is told itself
    ...(database.healthy() && { history: behindMs() > MINUTE }),
    chunks: unreadable() > 0,
    // the disk of a server of its own is out of sight
    ...(database.kind === 'embedded' && diskOf(dataDir)),
    channel: channels().some(({ state }) => state === 'down'),
  });

function diskOf(folder: string): PlatformHealth {
  try {
    const { bavail, blocks } = statfsSync(folder);
    return { disk: bavail < LEAST_FREE * blocks };
  } catch {
    return {};
  }
}
