import { secondsOf } from './duration.ts';
import type { Issue, LineOf } from './issue.ts';
import type { Scenario } from './schema.ts';
import { parseSentences } from './sentences.ts';

const HOUR = 3600;

/** Every time of a scenario that lies outside its run. */
export function checkTimes({ length, events, expect }: Scenario, lineOf: LineOf): Issue[] {
  const issues: Issue[] = [];
  const say = (path: Issue['path'], message: string) => issues.push({ line: lineOf(path), path, message });
  const end = secondsOf(length)!;
  events.forEach(({ at }, i) => {
    if (at !== undefined && secondsOf(at)! >= end)
      say(['events', i, 'at'], `begins when the run is over, whose length is ${length}`);
  });
  expect.forEach(({ that, from, until }, i) => {
    const opens = from === undefined ? 0 : secondsOf(from)!;
    const shuts = until === undefined ? end : secondsOf(until)!;
    if (opens >= end) say(['expect', i, 'from'], `begins when the run is over, whose length is ${length}`);
    else if (shuts > end)
      say(['expect', i, 'until'], `goes on when the run is over, whose length is ${length}`);
    else if (isPeakFactor(that) && shuts - opens < HOUR)
      say(['expect', i, 'that'], 'a peak factor needs a window of an hour at least: nothing would be judged');
  });
  return issues;
}

function isPeakFactor(that: string): boolean {
  return parseSentences(that).some(({ kind }) => kind === 'peak factor');
}
