import { tmpdir } from 'node:os';
import { expect, it } from 'vitest';
import { type PlatformSources, platformHealth } from '#server/alarms/platformHealth.ts';
import { MINUTE } from '#twin/units.ts';

const channel = (id: string, state: 'up' | 'new' | 'down') => ({
  ...{ id, state, failures: 0, waiting: 0, downSince: null },
});
const well: PlatformSources = {
  database: { kind: 'postgres', healthy: () => true },
  behindMs: () => 700,
  unreadable: () => 0,
  channels: () => [channel('mail', 'up'), channel('duty', 'new')],
  dataDir: tmpdir(),
};

/** Names of what is in trouble, by part; '' is the part as a whole. */
const troubles = (sources: PlatformSources) =>
  Object.fromEntries(
    Object.entries(platformHealth(sources)()).map(([part, items]) => [
      part,
      items.filter(({ trouble }) => trouble).map(({ name }) => name),
    ]),
  );

it('says that all is well, and nothing of a disk that is another machine’s', () => {
  expect(troubles(well)).toEqual({ database: [], history: [], chunks: [], channel: [] });
});

it('says what is in trouble', () => {
  const ill = {
    ...well,
    behindMs: () => 2 * MINUTE,
    unreadable: () => 1,
    channels: () => [
      channel('mail', 'up'),
      { ...channel('duty', 'down'), failures: 7, waiting: 3, downSince: 5 },
    ],
  };
  expect(troubles(ill)).toEqual({ database: [], history: [''], chunks: [''], channel: ['duty'] });
  const { history, channel: channels } = platformHealth(ill)();
  expect(history![0]!.figures).toEqual({ behindSeconds: 120 });
  expect(channels![1]!.figures).toEqual({ downSince: 5, failures: 7, waiting: 3 });
});

it('blames a database that is away, not the history that it keeps waiting', () => {
  const away = {
    ...well,
    database: { kind: 'postgres' as const, healthy: () => false },
    behindMs: () => 2 * MINUTE,
  };
  expect(troubles(away)).toMatchObject({ database: [''] });
  expect(platformHealth(away)()).not.toHaveProperty('history');
});

it('looks at the disk under an embedded database; one that cannot be read is not known', () => {
  const embedded = { ...well, database: { kind: 'embedded' as const, healthy: () => true } };
  expect(platformHealth(embedded)().disk![0]!.figures!.freePercent).toBeGreaterThan(0);
  expect(platformHealth({ ...embedded, dataDir: '/nothing/here' })()).not.toHaveProperty('disk');
});

it('knows the rest when one part throws', () => {
  const broken = {
    ...well,
    behindMs: () => {
      throw new Error('closed');
    },
  };
  expect(troubles(broken)).toEqual({ database: [], chunks: [], channel: [] });
});
