import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { InitHydOption, Project, StatusReport, Workspace } from 'epanet-js';
import { buildDemoCity, DEMO_SEED } from '#gis/city/city.ts';
import { readInp } from '#gis/io/inp/read.ts';
import { writeInp } from '#gis/io/inp/write.ts';
import { readXiamenLand } from '#gis/io/land.ts';
import type { Network } from '#gis/network/model.ts';
import { compile } from '#sim/hydraulics/compile.ts';
import { advance, runExtended, solveSteady } from '#sim/hydraulics/extended.ts';
import type { HydraulicState } from '#sim/hydraulics/model.ts';
import { createState, resetState } from '#sim/hydraulics/state.ts';
import { median, round } from './figures.ts';

interface HydraulicsBench {
  name: string;
  nodes: number;
  /** times of EPANET over ours: one solve from the start state, and the whole period */
  coldSolveRatio: number;
  extendedPeriodRatio: number;
  /** of one cold solve */
  iterationsOurs: number;
  iterationsTheirs: number;
  /** one second on, from a solved state */
  warmStepMs: number;
  coldSolveMs: number;
  extendedPeriodMs: number;
}

/**
 * Our solver beside EPANET 2.3.5 (epanet-js), in one run, at the file's accuracy, with all status logic; medians
 * of the CPU times of alternating repetitions, neither side writing reports. Ordering and factor structure are
 * prepared before the clock starts on both sides.
 *
 * @param until s, the end of the extended period; the file's duration by default
 */
async function benchNetwork(name: string, network: Network, until?: number): Promise<HydraulicsBench> {
  const end = until ?? network.times.duration;
  const h = compile(network);
  const theirs = await openEpanet(writeInp(network));
  const state = createState(h);
  const fresh = (): HydraulicState => {
    resetState(h, state);
    return state;
  };
  let iterationsOurs = 0;
  let iterationsTheirs = 0;
  const cold = medians(
    15,
    () => {
      iterationsOurs = solveSteady(h, fresh()).iterations;
    },
    () => {
      theirs.initH(InitHydOption.InitFlow);
      theirs.runH();
      iterationsTheirs = theirs.getStatistic(0);
    },
  );
  const period = medians(
    5,
    () => runExtended(h, fresh(), { until: end }),
    () => {
      theirs.initH(InitHydOption.InitFlow);
      for (;;) {
        const t = theirs.runH();
        if (t >= end || theirs.nextH() === 0) break;
      }
    },
  );
  solveSteady(h, fresh());
  const warm = median(Array.from({ length: 30 }, () => milliseconds(() => advance(h, state, 1))));
  theirs.close();
  return {
    name,
    nodes: network.nodes.length,
    coldSolveRatio: round(cold.theirs / cold.ours),
    extendedPeriodRatio: round(period.theirs / period.ours),
    iterationsOurs,
    iterationsTheirs,
    warmStepMs: round(warm),
    coldSolveMs: round(cold.ours),
    extendedPeriodMs: round(period.ours),
  };
}

/** The benchmark networks that are at hand, and any given input files. */
async function benchHydraulics(files: readonly string[]): Promise<{ networks: HydraulicsBench[] }> {
  const shared = fileURLToPath(new URL('../../../shared/networks/', import.meta.url));
  const known: [string, number?][] = [['BWSN2', 26 * 3600], ['Vitens25k'], ['Net6']];
  const networks: HydraulicsBench[] = [];
  for (const [name, until] of known) {
    const path = `${shared}${name}.inp`;
    if (existsSync(path)) networks.push(await benchNetwork(name, readInp(readFileSync(path)).network, until));
  }
  networks.push(await benchNetwork('demo city', buildDemoCity(DEMO_SEED, readXiamenLand()).network));
  for (const path of files) networks.push(await benchNetwork(path, readInp(readFileSync(path)).network));
  return { networks };
}

async function openEpanet(text: string): Promise<Project> {
  const workspace = new Workspace();
  await workspace.loadModule();
  workspace.writeFile('network.inp', text);
  const project = new Project(workspace);
  project.open('network.inp', 'network.rpt', '');
  // Vitens25k asks for a line on every trial.
  project.setStatusReport(StatusReport.NoReport);
  project.openH();
  return project;
}

/** Each goes first in every other round, so that neither always finds the caches as the other left them. */
function medians(times: number, ours: () => void, theirs: () => void): { ours: number; theirs: number } {
  const [a, b]: [number[], number[]] = [[], []];
  for (let i = 0; i < times + 2; i++) {
    const first = i % 2 === 0 ? milliseconds(ours) : milliseconds(theirs);
    const second = i % 2 === 0 ? milliseconds(theirs) : milliseconds(ours);
    // The first two rounds warm up both compilers.
    if (i < 2) continue;
    a.push(i % 2 === 0 ? first : second);
    b.push(i % 2 === 0 ? second : first);
  }
  return { ours: median(a), theirs: median(b) };
}

/** CPU time of this process, which other work on the machine lengthens less than the clock's. */
function milliseconds(work: () => void): number {
  const start = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000;
}

/** `npm run -s bench -- hydraulics [--json] [FILE.inp …]` */
const { positionals } = parseArgs({ allowPositionals: true, options: { json: { type: 'boolean' } } });
// EPANET's warnings go to the console; the answer alone goes to standard output
console.warn = () => {};
process.stdout.write(`${JSON.stringify(await benchHydraulics(positionals.slice(1)), undefined, 2)}\n`);
