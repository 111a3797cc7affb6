import { parentPort } from 'node:worker_threads';
import { InitHydOption, Project, StatusReport, Workspace } from 'epanet-js';
import { threadData } from '#server/threads.ts';
import { cpuMs } from '#test/support/figures.ts';
import type { EpanetAnswer, EpanetAsk } from './epanetThread.ts';

// its warnings go to the console, which is for the answer
console.warn = () => {};

const workspace = new Workspace();
await workspace.loadModule();
workspace.writeFile('network.inp', threadData as string);
const project = new Project(workspace);
project.open('network.inp', 'network.rpt', '');
// Vitens25k asks for a line on every trial
project.setStatusReport(StatusReport.NoReport);
project.openH();

parentPort!.on('message', (ask: EpanetAsk) => {
  const ms = cpuMs(() => ('solve' in ask ? solve() : live(ask.until)));
  answer({ ms, iterations: project.getStatistic(0) });
});
answer({ ms: 0, iterations: 0 });

function answer(message: EpanetAnswer): void {
  parentPort!.postMessage(message);
}

function solve(): void {
  project.initH(InitHydOption.InitFlow);
  project.runH();
}

function live(until: number): void {
  project.initH(InitHydOption.InitFlow);
  for (;;) {
    const t = project.runH();
    if (t >= until || project.nextH() === 0) break;
  }
}
