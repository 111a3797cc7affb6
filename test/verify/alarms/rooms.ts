import type { AlarmEvent } from '#twin/alarm/alarm.ts';
import { createEngine, tick } from '#twin/alarm/engine.ts';
import { templateOf } from '#twin/catalogue/template.ts';
import type { Station } from '#twin/model/station.ts';
import type { Rule } from '#twin/rules/load.ts';
import { addStation, emptyState } from '#twin/state/columns.ts';
import { sweepStale } from '#twin/state/freshness.ts';
import { SECOND } from '#twin/units.ts';
import { LivingRoom } from './livingRoom.ts';

const LOOK = 2;

/** Some rooms under the rules, each in an area of its own: what happens in one is not gathered with another. */
export class Rooms {
  readonly living: LivingRoom[];
  readonly log: AlarmEvent[] = [];
  private readonly state = emptyState();
  private readonly engine;
  private second = 0;

  constructor(
    stations: readonly Station[],
    rules: readonly Rule[],
    public time: number,
    seed: number,
    together = false,
  ) {
    this.living = stations.map(
      (station, i) =>
        new LivingRoom(station, addStation(this.state, station.code, templateOf(station).id), time, seed, i),
    );
    const places = new Map(stations.map((station) => [station.code, station]));
    const areaOf = (code: string) => {
      const { district, supplyZone } = places.get(code)!;
      return together ? { district, zone: supplyZone } : { district: code, zone: code };
    };
    this.engine = createEngine(rules, this.state, { areaOf });
  }

  /** Lets so many seconds pass, with a report and a look every two. */
  run(seconds: number, done: () => boolean = () => false): this {
    for (const end = this.second + seconds; this.second < end && !done(); ) {
      this.second++;
      this.time += SECOND;
      for (const room of this.living) room.step();
      if (this.second % LOOK !== 0) continue;
      for (const room of this.living) room.report();
      for (const columns of this.state.byTemplate.values())
        sweepStale(columns, { interval: LOOK * SECOND, now: this.time });
      this.log.push(...tick(this.engine, this.time));
    }
    return this;
  }

  /** What was told of a room since a time, in order. */
  told(station: string, since: number): AlarmEvent[] {
    return this.log.filter(
      (event) => event.annunciates && event.time >= since && event.station.endsWith(station),
    );
  }
}
