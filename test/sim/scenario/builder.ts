import { readScenario } from '#sim/scenario/read.ts';
import { modelOf, type RunReport, reportOf, startRun, stepRun } from '#sim/scenario/run.ts';
import { town } from '#test/sim/city/town.ts';
import type { Rule } from '#twin/rules/load.ts';

/** A scenario file of a quarter of an hour in the small town, with these lines at its end. */
export function file(...lines: string[]): string {
  return [
    'name: { zh: 试验, en: Trial }',
    'teaches:',
    '  zh: 一座小城在出了点事情的一刻钟里会怎样，各处又会看到什么。',
    '  en: What a quarter of an hour of a small town does when something happens to it.',
    'start: 2026-11-18 06:30',
    'length: 15min',
    ...(lines.some((line) => line.startsWith('expect:'))
      ? []
      : ['expect:', '  - that: P_OUT of SM-0001 stays above 0 MPa']),
    ...lines,
  ].join('\n');
}

/** Runs a file in the small town, its alarms by these rules. @throws Error with its issues */
export function runInTown(text: string, rules: readonly Rule[] = []): RunReport {
  const { scenario, issues } = readScenario(text);
  if (!scenario) throw new Error(issues.map(({ message }) => message).join('\n'));
  const run = startRun(modelOf(town(), scenario), scenario, { rules });
  while (stepRun(run));
  return reportOf(run);
}
