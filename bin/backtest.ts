import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { RULES, rulesIn } from '#server/alarms/ruleFolder.ts';
import { formatIssues } from '#sim/scenario/issue.ts';
import { columnFaults, columnsWanted } from '#twin/backtest/columns.ts';
import { areasOf, type Mapping, mappingJsonSchema } from '#twin/backtest/mapping.ts';
import {
  REASONS,
  type Readings,
  type Reason,
  type Recording,
  type Rejection,
  readingsOf,
} from '#twin/backtest/readings.ts';
import { type MappingText, readMapping } from '#twin/backtest/readMapping.ts';
import { replayAlarms } from '#twin/backtest/replay.ts';
import { parseDuration } from '#twin/rules/units.ts';
import { BinaryError } from '#twin/text/decode.ts';
import { recordingIn } from './backtest/recording.ts';

/** npm run -s backtest -- telemetry.csv --mapping mapping.yaml [--rules DIR] [--json] */

const program = new Command('backtest')
  .description("What alarm rules would have raised over somebody's recorded telemetry.")
  .argument('[csv]', 'the recording, wide (a column per point) or long (a row per value)')
  .option('--mapping <yaml>', 'which columns are what, and in which units')
  .option('--rules <folder>', 'rule files; the shipped library when absent', RULES)
  .option('--json', 'the alarm log as JSON')
  .option('--schema', 'print the JSON Schema of mappings')
  .parse();

interface Asked {
  mapping?: string;
  rules: string;
  json?: boolean;
  schema?: boolean;
}

const options = program.opts<Asked>();
const [csv] = program.args;
if (options.schema) process.stdout.write(`${JSON.stringify(mappingJsonSchema(), undefined, 2)}\n`);
else if (csv === undefined) program.error('name the recording, a CSV file');
else if (options.mapping === undefined)
  program.error('name the mapping of its columns: --mapping mapping.yaml (docs/backtest.md)');
else
  try {
    backtest(csv, { ...options, mapping: options.mapping });
  } catch (problem) {
    console.error(problem instanceof Error ? problem.message : problem);
    process.exitCode = 1;
  }

function backtest(csv: string, options: Asked & { mapping: string }): void {
  const rules = rulesIn(options.rules, (note) => console.error(note));
  const text = readMapping(bytesOf(options.mapping));
  const { mapping } = text;
  if (mapping === null) throw new Error(formatIssues(options.mapping, text.issues));
  const recording = recordingOf(csv, mapping);
  checkColumns(csv, recording, options.mapping, text);
  const { readings, rejected, unseen } = readingsOf(recording, mapping);
  for (const note of notesOf(csv, rejected)) console.error(note);
  for (const [what, names] of Object.entries(unseen))
    if (names.length > 0) console.error(`${csv}: nothing of the ${what} ${names.join(', ')}`);
  if (readings.length === 0) throw new Error(`${csv}: no row could be used`);
  const interval = 1000 * parseDuration(mapping.interval)!;
  const stations = Object.fromEntries(
    Object.entries(mapping.stations).map(([code, { template }]) => [code, template]),
  );
  const log = replayAlarms(rules, stations, readings, { interval, areaOf: areasOf(mapping) });
  const summary = {
    from: iso(readings[0]!.time),
    to: iso(readings.at(-1)!.time),
    stations: Object.keys(stations).length,
    rules: rules.length,
    readings: readings.length,
    rejected: Object.fromEntries(REASONS.map((reason) => [reason, rejected[reason]?.count ?? 0])),
    firstRejected: Object.fromEntries(
      Object.entries(rejected).map(([reason, { line, said }]) => [reason, { line, said }]),
    ),
    unseen,
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

function bytesOf(path: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch (error) {
    throw new Error(`${path}: cannot be read: ${(error as Error).message}`);
  }
}

function recordingOf(csv: string, mapping: Mapping): Recording {
  const bytes = bytesOf(csv);
  const { separator = null } = mapping;
  const wanted = columnsWanted(mapping).map(({ column }) => column);
  try {
    return recordingIn(bytes, separator === 'tab' ? '\t' : separator, wanted);
  } catch (error) {
    const hint = error instanceof BinaryError ? '; save a workbook as CSV first' : '';
    throw new Error(`${csv}: ${(error as Error).message}${hint}`);
  }
}

function checkColumns(csv: string, { columns }: Recording, file: string, text: MappingText): void {
  const issues = columnFaults(text.mapping!, columns).map((fault) => ({
    ...fault,
    line: text.lineOf(fault.path),
  }));
  if (issues.length > 0) throw new Error(`${formatIssues(file, issues)}\nThe recording is ${csv}.`);
}

const WHY: Readonly<Record<Reason, (said: string) => string>> = {
  row: (said) => said,
  time: (said) =>
    `${said} is no time, which begins with the year (or is a number: format: epoch-s, epoch-ms)`,
  station: (said) => `${said} is not among the stations of the mapping`,
  point: (said) => `${said} is not among the points of the mapping`,
  number: (said) => `${said} is no number; the column's "values" say what words stand for`,
};

function notesOf(csv: string, rejected: Readings['rejected']): string[] {
  return Object.entries(rejected).map(([reason, { count, line, said }]: [string, Rejection]) => {
    const why = WHY[reason as Reason](reason === 'row' ? said : JSON.stringify(said));
    return `${csv}:${line}: ${why} (left out: ${count})`;
  });
}
