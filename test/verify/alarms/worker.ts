import { parentPort } from 'node:worker_threads';
import { buildDemoCity, DEMO_SEED } from '#gis/city/city.ts';
import { readXiamenLand } from '#gis/io/land.ts';
import { RULES, rulesIn } from '#server/alarms/ruleFolder.ts';
import { FAULTS } from './faults.ts';
import { tryFault } from './trial.ts';

/** One fault to try, in so many rooms. */
export interface Ask {
  fault: string;
  seed: number;
  rooms: number;
}

const { stations } = buildDemoCity(DEMO_SEED, readXiamenLand());
const rules = rulesIn(RULES);

parentPort!.on('message', ({ fault, seed, rooms }: Ask) => {
  const trial = FAULTS.find(({ id }) => id === fault)!;
  parentPort!.postMessage(tryFault(trial, stations, rules, seed, rooms));
});
