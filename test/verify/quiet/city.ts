import type { CityModel } from '#sim/city/model.ts';
import { startRun, stepRun } from '#sim/scenario/run.ts';
import type { Scenario } from '#sim/scenario/schema.ts';
import type { AlarmEvent } from '#twin/alarm/alarm.ts';
import type { Rule } from '#twin/rules/load.ts';
import { HOUR, SECOND } from '#twin/units.ts';
import type { QuietDay } from './days.ts';

/**
 * A day of the whole city, rooms on its mains.
 * @param onHour called after each simulated hour, with what has been told so far
 */
export function liveCity(
  model: CityModel,
  rules: readonly Rule[],
  day: QuietDay,
  how: { seed: number; hours: number; look: string },
  onHour: (hour: number, told: number) => void,
): AlarmEvent[] {
  const run = startRun(model, scenarioOf(day, how), { rules });
  const { log } = run.alarms;
  while (stepRun(run)) {
    if (run.t % 3600 === 0) onHour(run.t / 3600, log.filter(({ annunciates }) => annunciates).length);
  }
  return log.map(({ at, ...event }) => ({ time: run.start + at * SECOND, ...event }));
}

function scenarioOf(
  { name, start, demand, warmer }: QuietDay,
  { seed, hours, look }: { seed: number; hours: number; look: string },
): Scenario {
  const midnight = new Date(start + 8 * HOUR).toISOString().slice(0, 10);
  return {
    name: { zh: name, en: name },
    teaches: { zh: name, en: name },
    start: `${midnight} 00:00`,
    length: `${hours * 3600} s`,
    city: 'demo',
    extent: 'all',
    seed,
    look,
    alarms: 'all',
    watch: [],
    events: [{ at: '0 s', do: 'heat-wave', factor: demand, warmer }],
    expect: [],
  };
}
