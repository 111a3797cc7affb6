import { once } from 'node:events';
import { Command, InvalidArgumentError } from 'commander';
import { readInpFile } from '#gis/io/inp/file.ts';
import { InpError, type InpIssue, TOLD } from '#gis/io/inp/issues.ts';
import { compile } from '#sim/hydraulics/compile.ts';
import { energyReport } from '#sim/hydraulics/energy.ts';
import { solveSteady, stepTo } from '#sim/hydraulics/extended.ts';
import type { HydraulicState, Hydraulics, SolveReport } from '#sim/hydraulics/model.ts';
import { reportStep, reportUnits, stepWarnings } from '#sim/hydraulics/report.ts';
import { createState } from '#sim/hydraulics/state.ts';

/** Below the finest, flows move by rounding alone; the coarsest is EPANET's. */
const FINEST = 1e-9;
const COARSEST = 0.1;

interface Options {
  json?: boolean;
  accuracy?: number;
  until?: number;
}

const program = new Command('solve')
  .description(
    'Solve an EPANET input file and print heads, pressures, flows and statuses at its reporting steps.',
  )
  .argument('<file>', 'EPANET input file (.inp)')
  .option('--json', 'print every reporting step as JSON, in the units of the file')
  .option('--accuracy <share>', 'change of flows that counts as none, as a share of them', accuracyOf)
  .option('--until <seconds>', "end of the run; the file's duration by default", secondsOf);
program.parse();

try {
  await solve(program.args[0]!, program.opts<Options>());
} catch (problem) {
  const message = problem instanceof Error ? problem.message : String(problem);
  const { errors, count } = mistakesOf(problem, message);
  console.error(message);
  if (program.opts<Options>().json) await print(`${JSON.stringify({ error: message, errors, count })}\n`);
  else if (count > TOLD) console.error(`all of them as JSON: npm run -s solve -- ${program.args[0]} --json`);
  process.exitCode = 1;
}

/** Everything that is wrong, by line (0: the file as a whole); of very many the first, and how many there are. */
function mistakesOf(problem: unknown, message: string): { errors: readonly InpIssue[]; count: number } {
  if (problem instanceof InpError) return { errors: problem.issues, count: problem.count };
  const errors = message.split('\n').map((cause) => ({ line: 0, cause }));
  return { errors, count: errors.length };
}

async function solve(file: string, options: Options): Promise<void> {
  const { network, warnings } = readInpFile(file);
  const h = compile(network);
  const s = createState(h);
  const until = options.until ?? h.times.duration;
  const { reportStart, reportStep: every } = h.times;
  const accuracy = options.accuracy === undefined ? {} : { accuracy: options.accuracy };
  const seen = new Set(warnings);
  let steps = 0;
  let iterations = 0;
  if (options.json) await print(`{"units":${JSON.stringify(reportUnits(h))},"steps":[`);
  let error = '';
  try {
    for (;;) {
      const solved = solveSteady(h, s, accuracy);
      iterations += solved.iterations;
      for (const warning of stepWarnings(h, s, solved)) seen.add(warning);
      if (s.time >= reportStart && (s.time - reportStart) % every === 0) {
        if (options.json) await print(`${steps > 0 ? ',' : ''}\n${JSON.stringify(reportStep(h, s, solved))}`);
        else await print(line(s, solved));
        steps++;
      }
      if (s.time >= until) break;
      const toReport = s.time < reportStart ? reportStart - s.time : every - ((s.time - reportStart) % every);
      stepTo(h, s, Math.min(h.times.hydraulicStep, toReport, until - s.time));
    }
  } catch (problem) {
    if (!(problem instanceof RangeError)) throw problem;
    // what was printed so far stays readable
    error = `at ${s.time} s: ${problem.message}`;
  }
  const all = [...seen];
  if (error) {
    console.error(error);
    process.exitCode = 1;
  }
  if (options.json)
    await print(`\n],"warnings":${JSON.stringify(all)}${error && `,"error":${JSON.stringify(error)}`}}\n`);
  else
    await print(
      `${steps} steps, ${iterations} iterations\n${energyLines(h, s)}${all.map((text) => `warning: ${text}\n`).join('')}`,
    );
}

function line(s: HydraulicState, solved: SolveReport): string {
  const state = solved.converged ? 'converged' : `not converged: ${solved.cause}`;
  const cut = solved.cutOff.length > 0 ? `, ${solved.cutOff.length} nodes cut off` : '';
  return `${s.time} s: ${solved.iterations} iterations, ${state}${cut}\n`;
}

/** What each pump that ran has used, a line each. */
function energyLines(h: Hydraulics, s: HydraulicState): string {
  return energyReport(h, s)
    .filter(({ kWh }) => kWh > 0)
    .map(
      ({ pump, kWh, cost, utilization, efficiency, peakKW }) =>
        `pump ${pump}: ${kWh.toFixed(1)} kWh, cost ${cost.toFixed(2)}, on line ${utilization.toFixed(0)} %, efficiency ${efficiency.toFixed(0)} %, at most ${peakKW.toFixed(1)} kW\n`,
    )
    .join('');
}

/** A day of a large network is more text than a pipe takes at once. */
async function print(text: string): Promise<void> {
  if (!process.stdout.write(text)) await once(process.stdout, 'drain');
}

function secondsOf(text: string): number {
  const value = numberIn(text);
  if (!(value >= 0)) throw new InvalidArgumentError('Not a number of seconds, 0 or more.');
  return value;
}

function accuracyOf(text: string): number {
  const value = numberIn(text);
  if (!(value >= FINEST && value <= COARSEST))
    throw new InvalidArgumentError(`Not a number from ${FINEST} to ${COARSEST}.`);
  return value;
}

/** NaN where there is none: an empty text is none either. */
function numberIn(text: string): number {
  const value = text.trim() === '' ? Number.NaN : Number(text);
  return Number.isFinite(value) ? value : Number.NaN;
}
