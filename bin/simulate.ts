import { readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { RULES, rulesIn } from '#server/alarms/ruleFolder.ts';
import { inWords } from '#sim/scenario/duration.ts';
import { besides, formatIssues, type Issue } from '#sim/scenario/issue.ts';
import { readScenario } from '#sim/scenario/read.ts';
import type { RunReport } from '#sim/scenario/run.ts';
import { MOST_SEED, scenarioJsonSchema } from '#sim/scenario/schema.ts';
import { ProgressBar } from './simulate/bar.ts';
import { Pool } from './simulate/pool.ts';
import { reportNames, writeReport } from './simulate/reports.ts';
import type { Job, Outcome } from './simulate/worker.ts';

interface Options {
  seed?: number;
  json?: boolean;
  report?: string;
  save?: string;
  schema?: boolean;
  rules: string;
}

/** Exit codes: 0 as expected, 1 not as expected, 2 a file that cannot be run, 130 cancelled. */
const program = new Command('simulate')
  .description('Run scenarios on the physics of the demo city and compare them with what they expect.')
  .argument('[file...]', 'scenario files (YAML)')
  .option('--seed <n>', "another seed than the scenario's", seedOf)
  .option('--json', 'print the reports as JSON')
  .option('--rules <folder>', 'alarm rules; the shipped library when absent', RULES)
  .option('--schema', 'print the JSON Schema of scenario files')
  .option('--report <folder>', 'write every report there, as JSON and as a page')
  .option('--save <file>', 'keep the state at the end, for another scenario to go on from')
  .parse();

const options = program.opts<Options>();
if (options.schema) process.stdout.write(`${JSON.stringify(scenarioJsonSchema(), undefined, 2)}\n`);
else if (program.args.length === 0) program.error('error: no scenario file is given');
else if (options.save !== undefined && program.args.length > 1)
  program.error('error: --save keeps the state of one scenario, several are given');
else process.exitCode = await simulate(program.args, options);

async function simulate(
  given: readonly string[],
  { seed, json, report, save, rules }: Options,
): Promise<number> {
  const files: string[] = [];
  const jobs: Job[] = [];
  const wrong: string[] = [];
  for (const file of given) {
    try {
      jobs.push({
        source: readFileSync(file),
        folder: dirname(file),
        save: save !== undefined,
        ...(seed === undefined ? {} : { seed }),
      });
      files.push(file);
    } catch (error) {
      wrong.push(`${file}: it cannot be read: ${(error as Error).message}`);
    }
  }
  for (const one of wrong) console.error(one);
  let soundRules = true;
  try {
    rulesIn(rules, (note) => console.error(note));
  } catch (error) {
    soundRules = false;
    console.error((error as Error).message);
  }
  // names are looked up in a city, which takes seconds to build: what is wrong without one is told before
  const atOnce = jobs.map(({ source }) => readScenario(source).issues);
  let sound = tellIssues(files, atOnce) && wrong.length === 0;
  if (!soundRules || jobs.length === 0) return 2;
  const pool = new Pool(rules);
  const checked = await pool.check(jobs);
  sound =
    tellIssues(
      files,
      checked.map((issues, i) => besides(issues, atOnce[i]!)),
    ) && sound;
  if (!sound) {
    await pool.close();
    return 2;
  }
  let cancelled = false;
  process.on('SIGINT', () => {
    cancelled = true;
    pool.cancel();
  });
  const bar = new ProgressBar(files.length, process.stderr);
  const outcomes = await pool.run(jobs, (run, share) => bar.show(run, share));
  bar.clear();
  const names = reportNames(files);
  let code = 0;
  const reports: RunReport[] = [];
  outcomes.forEach((outcome, i) => {
    code = Math.max(code, tell(files[i]!, outcome, json === true));
    if (!outcome || !('report' in outcome)) return;
    reports.push(outcome.report);
    if (report !== undefined) writeReport(report, names[i]!, outcome.report);
    if (save !== undefined && outcome.state) writeFileSync(save, outcome.state);
  });
  if (json) process.stdout.write(`${JSON.stringify(reports)}\n`);
  return cancelled ? 130 : code;
}

/** Says what is wrong with each file. @returns whether nothing is */
function tellIssues(files: readonly string[], issues: readonly Issue[][]): boolean {
  issues.forEach((list, i) => {
    if (list.length > 0) console.error(formatIssues(files[i]!, list));
  });
  return issues.every((list) => list.length === 0);
}

function tell(file: string, outcome: Outcome | undefined, quiet: boolean): number {
  if (!outcome) return 0;
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
        `  ${met ? '✓' : '✗'} ${that}: ${Number.isFinite(value) ? Number(value.toPrecision(4)) : '–'} (${of}${at < 0 ? '' : `, ${inWords(at)}`})`,
      );
    const { solves, unsolved } = report.mains;
    if (unsolved > 0) console.log(`  ✗ the mains were not solved ${unsolved} of ${solves} times`);
    const { annunciations, stations } = report.alarms;
    console.log(`  ${annunciations} annunciations of ${stations} stations`);
    for (const one of report.warnings ?? []) console.log(`  warning: ${one}`);
  }
  return report.passed ? 0 : 1;
}

function seedOf(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0 || value > MOST_SEED)
    throw new InvalidArgumentError(`not a whole number from 0 to ${MOST_SEED}`);
  return value;
}
