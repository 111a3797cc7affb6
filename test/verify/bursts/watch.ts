import { RULES, rulesIn } from '#server/alarms/ruleFolder.ts';
import { restoreCity } from '#sim/city/save.ts';
import { stepCity } from '#sim/city/step.ts';
import { copyCircumstances, force } from '#sim/scenario/force.ts';
import { gatewaysOf } from '#sim/scenario/readings.ts';
import { telemetryOf } from '#sim/scenario/telemetry.ts';
import type { AlarmEvent } from '#twin/alarm/alarm.ts';
import { createEngine, tick } from '#twin/alarm/engine.ts';
import { leaningOn } from '#twin/backtest/needs.ts';
import { emptyTrace, traceInlets } from '#twin/diagnosis/inletTrace.ts';
import type { Rule } from '#twin/rules/load.ts';
import { SECOND } from '#twin/units.ts';
import type { Field } from './field.ts';

/** Rules that ask which of a zone's mains has burst, with all that they lean on: others do not change what they tell. */
const rules = asking(rulesIn(RULES));

function asking(all: readonly Rule[]): Rule[] {
  const wanted = new Set(all.flatMap(({ gather, text }) => (gather?.locate ? leaningOn(all, text.id) : [])));
  return all.filter((rule) => wanted.has(rule));
}

/**
 * The whole city from where a field stands, seen through its sensors by the engine and the rules in force.
 * @param look s between two reports of its gateways and two looks of the engine
 */
export function watchField({ model, saved, seed }: Field, look: number) {
  const interval = look * SECOND;
  const city = restoreCity(model, saved);
  const acting = force(city, copyCircumstances(city.circumstances));
  const gateways = gatewaysOf(city, [...model.rooms.keys()], seed, acting);
  const telemetry = telemetryOf(gateways.rooms, interval);
  const places = new Map(gateways.rooms.map((room) => [room.code, room]));
  const engine = createEngine(rules, telemetry.state, { areaOf: (code) => places.get(code)! });
  const trace = emptyTrace();
  const told: AlarmEvent[] = [];
  return {
    city,
    acting,
    /** what its inlets did */
    trace,
    /** what people were told */
    told,
    /** Lives on. */
    run: (seconds: number): void => {
      for (let t = 0; t < seconds; t++) {
        acting.refresh();
        stepCity(city);
        if (city.time % interval !== 0) continue;
        telemetry.take(gateways.read());
        traceInlets(trace, telemetry.state, city.time);
        told.push(...tick(engine, city.time).filter(({ annunciates }) => annunciates));
      }
    },
  };
}

const ASKS_WHERE = new Set(rules.filter(({ gather }) => gather?.locate).map(({ text }) => text.id));

/** Whether people were told that a main of some zone may have burst. */
export const saysBurst = ({ rule }: AlarmEvent): boolean => ASKS_WHERE.has(rule);
