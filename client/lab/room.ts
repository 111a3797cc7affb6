import { aloneDrawing } from '#sim/city/alone.ts';
import { buildCity } from '#sim/city/build.ts';
import type { City } from '#sim/city/model.ts';
import { startCity } from '#sim/city/start.ts';
import { stepCity } from '#sim/city/step.ts';
import { copyCircumstances, type Force, force, type Standing } from '#sim/scenario/force.ts';
import { level } from '#sim/station/state.ts';
import type { Station } from '#twin/model/station.ts';
import type { LabSample } from './protocol.ts';
import { type Trial, trialEvent } from './trials.ts';

/** A room of the lab, alive: the same physics and the same events as a scenario's. */
export class LabRoom {
  private readonly city: City;
  private readonly force: Force;
  private readonly standing = new Map<Trial, Standing>();

  /** @param time ms since epoch @throws RangeError when the room cannot be run alone */
  constructor(
    private readonly station: Station,
    time: number,
    seed: number,
  ) {
    this.city = startCity(buildCity(aloneDrawing(station), { seed }), time, seed);
    this.force = force(this.city, copyCircumstances(this.city.circumstances));
  }

  begin(trial: Trial): void {
    const event = trialEvent(trial, this.station);
    if (event && !this.standing.has(trial)) this.standing.set(trial, this.force.begin(event));
  }

  end(trial: Trial): void {
    const standing = this.standing.get(trial);
    if (standing) this.force.end(standing);
    this.standing.delete(trial);
  }

  /** Lives on by some seconds. */
  live(seconds: number): void {
    for (let i = 0; i < seconds; i++) {
      this.force.refresh();
      stepCity(this.city);
    }
  }

  look(): LabSample {
    const room = this.city.rooms[0]!;
    const { spec, state, sets } = room;
    return {
      time: this.city.time,
      pressure: sets.map((set) => set.state.pressure),
      hz: sets.map((set) => set.state.frequency),
      level: spec.tank ? level(room) : Number.NaN,
      inflow: state.inflow,
      kw: state.kw,
    };
  }
}
