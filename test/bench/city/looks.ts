import { RULES, rulesIn } from '#server/alarms/ruleFolder.ts';
import type { CityModel } from '#sim/city/model.ts';
import { startCity } from '#sim/city/start.ts';
import { stepCity } from '#sim/city/step.ts';
import { copyCircumstances, force } from '#sim/scenario/force.ts';
import { gatewaysOf } from '#sim/scenario/readings.ts';
import { telemetryOf } from '#sim/scenario/telemetry.ts';
import { median, round } from '#test/support/figures.ts';
import { createEngine, tick } from '#twin/alarm/engine.ts';
import { createBaselines, learn } from '#twin/baseline/city.ts';
import { SECOND } from '#twin/units.ts';

/** CPU time of the parts of one look at the whole city, ms: medians. */
export interface LookMs {
  /** what is true goes through all sensors */
  read: number;
  /** reports by exception, cleaning and the state of the twin */
  take: number;
  /** what is usual is learnt, and all rules are looked at */
  rules: number;
}

const LOOK_EVERY = 2;
/** Looks until functions are compiled and the first reports, of every point, are past. */
const WARM_UP = 40;

/**
 * A look every two seconds, as a run with alarms takes them, the city living on in between.
 * @param start ms since epoch
 * @param looks how many are measured
 */
export function lookMs(model: CityModel, start: number, looks: number): LookMs {
  const city = startCity(model, start, 1);
  const acting = force(city, copyCircumstances(city.circumstances));
  const gateways = gatewaysOf(city, [...city.rooms.keys()], 1, acting);
  const telemetry = telemetryOf(gateways.rooms, LOOK_EVERY * SECOND);
  const places = new Map(gateways.rooms.map((room) => [room.code, room]));
  const baselines = createBaselines();
  const engine = createEngine(rulesIn(RULES), telemetry.state, {
    baselines,
    areaOf: (code) => places.get(code)!,
    motorsOf: (code) => places.get(code)!.motors,
  });
  const read: number[] = [];
  const take: number[] = [];
  const rules: number[] = [];
  for (let i = 0; i < WARM_UP + looks; i++) {
    for (let second = 0; second < LOOK_EVERY; second++) stepCity(city);
    const begun = cpuSoFar();
    const readings = gateways.read();
    const haveRead = cpuSoFar();
    telemetry.take(readings);
    const taken = cpuSoFar();
    learn(baselines, telemetry.state, readings.now);
    tick(engine, readings.now);
    if (i < WARM_UP) continue;
    read.push(haveRead - begun);
    take.push(taken - haveRead);
    rules.push(cpuSoFar() - taken);
  }
  return { read: round(median(read)), take: round(median(take)), rules: round(median(rules)) };
}

/** CPU time of the process since its start, ms: meant for when one thread works. */
function cpuSoFar(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
