import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { inWords } from '#sim/scenario/duration.ts';
import { formatIssues, readScenario } from '#sim/scenario/read.ts';
import type { RunReport } from '#sim/scenario/run.ts';
import { scenarioJsonSchema } from '#sim/scenario/schema.ts';
import { ProgressBar } from './simulate/bar.ts';
import { reportPage } from './simulate/page.ts';
import { type Outcome, Pool } from './simulate/pool.ts';

interface Options {
  seed?: number;
  json?: boolean;
  report?: string;
  schema?: boolean;
}

/** Exit codes: 0 as expected, 1 not as expected, 2 a file that cannot be run, 130 cancelled. */
const program = new Command('simulate')
  .description('Run scenarios on the physics of the demo city and compare them with what they expect.')
  .argument('[file...]', 'scenario files (YAML)')
  .option('--seed <n>', "another seed than the scenario's", wholeNumber)
  .option('--json', 'print the reports as JSON')
  .option('--schema', 'print the JSON Schema of scenario files')
  .option('--report <folder>', 'write every report there, as JSON and as a page')
  .parse();

const options = program.opts<Options>();
if (options.schema) process.stdout.write(`${JSON.stringify(scenarioJsonSchema(), undefined, 2)}\n`);
else if (program.args.length === 0) program.error('error: no scenario file is given');
else process.exitCode = await simulate(program.args, options);

async function simulate(files: readonly string[], { seed, json, report }: Options): Promise<number> {
  const texts: string[] = [];
  const wrong: string[] = [];
  for (const file of files) {
    try {
      texts.push(readFileSync(file, 'utf8'));
    } catch (error) {
      wrong.push((error as Error).message);
      continue;
    }
    const { issues } = readScenario(texts.at(-1)!);
    if (issues.length > 0) wrong.push(formatIssues(file, issues));
  }
  if (wrong.length > 0) {
    console.error(wrong.join('\n'));
    return 2;
  }
  const pool = new Pool();
  let cancelled = false;
  process.on('SIGINT', () => {
    cancelled = true;
    pool.cancel();
  });
  const bar = new ProgressBar(files.length, process.stderr);
  const outcomes = await pool.run(texts, seed, (run, share) => bar.show(run, share));
  bar.clear();
  let code = 0;
  const reports: RunReport[] = [];
  outcomes.forEach((outcome, i) => {
    code = Math.max(code, tell(files[i]!, outcome, json === true));
    if (!outcome || !('report' in outcome)) return;
    reports.push(outcome.report);
    if (report !== undefined) write(report, files[i]!, outcome.report);
  });
  if (json) process.stdout.write(`${JSON.stringify(reports)}\n`);
  return cancelled ? 130 : code;
}

function tell(file: string, outcome: Outcome | undefined, quiet: boolean): number {
  if (!outcome) return 0;
  if ('issues' in outcome) {
    console.error(formatIssues(file, outcome.issues));
    return 2;
  }
  if ('failure' in outcome) {
    console.error(`${file}: ${outcome.failure}`);
    return 2;
  }
  const { report, seconds } = outcome;
  if (!quiet) {
    const pace = `${inWords(report.length)} in ${seconds.toFixed(1)} s (${(report.length / seconds).toFixed(0)}×)`;
    console.log(`${report.passed ? '✓' : '✗'} ${report.scenario.name.en}: ${pace}, ${report.hash}`);
    for (const { that, met, value, of, at } of report.verdicts)
      console.log(
        `  ${met ? '✓' : '✗'} ${that}: ${Number(value.toPrecision(4))} (${of}${at < 0 ? '' : `, ${inWords(at)}`})`,
      );
  }
  return report.passed ? 0 : 1;
}

function write(folder: string, file: string, report: RunReport): void {
  mkdirSync(folder, { recursive: true });
  const name = basename(file).replace(/\.ya?ml$/, '');
  writeFileSync(join(folder, `${name}.json`), `${JSON.stringify(report, undefined, 1)}\n`);
  writeFileSync(join(folder, `${name}.html`), reportPage(report));
}

function wholeNumber(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0)
    throw new InvalidArgumentError('not a whole number of 0 or more');
  return value;
}
