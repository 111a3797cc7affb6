import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { parse as parseCsv } from 'csv-parse/sync';
import { parse as parseYaml } from 'yaml';
import { z } from 'zod';
import { RULES, rulesIn } from '#server/alarms/ruleFolder.ts';
import { type Mapping, mappingIssues, mappingSchema } from '#twin/backtest/mapping.ts';
import { readingsOf } from '#twin/backtest/readings.ts';
import { replayAlarms } from '#twin/backtest/replay.ts';
import { parseDuration } from '#twin/rules/units.ts';

/** npm run -s backtest -- telemetry.csv --mapping mapping.yaml [--rules DIR] [--json] */

const program = new Command('backtest')
  .description("What alarm rules would have raised over somebody's recorded telemetry.")
  .argument('<csv>', 'the recording, wide (a column per point) or long (a row per value)')
  .requiredOption('--mapping <yaml>', 'which columns are what, and in which units')
  .option('--rules <folder>', 'rule files; the shipped library when absent', RULES)
  .option('--json', 'the alarm log as JSON')
  .parse();

try {
  backtest(program.args[0]!, program.opts());
} catch (problem) {
  console.error(problem instanceof Error ? problem.message : problem);
  process.exitCode = 1;
}

function backtest(csv: string, options: { mapping: string; rules: string; json?: boolean }): void {
  const rules = rulesIn(options.rules);
  const mapping = readMapping(options.mapping);
  const rows = parseCsv(readFileSync(csv), { columns: true, bom: true, skip_empty_lines: true, trim: true });
  const { readings, rejected } = readingsOf(rows as Record<string, string>[], mapping);
  if (readings.length === 0)
    throw new Error(`${csv}: no row could be used: ${JSON.stringify(rejected)} rejected, by reason`);
  const interval = 1000 * parseDuration(mapping.interval)!;
  const log = replayAlarms(rules, mapping.stations, readings, interval);
  const summary = {
    from: iso(readings[0]!.time),
    to: iso(readings.at(-1)!.time),
    stations: Object.keys(mapping.stations).length,
    rules: rules.length,
    readings: readings.length,
    rejected,
    annunciations: log.filter(({ annunciates }) => annunciates).length,
    hash: createHash('sha256').update(JSON.stringify(log)).digest('hex').slice(0, 16),
  };
  if (options.json) {
    const lines = log.map((event) => ({ ...event, time: iso(event.time) }));
    process.stdout.write(`${JSON.stringify({ ...summary, log: lines }, null, 1)}\n`);
    return;
  }
  for (const { time, kind, rule, station, spot, priority } of log)
    process.stdout.write(`${iso(time)}  ${kind.padEnd(12)} ${priority}  ${rule}  ${station} ${spot}\n`);
  process.stdout.write(`${JSON.stringify(summary)}\n`);
}

function iso(time: number): string {
  return new Date(time).toISOString();
}

function readMapping(path: string): Mapping {
  const parsed = mappingSchema.safeParse(parseYaml(readFileSync(path, 'utf8')));
  const issues = parsed.success ? mappingIssues(parsed.data) : [z.prettifyError(parsed.error)];
  if (issues.length > 0) throw new Error(`${path}:\n${issues.join('\n')}`);
  return parsed.data!;
}
