import { statfsSync } from 'node:fs';
import type { ItemHealth, PlatformHealth } from '#twin/alarm/platformWatch.ts';
import type { PlatformPart } from '#twin/rules/rule.ts';
import { MINUTE, SECOND } from '#twin/units.ts';
import type { NotificationChannel } from '#twin/wire/notifications.ts';
import type { Database } from '../database/database.ts';

/** What the server knows of itself. */
export interface PlatformSources {
  database: Pick<Database, 'kind' | 'healthy'>;
  /** age of the oldest frame that is not durable, ms */
  behindMs: () => number;
  /** damaged chunks that reading has met since the start */
  unreadable: () => number;
  channels: () => readonly Pick<NotificationChannel, 'id' | 'state' | 'failures' | 'waiting' | 'downSince'>[];
  /** where an embedded database lies */
  dataDir: string;
}

/** Less of the disk free than this share is nearly full. */
const LEAST_FREE = 0.05;

/** What the alarms of the platform ask for at every look. */
export const platformHealth =
  ({ database, behindMs, unreadable, channels, dataDir }: PlatformSources): (() => PlatformHealth) =>
  () => ({
    ...ifKnown('database', () => whole(!database.healthy())),
    // a database that is away keeps it behind, and is told itself
    ...(database.healthy() && ifKnown('history', () => historyHealth(behindMs()))),
    ...ifKnown('chunks', () => whole(unreadable() > 0, { damagedChunks: unreadable() })),
    // the disk of a server of its own is out of sight
    ...(database.kind === 'embedded' && ifKnown('disk', () => diskHealth(dataDir))),
    ...ifKnown('channel', () =>
      channels().map(({ id, state, failures, waiting, downSince }) => ({
        name: id,
        trouble: state === 'down',
        figures: { downSince, failures, waiting },
      })),
    ),
  });

/** A part that is one thing. */
const whole = (trouble: boolean, figures: ItemHealth['figures'] = {}): ItemHealth[] => [
  { name: '', trouble, figures },
];

const historyHealth = (behind: number): ItemHealth[] =>
  whole(behind > MINUTE, { behindSeconds: Math.round(behind / SECOND) });

/** What cannot be said is not known: alarms of rooms are looked at all the same. */
function ifKnown(part: PlatformPart, health: () => readonly ItemHealth[]): PlatformHealth {
  try {
    return { [part]: health() };
  } catch {
    return {};
  }
}

function diskHealth(folder: string): ItemHealth[] {
  const { bavail, blocks } = statfsSync(folder);
  const free = bavail / blocks;
  return whole(free < LEAST_FREE, { freePercent: Number((100 * free).toFixed(1)) });
}
