import { setImmediate as breathe } from 'node:timers/promises';
import { parentPort } from 'node:worker_threads';
import { buildDemoCity, DEMO_SEED } from '#gis/city/city.ts';
import { readXiamenLand } from '#gis/io/land.ts';
import { rulesIn } from '#server/alarms/ruleFolder.ts';
import { prepareScenario } from '#server/runs/prepare.ts';
import { threadData } from '#server/threads.ts';
import type { CityDrawing } from '#sim/city/build.ts';
import { formatIssues, type Issue } from '#sim/scenario/issue.ts';
import { packRun } from '#sim/scenario/pack.ts';
import { modelOf, type RunReport, reportOf, saveRun, startRun, stepRun } from '#sim/scenario/run.ts';
import { WatchThread } from './watchThread.ts';

/**
 * A file to run: what is in it, the folder it lies in; `save`: the state at the end is wanted; `apart`: there is a core to
 * spare, that alarms may be looked for on.
 */
export interface Job {
  source: Uint8Array;
  folder: string;
  seed?: number;
  save?: boolean;
  apart?: boolean;
}

/** What a worker is asked: what is wrong with files, to run one, or to come to an end where it is. */
export type Ask = { check: readonly Job[] } | Job | 'cancel';

/** How a run came out: a report, or what went wrong. */
export type Outcome = { report: RunReport; seconds: number; state: Uint8Array | null } | { failure: string };

export type Answer = { progress: number } | { checked: Issue[][] } | Outcome;

/** Simulated seconds between two looks at the clock and at what the parent says. */
const STRETCH = 60;
const PROGRESS_EVERY_MS = 200;

const port = parentPort!;
let demo: CityDrawing | undefined;
const city = () => {
  demo ??= buildDemoCity(DEMO_SEED, readXiamenLand());
  return demo;
};
const folderOfRules = threadData as string;
const rules = rulesIn(folderOfRules);
const say = (answer: Answer) => port.postMessage(answer);
let cancelled = false;

port.on('message', (ask: Ask) => {
  if (ask === 'cancel') cancelled = true;
  else if ('check' in ask) say({ checked: ask.check.map(issuesOf) });
  else
    run(ask).catch((error: unknown) => {
      say({ failure: error instanceof Error ? error.message : String(error) });
    });
});

/** All that is wrong with a file, and with those that it names. */
function issuesOf({ source, folder }: Job): Issue[] {
  const prepared = prepareScenario({ source, folder }, city, rules);
  return 'issues' in prepared ? prepared.issues : [];
}

/** Runs a file that was checked. */
async function run({ source, folder, seed, save, apart }: Job): Promise<void> {
  const prepared = prepareScenario({ source, folder, ...(seed === undefined ? {} : { seed }) }, city, rules);
  if ('issues' in prepared) return say({ failure: formatIssues('the scenario', prepared.issues) });
  const { scenario, drawing, saved, warnings } = prepared;
  const started = performance.now();
  const thread = apart ? new WatchThread(folderOfRules) : undefined;
  const one = startRun(modelOf(drawing, scenario), scenario, {
    rules,
    ...(saved ? { saved } : {}),
    ...(thread ? { watch: thread.watch } : {}),
  });
  let said = started;
  for (let going = true; going && !cancelled; ) {
    for (let i = 0; i < STRETCH && going; i++) going = stepRun(one);
    if (performance.now() - said < PROGRESS_EVERY_MS) continue;
    said = performance.now();
    say({ progress: one.t / one.length });
    await breathe();
  }
  await thread?.end();
  const state = save ? packRun(saveRun(one), scenario.extent) : null;
  const report = { ...reportOf(one), ...(warnings.length > 0 ? { warnings } : {}) };
  say({ report, seconds: (performance.now() - started) / 1000, state });
}
