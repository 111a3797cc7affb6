import { truthOf } from '#plant/truth.ts';
import { buildCity } from '#sim/city/build.ts';
import type { City } from '#sim/city/model.ts';
import { startCity } from '#sim/city/start.ts';
import { stepCity } from '#sim/city/step.ts';
import { alarmsOf } from '#sim/scenario/alarms.ts';
import { copyCircumstances, force } from '#sim/scenario/force.ts';
import { localTimeOf } from '#sim/scenario/localTime.ts';
import { type AlarmEntry, watchOf } from '#sim/scenario/watch.ts';
import { type Baselines, createBaselines } from '#twin/baseline/city.ts';
import type { Station } from '#twin/model/station.ts';
import type { Rule } from '#twin/rules/load.ts';
import { MINUTE, SECOND } from '#twin/units.ts';
import { codeOf, type FaultTrial, type Here } from './fault.ts';
import { drawRooms } from './rooms.ts';
import { street } from './street.ts';

/** What became of a fault in one room. */
export interface RoomResult {
  station: string;
  kind: string;
  /** id of the first rule that people were told of after the fault began, and s until then; null: none */
  first: string | null;
  firstAfter: number | null;
  /** s until a rule of the fault was told; null: not within its time */
  raisedAfter: number | null;
  /** all rules told, in order */
  told: string[];
  /** told before the fault, without any */
  before: string[];
}

export interface TrialResult {
  fault: string;
  within: number;
  rooms: RoomResult[];
}

const YEAR = 2026;

/** Puts a fault into rooms drawn by the seed and sees what people are told. */
export function tryFault(
  trial: FaultTrial,
  stations: readonly Station[],
  rules: readonly Rule[],
  seed: number,
  count: number,
): TrialResult {
  const chosen = drawRooms(stations, trial.rooms, count, seed + 31 * Number(trial.id.slice(1, 3)));
  const start = localTimeOf(trial.start)!;
  const learnt = trial.learns ? learntIn(chosen, start, trial.learns, seed) : undefined;
  const { city, model } = aStreet(chosen, start, seed);
  const acting = force(city, copyCircumstances(city.circumstances));
  const rooms = chosen.map((_, i) => i);
  const alarms = alarmsOf(city, rules, rooms, seed, acting, 2 * SECOND, (watched) =>
    watchOf(rules, watched, learnt),
  );
  const live = (until: number, from: number) => {
    for (let t = from; t < until; t++) {
      acting.refresh();
      stepCity(city);
      alarms.see(t + 1);
      if (t + 1 > trial.before && (t + 1) % 60 === 0 && done(t + 1)) return;
    }
  };
  const told = (station: string) => alarms.log.filter((one) => one.annunciates && one.station === station);
  const meant = ({ rule }: AlarmEntry) => codeOf(rule) === codeOf(trial.id);
  // consequences that come within ten minutes are worth seeing
  const done = (t: number) =>
    chosen.every(({ code }) =>
      told(code).some((one) => meant(one) && one.at > trial.before && t > one.at + 600),
    );
  live(trial.before, 0);
  for (const i of rooms) {
    const here = hereIn(city, i, model.rooms[i]!.station);
    trial.prepare?.(here);
  }
  for (const i of rooms) {
    const here = hereIn(city, i, model.rooms[i]!.station);
    for (const event of trial.events(here)) acting.begin(event);
  }
  live(trial.before + trial.within, trial.before);
  return {
    fault: trial.id,
    within: trial.within,
    rooms: chosen.map((station) => {
      const all = told(station.code);
      const after = all.filter(({ at }) => at > trial.before);
      const right = after.find(meant);
      return {
        station: station.code,
        kind: `${station.kind} ${station.inlet.kind} ${station.pumpSets.length}`,
        first: after[0]?.rule ?? null,
        firstAfter: after[0] ? after[0].at - trial.before : null,
        raisedAfter: right ? right.at - trial.before : null,
        told: after.map(({ rule, spot }) => (spot ? `${rule} ${spot}` : rule)),
        before: all.filter(({ at }) => at <= trial.before).map(({ rule }) => rule),
      };
    }),
  };
}

/** What is usual in the rooms without the fault: some days of them, looked at once a minute as baselines are. */
function learntIn(chosen: readonly Station[], until: number, seconds: number, seed: number): Baselines {
  const { city } = aStreet(chosen, until - seconds * SECOND, seed);
  const acting = force(city, copyCircumstances(city.circumstances));
  const baselines = createBaselines();
  const life = alarmsOf(
    city,
    [],
    chosen.map((_, i) => i),
    seed,
    acting,
    MINUTE,
    (watched) => watchOf([], watched, baselines),
  );
  for (let t = 0; t < seconds; t++) {
    acting.refresh();
    stepCity(city);
    life.see(t + 1);
  }
  return createBaselines(baselines.byStation);
}

/** Worn rooms as a real city has them: the plant's truth, not the drawing. */
function aStreet(chosen: readonly Station[], start: number, seed: number) {
  const truth = (station: Station, i: number) => truthOf(station, seed, i, YEAR);
  const model = buildCity(street(chosen), { seed, truth });
  return { model, city: startCity(model, start, seed) };
}

function hereIn(city: City, room: number, station: Station): Here {
  const most = Math.max(...station.pumpSets.map(({ homes }) => homes));
  const k = station.pumpSets.findIndex(({ homes }) => homes === most);
  const { zone, pumps } = station.pumpSets[k]!;
  const states = city.rooms[room]!.sets[k]!.pumps;
  const running = pumps[states.findIndex(({ run }) => run === 1)] ?? pumps[0]!;
  const standing = pumps.findLast(({ id }, p) => states[p]!.run === 0 && id !== running.id) ?? pumps.at(-1)!;
  return { city, room, station, set: zone, running: running.id, standing: standing.id };
}
