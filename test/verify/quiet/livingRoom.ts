import { truthOf } from '#plant/truth.ts';
import { localTime } from '#sim/calendar.ts';
import { demandProcess } from '#sim/demand/homes.ts';
import { type DemandProcess, prime } from '#sim/demand/process.ts';
import { type DemandProfile, demandFactorAt, demandProfile } from '#sim/demand/profile.ts';
import { Random } from '#sim/random.ts';
import { airTemperature, waterTemperature } from '#sim/station/climate.ts';
import { readRoom } from '#sim/station/points.ts';
import { Sensors } from '#sim/station/sensors.ts';
import { roomSpec } from '#sim/station/spec.ts';
import { newRoom, type Room } from '#sim/station/state.ts';
import { type RoomInputs, stepRoom } from '#sim/station/step.ts';
import { type CleaningMemory, clean, freshMemory } from '#twin/cleaning/clean.ts';
import type { Station } from '#twin/model/station.ts';
import type { Place } from '#twin/state/columns.ts';

/** What an inlet meter shows that has counted for years, m³. */
const USED_METER = 50_000;
/** Mean pressure of the main, MPa. */
const MAINS = 0.3;

/** A worn room with the demand of its homes, read through its sensors into the twin's columns. */
export class LivingRoom {
  private readonly room: Room;
  private readonly sensors: Sensors;
  /** factor on demand, °C above an ordinary day */
  demand = 1;
  warmer = 0;
  private readonly inputs: RoomInputs;
  private readonly random: Random;
  private readonly profile: DemandProfile;
  private readonly processes: DemandProcess[];
  private readonly means: number[];
  private readonly truth: Float64Array;
  private readonly cleaning: CleaningMemory;
  private expected: number[] = [];

  constructor(
    station: Station,
    private readonly place: Place,
    private time: number,
    seed: number,
    number: number,
  ) {
    const { condition, demandFactor, demandSeed } = truthOf(station, seed, number, 2026);
    this.random = new Random(seed, 1000 + number);
    this.room = newRoom(roomSpec(station, condition));
    this.room.state.inletTotal = USED_METER;
    this.sensors = new Sensors(this.room.spec.template);
    const homes = station.pumpSets.reduce((sum, set) => sum + set.homes, 0);
    const mean = station.meanDemand * demandFactor;
    this.means = station.pumpSets.map((set) => (homes > 0 ? (mean * set.homes) / homes : mean));
    this.profile = demandProfile(station.pattern, station.meanDemand, demandSeed);
    this.processes = this.means.map(demandProcess);
    this.inputs = {
      mains: MAINS,
      power: 1,
      chlorine: condition.source.chlorine,
      water: 20,
      outside: 20,
      hour: 0,
      demand: new Float64Array(this.means.length),
    };
    this.lookOut();
    this.processes.forEach((process, k) => {
      prime(process, this.expected[k]!, this.random);
    });
    this.truth = new Float64Array(this.room.spec.template.points.length);
    this.cleaning = freshMemory(this.room.spec.template);
  }

  /** Lives a second on. */
  step(): void {
    this.time += 1000;
    if (this.time % 60_000 < 1000) this.lookOut();
    const { inputs, random } = this;
    for (let k = 0; k < this.means.length; k++)
      inputs.demand[k] = this.processes[k]!.step(this.expected[k]!, 1, random);
    inputs.mains = MAINS * (1 + 0.01 * random.roughNormal());
    stepRoom(this.room, inputs, 1, random);
  }

  /** Its gateway reports: values pass through sensors and cleaning as live ones do. */
  report(): void {
    readRoom(this.room, this.truth);
    const readings = this.sensors.read(this.truth, this.time, this.random);
    const { columns, row } = this.place;
    for (let i = 0; i < readings.length; i++) {
      columns.qualities[i]![row] = clean(this.cleaning, i, readings[i]!, this.time);
      columns.values[i]![row] = readings[i]!;
      columns.times[i]![row] = this.time;
    }
    columns.lastMessage[row] = this.time;
  }

  private lookOut(): void {
    const now = localTime(this.time);
    const factor = demandFactorAt(this.profile, now) * this.demand;
    this.expected = this.means.map((mean) => mean * factor);
    this.inputs.hour = now.hour;
    this.inputs.outside = airTemperature(now) + this.warmer;
    this.inputs.water = waterTemperature(now);
  }
}
