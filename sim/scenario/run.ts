import { buildCity, type CityDrawing } from '#sim/city/build.ts';
import type { City, CityModel, Ledger } from '#sim/city/model.ts';
import { startCity } from '#sim/city/start.ts';
import { stepCity } from '#sim/city/step.ts';
import { HOUR } from '#twin/units.ts';
import { secondsOf } from './duration.ts';
import { type EventPlayer, eventPlayer, type LogEntry } from './events.ts';
import { NumberHash } from './hash.ts';
import { type Judge, judge, type Verdict } from './judge.ts';
import { selectStations } from './names.ts';
import type { Scenario } from './schema.ts';
import { type Recorder, recorder, type Series } from './series.ts';
import { parseSelector } from './statement.ts';

/** One execution of a scenario. */
export interface Run {
  readonly scenario: Scenario;
  readonly city: City;
  /** s */
  readonly length: number;
  /** s after the start */
  t: number;
  readonly player: EventPlayer;
  readonly judges: readonly Judge[];
  readonly recorder: Recorder;
  readonly hash: NumberHash;
}

/** What a run comes to. */
export interface RunReport {
  scenario: Scenario;
  /** ms since epoch */
  start: number;
  /** s, what was run: less than asked when it was cancelled */
  length: number;
  passed: boolean;
  verdicts: Verdict[];
  log: LogEntry[];
  /** a value a minute, the first at the start */
  series: Series[];
  ledger: Ledger;
  mains: { solves: number; unsolved: number };
  rooms: number;
  /** of every state, every ten minutes: the same for the same scenario, seed and release */
  hash: string;
}

const HASH_EVERY = 600;

/** The city of a scenario's extent. */
export function modelOf(
  drawing: CityDrawing,
  { extent, seed }: Pick<Scenario, 'extent' | 'seed'>,
): CityModel {
  const chosen = new Set(selectStations(drawing.stations, parseSelector(extent)));
  return buildCity(drawing, { seed, only: (station) => chosen.has(station) });
}

/** Makes a run ready. Names must have been checked. */
export function startRun(model: CityModel, scenario: Scenario): Run {
  const city = startCity(model, localStart(scenario.start), scenario.seed);
  const run: Run = {
    scenario,
    city,
    length: Math.round(secondsOf(scenario.length)!),
    t: 0,
    player: eventPlayer(city, scenario.events),
    judges: scenario.expect.map((one) => judge(city, one)),
    recorder: recorder(city, scenario.watch),
    hash: new NumberHash(),
  };
  run.recorder.keep();
  return run;
}

/** Lives a second on. @returns false when the run is at its end */
export function stepRun(run: Run): boolean {
  if (run.t >= run.length) return false;
  run.player.play(run.t);
  stepCity(run.city);
  run.t++;
  for (const { see } of run.judges) see(run.t);
  if (run.t % 60 === 0) run.recorder.keep();
  if (run.t % HASH_EVERY === 0 || run.t === run.length) {
    run.hash.add(run.city.row);
    run.hash.add(run.city.mains.head);
  }
  return run.t < run.length;
}

export function reportOf({
  scenario,
  city,
  t,
  judges,
  player,
  recorder: kept,
  hash,
  length,
}: Run): RunReport {
  const verdicts = judges.map((one) => one.verdict());
  return {
    scenario,
    start: localStart(scenario.start),
    length: t,
    passed: t === length && verdicts.every(({ met }) => met),
    verdicts,
    log: player.log,
    series: kept.series,
    ledger: { ...city.ledger },
    mains: { solves: city.solves, unsolved: city.unsolved },
    rooms: city.rooms.length,
    hash: hash.hex(),
  };
}

/** ms since epoch of `2026-11-18 07:00` in China. */
function localStart(text: string): number {
  return Date.parse(`${text.replace(' ', 'T')}:00Z`) - 8 * HOUR;
}
