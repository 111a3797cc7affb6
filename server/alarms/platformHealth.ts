import { statfsSync } from 'node:fs';
import type { PlatformHealth } from '#twin/alarm/platformWatch.ts';
import type { PlatformPart } from '#twin/rules/rule.ts';
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
    ...ifKnown('database', () => !database.healthy()),
    // a database that is away keeps it behind, and is told itself
    ...(database.healthy() && ifKnown('history', () => behindMs() > MINUTE)),
    ...ifKnown('chunks', () => unreadable() > 0),
    // the disk of a server of its own is out of sight
    ...(database.kind === 'embedded' && ifKnown('disk', () => isNearlyFull(dataDir))),
    ...ifKnown('channel', () => channels().some(({ state }) => state === 'down')),
  });

/** What cannot be said is not known: alarms of rooms are looked at all the same. */
function ifKnown(part: PlatformPart, inTrouble: () => boolean): PlatformHealth {
  try {
    return { [part]: inTrouble() };
  } catch {
    return {};
  }
}

function isNearlyFull(folder: string): boolean {
  const { bavail, blocks } = statfsSync(folder);
  return bavail < LEAST_FREE * blocks;
}
