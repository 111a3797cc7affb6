import { tmpdir } from 'node:os';
import { expect, it } from 'vitest';
import { type PlatformSources, platformHealth } from '#server/alarms/platformHealth.ts';
import { MINUTE } from '#twin/units.ts';

const well: PlatformSources = {
  database: { kind: 'postgres', healthy: () => true },
  behindMs: () => 700,
  unreadable: () => 0,
  channels: () => [{ state: 'up' }, { state: 'new' }],
  dataDir: tmpdir(),
};

it('says that all is well, and nothing of a disk that is another machine’s', () => {
  expect(platformHealth(well)()).toEqual({ database: false, history: false, chunks: false, channel: false });
});

it('says what is in trouble', () => {
  const ill = {
    ...well,
    behindMs: () => 2 * MINUTE,
    unreadable: () => 1,
    channels: () => [{ state: 'down' as const }],
  };
  expect(platformHealth(ill)()).toEqual({ database: false, history: true, chunks: true, channel: true });
});

it('blames a database that is away, not the history that it keeps waiting', () => {
  const away = {
    ...well,
    database: { kind: 'postgres' as const, healthy: () => false },
    behindMs: () => 2 * MINUTE,
  };
  expect(platformHealth(away)()).toMatchObject({ database: true });
  expect(platformHealth(away)()).not.toHaveProperty('history');
});

it('looks at the disk under an embedded database; one that cannot be read is not known', () => {
  const embedded = { ...well, database: { kind: 'embedded' as const, healthy: () => true } };
  expect(typeof platformHealth(embedded)().disk).toBe('boolean');
  expect(platformHealth({ ...embedded, dataDir: '/nothing/here' })()).not.toHaveProperty('disk');
});

it('knows the rest when one part throws', () => {
  const broken = {
    ...well,
    behindMs: () => {
      throw new Error('closed');
    },
  };
  expect(platformHealth(broken)()).toEqual({ database: false, chunks: false, channel: false });
});
