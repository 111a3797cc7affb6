import { setImmediate as breathe } from 'node:timers/promises';
import { parentPort } from 'node:worker_threads';
import { buildDemoCity, DEMO_SEED } from '#gis/city/city.ts';
import { readXiamenLand } from '#gis/io/land.ts';
import { checkNames } from '#sim/scenario/names.ts';
import { type Issue, readScenario } from '#sim/scenario/read.ts';
import { modelOf, type RunReport, reportOf, startRun, stepRun } from '#sim/scenario/run.ts';

/** What a worker is asked: to run a file's text, or to come to an end where it is. */
export type Ask = { text: string; seed?: number } | 'cancel';

export type Answer =
  | { progress: number }
  | { issues: Issue[] }
  | { report: RunReport; seconds: number }
  | { failure: string };

/** Simulated seconds between two looks at the clock and at what the parent says. */
const STRETCH = 60;
const PROGRESS_EVERY_MS = 200;

const port = parentPort!;
const city = buildDemoCity(DEMO_SEED, readXiamenLand());
const say = (answer: Answer) => port.postMessage(answer);
let cancelled = false;

port.on('message', (ask: Ask) => {
  if (ask === 'cancel') cancelled = true;
  else
    run(ask.text, ask.seed).catch((error: unknown) => {
      say({ failure: error instanceof Error ? error.message : String(error) });
    });
});

async function run(text: string, seed: number | undefined): Promise<void> {
  const { scenario, issues, lineOf } = readScenario(text);
  if (!scenario) return say({ issues });
  if (seed !== undefined) scenario.seed = seed;
  const whole = { stations: city.stations, ...networkNames() };
  const wrong = checkNames(scenario, whole, lineOf);
  if (wrong.length > 0) return say({ issues: wrong });
  const started = performance.now();
  const one = startRun(modelOf(city, scenario), scenario);
  let said = started;
  for (let going = true; going && !cancelled; ) {
    for (let i = 0; i < STRETCH && going; i++) going = stepRun(one);
    if (performance.now() - said < PROGRESS_EVERY_MS) continue;
    said = performance.now();
    say({ progress: one.t / one.length });
    await breathe();
  }
  say({ report: reportOf(one), seconds: (performance.now() - started) / 1000 });
}

function networkNames(): { nodes: Set<string>; works: string[] } {
  return { nodes: new Set(city.network.nodes.map(({ id }) => id)), works: city.works.map(({ id }) => id) };
}
