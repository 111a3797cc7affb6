import { describe, expect, it } from 'vitest';
import { RULES, rulesIn } from '#server/alarms/ruleFolder.ts';
import { readScenario } from '#sim/scenario/read.ts';
import { modelOf, reportOf, startRun, stepRun } from '#sim/scenario/run.ts';
import type { Watch, Watched } from '#sim/scenario/watch.ts';
import { town } from '#test/sim/city/town.ts';
import { file } from '#test/sim/scenario/builder.ts';
import { WatchThread } from '../../bin/simulate/watchThread.ts';

const POWER_CUT = file(
  'events:',
  '  - { at: 2min, for: 5min, do: power-cut, stations: SM-0001 }',
  '  - { at: 4min, for: 3min, do: comms-loss, stations: SM-0002 }',
  'expect:',
  '  - { that: raised F23 at SM-0001 within 10 s }',
);
const rules = rulesIn(RULES);

function run(watch?: (watched: Watched) => Watch) {
  const { scenario, issues } = readScenario(POWER_CUT);
  expect(issues).toEqual([]);
  const one = startRun(modelOf(town(), scenario!), scenario!, { rules, ...(watch ? { watch } : {}) });
  while (stepRun(one));
  return one;
}

describe('alarms that are looked for in a thread of their own', { timeout: 120_000 }, () => {
  it('are those that are looked for in the thread of the city', async () => {
    const here = reportOf(run());
    const thread = new WatchThread(RULES);
    const one = run(thread.watch);
    await thread.end();
    const apart = reportOf(one);
    expect(here.alarms.log.length).toBeGreaterThan(4);
    expect(apart).toEqual(here);
  });

  it('say what the thread failed of, without waiting for it', async () => {
    const thread = new WatchThread('nowhere/rules');
    run(thread.watch);
    await expect(thread.end()).rejects.toThrow(/nowhere/);
  });
});
