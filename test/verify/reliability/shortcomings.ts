import { OUTAGES } from './rows.ts';
import type { Row } from './run.ts';

/** What a row fell short of, a line each; nothing for one that was not run, which says so itself. */
export function shortcomings({ row, notRun, produced, lost, doubled, wrong, figures }: Row): string[] {
  if (notRun !== undefined) return [];
  const short: string[] = [];
  if (produced === 0) short.push('nothing was produced, which shows nothing');
  for (const [what, count] of Object.entries({ lost, doubled, wrong }))
    if (count > 0) short.push(`${count} ${what}`);
  if ('failed' in figures) short.push(String(figures.failed));
  const { atMost = {} } = OUTAGES.find((outage) => outage.row === row)!;
  for (const [name, most] of Object.entries(atMost)) {
    const figure = figures[name];
    // NaN is more than any
    if (typeof figure === 'number' && !(figure <= most))
      short.push(`${name} is ${figure} of at most ${most}`);
  }
  return short;
}
