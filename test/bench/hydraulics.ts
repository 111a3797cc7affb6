import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { buildDemoCity, DEMO_SEED } from '#gis/city/city.ts';
import { readInp } from '#gis/io/inp/read.ts';
import { writeInp } from '#gis/io/inp/write.ts';
import { readXiamenLand } from '#gis/io/land.ts';
import type { Network } from '#gis/network/model.ts';
import { compile } from '#sim/hydraulics/compile.ts';
import { advance, runExtended, solveSteady } from '#sim/hydraulics/extended.ts';
import type { HydraulicState } from '#sim/hydraulics/model.ts';
import { createState, resetState } from '#sim/hydraulics/state.ts';
import { cpuMs, median, round } from '#test/support/figures.ts';
import { epanetThread } from './hydraulics/epanetThread.ts';

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
 * prepared before the clock starts on both sides. Each has a thread of its own, and waits while the other works: memory of
 * WebAssembly that grows, as EPANET's does, makes loops over typed arrays of its thread a quarter slower from then on.
 *
 * @param until s, the end of the extended period; the file's duration by default
 */
async function benchNetwork(name: string, network: Network, until?: number): Promise<HydraulicsBench> {
  const end = until ?? network.times.duration;
  const h = compile(network);
  const theirs = await epanetThread(writeInp(network));
  const state = createState(h);
  const fresh = (): HydraulicState => {
    resetState(h, state);
    return state;
  };
  let iterationsOurs = 0;
  let iterationsTheirs = 0;
  const cold = await medians(
    15,
    () =>
      cpuMs(() => {
        iterationsOurs = solveSteady(h, fresh()).iterations;
      }),
    async () => {
      const { ms, iterations } = await theirs.solve();
      iterationsTheirs = iterations;
      return ms;
    },
  );
  const period = await medians(
    5,
    () => cpuMs(() => runExtended(h, fresh(), { until: end })),
    async () => (await theirs.live(end)).ms,
  );
  solveSteady(h, fresh());
  const warm = median(Array.from({ length: 30 }, () => cpuMs(() => advance(h, state, 1))));
  await theirs.close();
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

/** Each goes first in every other round, so that neither always finds the caches as the other left them. */
async function medians(
  times: number,
  ours: () => number,
  theirs: () => Promise<number>,
): Promise<{ ours: number; theirs: number }> {
  const [a, b]: [number[], number[]] = [[], []];
  for (let i = 0; i < times + 2; i++) {
    const first = i % 2 === 0 ? ours() : await theirs();
    const second = i % 2 === 0 ? await theirs() : ours();
    // The first two rounds warm up both compilers.
    if (i < 2) continue;
    a.push(i % 2 === 0 ? first : second);
    b.push(i % 2 === 0 ? second : first);
  }
  return { ours: median(a), theirs: median(b) };
}

/** `npm run -s bench -- hydraulics [--json] [FILE.inp …]` */
const { positionals } = parseArgs({ allowPositionals: true, options: { json: { type: 'boolean' } } });
process.stdout.write(`${JSON.stringify(await benchHydraulics(positionals.slice(1)), undefined, 2)}\n`);
