import { describe, expect, test } from 'vitest';
import { mosquittoPath } from '#test/support/mosquitto.ts';
import { postgresPrograms } from '#test/support/postgres.ts';
import type { Pair } from '../verify/reliability/outage.ts';
import { outagesNamed } from '../verify/reliability/rows.ts';
import { runOutages } from '../verify/reliability/run.ts';

/**
 * Values are produced once they are synced in a gateway's queue. Whatever fails, each must be in the history, once,
 * with its own time and value. These are the quickest rows of `npm run verify -- reliability`.
 */
const ROWS = 'database-away,server-killed,gateways-killed';
const STATIONS = 12;
/** A station reports some thirty values every two seconds, and every row lasts longer than that. */
const LEAST = STATIONS * 100;

const PAIRS: { pair: Pair; installed: boolean }[] = [
  { pair: 'embedded', installed: true },
  { pair: 'servers', installed: mosquittoPath() !== undefined && postgresPrograms() !== undefined },
];

describe.each(PAIRS)('$pair', ({ pair, installed }) => {
  test.skipIf(!installed)(
    'nothing is lost when database, server and gateways fail one after the other',
    async () => {
      const rows = await runOutages({
        form: 'short',
        outages: outagesNamed(ROWS),
        pairs: [pair],
        stations: STATIONS,
        say: () => {},
      });
      expect(rows.map(({ row }) => row).join()).toBe(ROWS);
      for (const { row, produced, stored, lost, doubled, wrong, figures, examples } of rows) {
        expect({ row, lost, doubled, wrong, failed: figures.failed, examples }).toEqual({
          row,
          lost: 0,
          doubled: 0,
          wrong: 0,
        });
        expect(stored).toBe(produced);
        expect(produced).toBeGreaterThan(LEAST);
      }
    },
    400_000,
  );
});
