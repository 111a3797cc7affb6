import { parseArgs } from 'node:util';
import type { Form, Pair } from './outage.ts';
import { outagesNamed } from './rows.ts';
import { runOutages } from './run.ts';
import { shortcomings } from './shortcomings.ts';

const STATIONS: Record<Form, number> = { long: 2100, short: 12 };

/**
 * The command line of both forms: [--rows a,b] [--pairs servers,embedded] [--stations N] [--scale X]
 * [--seed N] [--json]. `scale` is a factor on how long everything lasts.
 */
export async function runReliability(form: Form): Promise<never> {
  const { values: options } = parseArgs({
    allowPositionals: true,
    options: {
      json: { type: 'boolean' },
      rows: { type: 'string' },
      pairs: { type: 'string', default: 'servers,embedded' },
      stations: { type: 'string', default: String(STATIONS[form]) },
      scale: { type: 'string', default: '1' },
      seed: { type: 'string' },
    },
  });
  const rows = await runOutages({
    form,
    outages: outagesNamed(options.rows),
    pairs: options.pairs.split(',') as Pair[],
    stations: Number(options.stations),
    scale: Number(options.scale),
    ...(options.seed && { seed: Number(options.seed) }),
    say: (text) => void process.stderr.write(`${text}\n`),
    onRow: (row) => void process.stderr.write(`${JSON.stringify(row)}\n`),
  });
  for (const row of rows)
    for (const what of shortcomings(row)) process.stderr.write(`${row.row}, ${row.broker}: ${what}\n`);
  const result = { form, date: new Date().toISOString().slice(0, 10), rows };
  process.stdout.write(`${JSON.stringify(result, null, options.json ? 0 : 2)}\n`);
  process.exit(rows.some((row) => shortcomings(row).length > 0) ? 1 : 0);
}
