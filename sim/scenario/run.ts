import { buildCity, type CityDrawing } from '#sim/city/build.ts';
import type { Circumstances, City, CityModel, Ledger } from '#sim/city/model.ts';
import { restoreCity, type SavedCity, saveCity } from '#sim/city/save.ts';
import { startCity } from '#sim/city/start.ts';
import { stepCity } from '#sim/city/step.ts';
import type { Rule } from '#twin/rules/load.ts';
import { SECOND } from '#twin/units.ts';
import { judgeAlarms } from './alarmJudge.ts';
import { parseAlarmExpectation } from './alarmStatement.ts';
import { type AlarmReport, type Alarms, alarmsOf, reportAlarms } from './alarms.ts';
import { secondsOf } from './duration.ts';
import { type Course, coursesOf, type EventPlayer, eventPlayer, type LogEntry } from './events.ts';
import { copyCircumstances, force } from './force.ts';
import { NumberHash } from './hash.ts';
import { type Judge, judge, type Verdict } from './judge.ts';
import { localTimeOf } from './localTime.ts';
import { roomsIn } from './measure.ts';
import { selectStations } from './names.ts';
import type { Scenario } from './schema.ts';
import { expectedOf } from './sentences.ts';
import { type Recorder, recorder, type Series } from './series.ts';
import { parseSelector } from './statement.ts';
import type { AlarmEntry, Watch, Watched } from './watch.ts';

/** One execution of a scenario. */
export interface Run {
  readonly scenario: Scenario;
  readonly city: City;
  /** s */
  readonly length: number;
  /** ms since epoch */
  readonly start: number;
  /** solves of the mains before it, and those that did not converge */
  readonly before: { solves: number; unsolved: number };
  /** s after the start */
  t: number;
  /** circumstances without any event */
  readonly base: Circumstances;
  readonly player: EventPlayer;
  readonly log: LogEntry[];
  /** by sentence of the expectations; those about alarms are judged by the log, at the end */
  readonly judges: readonly (Judge | null)[];
  readonly recorder: Recorder;
  readonly hash: NumberHash;
  readonly alarms: Alarms;
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
  alarms: AlarmReport;
  /** a value a minute, the first at the start */
  series: Series[];
  ledger: Ledger;
  mains: { solves: number; unsolved: number };
  rooms: number;
  /** what of the files that it began from the run left out, where anything */
  warnings?: string[];
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

/** A run at an instant as plain data: another may go on from there. */
export interface SavedRun {
  city: SavedCity;
  /** circumstances without any event */
  base: Circumstances;
  /** events in force, or still to come */
  courses: Course[];
}

/**
 * Makes a run ready. Names must have been checked.
 * @param options.rules what is an alarm: none is looked for when absent
 * @param options.saved where it goes on from, in place of an ordinary day; what was in force then still is
 * @param options.watch who looks for alarms: this thread when absent. Only then is their log complete at any time.
 * @throws RangeError when that was saved from another city
 */
export function startRun(
  model: CityModel,
  scenario: Scenario,
  {
    rules = [],
    saved,
    watch,
  }: { rules?: readonly Rule[]; saved?: SavedRun; watch?: (watched: Watched) => Watch } = {},
): Run {
  const city = saved
    ? restoreCity(model, saved.city)
    : startCity(model, localTimeOf(scenario.start!)!, scenario.seed);
  const base = copyCircumstances(saved ? saved.base : city.circumstances);
  const start = city.time;
  const log: LogEntry[] = [];
  const courses = [...structuredClone(saved?.courses ?? []), ...coursesOf(scenario.events, start)];
  const note = (text: string) => log.push({ at: (city.time - start) / SECOND, text });
  const acting = force(city, base);
  const watched = rules.length > 0 ? roomsIn(city, parseSelector(scenario.alarms)) : [];
  const run: Run = {
    scenario,
    city,
    length: Math.round(secondsOf(scenario.length)!),
    start,
    before: { solves: city.solves, unsolved: city.unsolved },
    t: 0,
    base,
    player: eventPlayer(city, acting, courses, note),
    log,
    judges: expectedOf(scenario.expect).map((one) =>
      parseAlarmExpectation(one.that) ? null : judge(city, one),
    ),
    recorder: recorder(city, scenario.watch),
    hash: new NumberHash(),
    alarms: alarmsOf(city, rules, watched, scenario.seed, acting, SECOND * secondsOf(scenario.look)!, watch),
  };
  run.recorder.keep();
  return run;
}

/** A run as it is now. */
export function saveRun({ city, base, player }: Run): SavedRun {
  const courses = player.courses.filter(({ phase }) => phase !== 'over');
  return { city: saveCity(city), base: copyCircumstances(base), courses: structuredClone(courses) };
}

/** Lives a second on. @returns false when the run is at its end */
export function stepRun(run: Run): boolean {
  if (run.t >= run.length) return false;
  run.player.play();
  stepCity(run.city);
  run.t++;
  for (const one of run.judges) one?.see(run.t);
  run.alarms.see(run.t);
  if (run.t % 60 === 0) run.recorder.keep();
  if (run.t % HASH_EVERY === 0 || run.t === run.length) {
    run.hash.add(run.city.row);
    run.hash.add(run.city.mains.head);
  }
  return run.t < run.length;
}

/**
 * How a run's expectations of alarms come out by a log of alarms, in the order of all sentences; null where one is
 * about something else.
 */
export function alarmVerdicts(
  { scenario: { expect }, city, log }: Pick<Run, 'scenario' | 'city' | 'log'>,
  alarms: readonly AlarmEntry[],
): (Verdict | null)[] {
  const all = expectedOf(expect);
  return all.map((one) => judgeAlarms(city, one, all, alarms, log[0]?.at));
}

export function reportOf({
  scenario,
  city,
  start,
  before,
  t,
  judges,
  log,
  recorder: kept,
  hash,
  length,
  alarms,
}: Run): RunReport {
  const mains = { solves: city.solves - before.solves, unsolved: city.unsolved - before.unsolved };
  const ofAlarms = alarmVerdicts({ scenario, city, log }, alarms.log);
  const verdicts = expectedOf(scenario.expect).map((_, i) => judges[i]?.verdict() ?? ofAlarms[i]!);
  return {
    scenario,
    start,
    length: t,
    passed: t === length && verdicts.every(({ met }) => met) && mains.unsolved === 0,
    verdicts,
    log,
    alarms: reportAlarms(alarms),
    series: kept.series,
    ledger: { ...city.ledger },
    mains,
    rooms: city.rooms.length,
    hash: hash.hex(),
  };
}
