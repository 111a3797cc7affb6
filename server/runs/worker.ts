import { parentPort } from 'node:worker_threads';
import { buildDemoCity, DEMO_SEED } from '#gis/city/city.ts';
import { readXiamenLand } from '#gis/io/land.ts';
import type { CityDrawing } from '#sim/city/build.ts';
import { formatIssues } from '#sim/scenario/issue.ts';
import { modelOf, startRun, stepRun } from '#sim/scenario/run.ts';
import { type Watched, watchUnder } from '#sim/scenario/watch.ts';
import type { Rule } from '#twin/rules/load.ts';
import type { ScenarioAnswer } from '#twin/wire/scenarios.ts';
import { giveWayToLiveWork, threadData } from '../threads.ts';
import { prepareScenario } from './prepare.ts';
import { answerOf } from './trial.ts';

/** What a thread that tries a rule over scenarios is started with. */
export interface TrialSetting {
  rule: string;
  inForce: readonly Rule[];
  candidate: readonly Rule[];
}

/** The next scenario: its file, the text in it, and the folder it lies in. */
export interface TrialAsk {
  file: string;
  text: string;
  folder: string;
}

export type TrialSaid = { progress: number } | { answer: ScenarioAnswer } | { failure: string };

/** Simulated seconds between two looks at the clock. */
const STRETCH = 60;
const PROGRESS_EVERY_MS = 250;
giveWayToLiveWork();

const { rule, inForce, candidate } = threadData as TrialSetting;
const isNew = !inForce.some(({ text }) => text.id === rule);
let demo: CityDrawing | undefined;
const city = () => {
  demo ??= buildDemoCity(DEMO_SEED, readXiamenLand());
  return demo;
};
const say = (said: TrialSaid) => parentPort?.postMessage(said);

parentPort?.on('message', (ask: TrialAsk) => {
  try {
    say(lived(ask));
  } catch (error) {
    say({ failure: error instanceof Error ? error.message : String(error) });
  }
});

/** Lives a scenario once, its telemetry under both sets of rules. */
function lived({ file, text, folder }: TrialAsk): TrialSaid {
  const prepared = prepareScenario({ source: text, folder }, city, candidate);
  if ('issues' in prepared) return { failure: formatIssues(file, prepared.issues) };
  const { scenario, drawing, saved } = prepared;
  let logs: ReturnType<typeof watchUnder>['logs'] = [[], []];
  const run = startRun(modelOf(drawing, scenario), scenario, {
    rules: inForce,
    ...(saved ? { saved } : {}),
    watch: (watched: Watched) => {
      const both = watchUnder([inForce, candidate], watched);
      logs = both.logs;
      return { look: both.look, log: logs[0]! };
    },
  });
  let said = performance.now();
  for (let going = true; going; ) {
    for (let i = 0; i < STRETCH && going; i++) going = stepRun(run);
    if (performance.now() - said < PROGRESS_EVERY_MS) continue;
    said = performance.now();
    say({ progress: run.t / run.length });
  }
  const [before, after] = logs;
  return { answer: answerOf(run, { inForce: before!, candidate: after! }, { rule, isNew }) };
}
