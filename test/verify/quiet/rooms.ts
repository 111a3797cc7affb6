import type { AlarmEvent } from '#twin/alarm/alarm.ts';
import { areaOfStation } from '#twin/alarm/area.ts';
import { createEngine, tick } from '#twin/alarm/engine.ts';
import { templateOf } from '#twin/catalogue/template.ts';
import { motorsOf } from '#twin/curves/motor.ts';
import type { Station } from '#twin/model/station.ts';
import type { Rule } from '#twin/rules/load.ts';
import { addStation, emptyState } from '#twin/state/columns.ts';
import { sweepStale } from '#twin/state/freshness.ts';
import { SECOND } from '#twin/units.ts';
import { LivingRoom } from './livingRoom.ts';

const LOOK = 2;

/** Some rooms of the city under the rules: a report and a look every two seconds. */
export class QuietRooms {
  readonly living: LivingRoom[];
  readonly log: AlarmEvent[] = [];
  private readonly state = emptyState();
  private readonly engine;

  constructor(
    stations: readonly Station[],
    rules: readonly Rule[],
    private time: number,
    seed: number,
  ) {
    this.living = stations.map(
      (station, i) =>
        new LivingRoom(station, addStation(this.state, station.code, templateOf(station).id), time, seed, i),
    );
    const places = new Map(stations.map((station) => [station.code, station]));
    this.engine = createEngine(rules, this.state, {
      areaOf: (code) => areaOfStation(places.get(code)!),
      motorsOf: (code) => motorsOf(places.get(code)!),
    });
  }

  run(seconds: number): void {
    for (let second = 1; second <= seconds; second++) {
      this.time += SECOND;
      for (const room of this.living) room.step();
      if (second % LOOK !== 0) continue;
      for (const room of this.living) room.report();
      for (const columns of this.state.byTemplate.values())
        sweepStale(columns, { interval: LOOK * SECOND, now: this.time });
      this.log.push(...tick(this.engine, this.time));
    }
  }
}
