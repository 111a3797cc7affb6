import { localTime } from '#sim/calendar.ts';
import { demandProcess } from '#sim/demand/homes.ts';
import { type DemandProcess, prime } from '#sim/demand/process.ts';
import { type DemandProfile, demandFactorAt, demandProfile } from '#sim/demand/profile.ts';
import { Random } from '#sim/random.ts';
import { airTemperature, waterTemperature } from '#sim/station/climate.ts';
import type { RoomCondition } from '#sim/station/condition.ts';
import { roomSpec } from '#sim/station/spec.ts';
import { newRoom, type Room } from '#sim/station/state.ts';
import { type RoomInputs, stepRoom } from '#sim/station/step.ts';
import type { Station } from '#twin/model/station.ts';
import { HOUR } from '#twin/units.ts';

/** A weekday in November, local midnight. */
export const MIDNIGHT = Date.UTC(2026, 10, 18) - 8 * HOUR;

/** A room with the demand of its homes and a steady main: what a test lets run and disturbs. */
export class Trial {
  readonly room: Room;
  readonly inputs: RoomInputs;
  readonly random: Random;
  time = MIDNIGHT;
  private readonly profile: DemandProfile;
  private readonly processes: DemandProcess[];
  private readonly means: number[];

  constructor(
    readonly station: Station,
    options: { seed?: number; condition?: RoomCondition } = {},
  ) {
    const { seed = 1, condition } = options;
    this.random = new Random(seed);
    this.room = newRoom(roomSpec(station, condition));
    const homes = station.pumpSets.reduce((sum, set) => sum + set.homes, 0);
    this.means = station.pumpSets.map((set) => (station.meanDemand * set.homes) / homes);
    this.profile = demandProfile(station.pattern, station.meanDemand, seed);
    this.processes = this.means.map(demandProcess);
    this.inputs = {
      mains: 0.3,
      power: 1,
      chlorine: 0.4,
      water: 20,
      outside: 20,
      hour: 0,
      demand: new Float64Array(this.means.length),
    };
    this.expected().forEach((mean, k) => {
      prime(this.processes[k]!, mean, this.random);
    });
  }

  expected(): number[] {
    const factor = demandFactorAt(this.profile, localTime(this.time));
    return this.means.map((mean) => mean * factor);
  }

  /** Lets `seconds` pass; `watch` sees the room after every second. */
  run(seconds: number, watch?: (room: Room, second: number) => void): this {
    let expected = this.expected();
    for (let i = 0; i < seconds; i++) {
      if (i % 60 === 0) {
        expected = this.expected();
        const now = localTime(this.time);
        this.inputs.hour = now.hour;
        this.inputs.outside = airTemperature(now);
        this.inputs.water = waterTemperature(now);
      }
      for (let k = 0; k < expected.length; k++)
        this.inputs.demand[k] = this.processes[k]!.step(expected[k]!, 1, this.random);
      stepRoom(this.room, this.inputs, 1, this.random);
      this.time += 1000;
      watch?.(this.room, i);
    }
    return this;
  }
}
