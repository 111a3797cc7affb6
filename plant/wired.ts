import { type LocalTime, localTime } from '#sim/calendar.ts';
import { demandProcess, meanDemand } from '#sim/demand/homes.ts';
import { type DemandProcess, prime } from '#sim/demand/process.ts';
import { type DemandProfile, demandFactorAt, demandProfile } from '#sim/demand/profile.ts';
import { hashNormal, Random } from '#sim/random.ts';
import { airTemperature, waterTemperature } from '#sim/station/climate.ts';
import { writeOutput } from '#sim/station/outputs.ts';
import { readRoom } from '#sim/station/points.ts';
import { Sensors } from '#sim/station/sensors.ts';
import { settleRoom } from '#sim/station/settle.ts';
import { roomSpec } from '#sim/station/spec.ts';
import { newRoom, type Room } from '#sim/station/state.ts';
import { type RoomInputs, stepRoom } from '#sim/station/step.ts';
import type { Station } from '#twin/model/station.ts';
import { MINUTE } from '#twin/units.ts';
import { MainsPressure } from './mains.ts';
import { type Truth, yearlyVolume } from './truth.ts';

/** Weather, the hour and expected demand are looked up again after this time. */
const OUTLOOK = 20_000;
/** A meter's kWh per m³ before the first start, of an ordinary room. */
const USUAL_KWH_PER_M3 = 0.4;
/** Rooms settle in steps of five minutes when hours have to pass at once. */
export const SETTLE_STEP = 5 * MINUTE;
const LONGEST_STEP = 1000;
/** Steps in which counters are read: m³ and kWh, starts, h. */
const COUNTER_STEP = { total: 0.1, starts: 1, runHours: 0.01 };
/** Relative swing of arriving chlorine; water is freshest when demand is high. */
const CHLORINE = { dosing: 0.03, travel: 0.06, freshest: 21, stream: 2 };

/** One station of the field, alive: its room, its homes, its main and its sensors. */
export class WiredStation {
  readonly room: Room;
  readonly sensors: Sensors;
  private readonly random: Random;
  private readonly profile: DemandProfile;
  private readonly means: number[];
  private readonly processes: DemandProcess[];
  private readonly expected: number[];
  private readonly mains: MainsPressure;
  private readonly inputs: RoomInputs;
  private readonly truePoints: Float64Array;
  private expectedMains = 0;
  private outlookUntil = Number.NEGATIVE_INFINITY;

  /**
   * @param time ms since epoch at which its life begins
   * @param memory where the state of its room lives; rooms side by side in one row step faster
   */
  constructor(
    readonly station: Station,
    truth: Truth,
    hourlyMains: ArrayLike<number>,
    seed: number,
    noise: number,
    public time: number,
    memory?: { row: Float64Array; at: number },
  ) {
    const spec = roomSpec(station, truth.condition);
    this.room = memory ? newRoom(spec, memory.row, memory.at) : newRoom(spec);
    this.sensors = new Sensors(this.room.spec.template, noise);
    this.random = new Random(seed + time, truth.demandSeed);
    this.profile = demandProfile(station.pattern, station.meanDemand, truth.demandSeed);
    const homes = station.pumpSets.reduce((sum, set) => sum + set.homes, 0);
    const mean = station.meanDemand * truth.demandFactor;
    this.means = station.pumpSets.map((set) => (homes > 0 ? (mean * set.homes) / homes : mean));
    this.processes = this.means.map(demandProcess);
    this.expected = this.means.map(() => 0);
    this.mains = new MainsPressure(hourlyMains);
    this.truePoints = new Float64Array(this.room.spec.template.points.length);
    this.inputs = {
      mains: 0.3,
      power: 1,
      chlorine: truth.condition.source.chlorine,
      water: 20,
      outside: 20,
      hour: 0,
      demand: new Float64Array(this.means.length),
    };
    countSinceBuilt(this.room, truth, yearlyVolume(station), this.means);
  }

  /** Lives up to `time` second by second. */
  stepTo(time: number): void {
    const steps = Math.ceil((time - this.time) / LONGEST_STEP - 1e-6);
    if (steps <= 0) return;
    const dt = (time - this.time) / steps / 1000;
    for (let i = 0; i < steps; i++) {
      this.time += dt * 1000;
      this.lookOut();
      for (let k = 0; k < this.means.length; k++)
        this.inputs.demand[k] = this.processes[k]!.step(this.expected[k]!, dt, this.random);
      this.inputs.mains = this.mains.step(this.expectedMains, dt, this.random);
      stepRoom(this.room, this.inputs, dt, this.random);
    }
    this.time = time;
  }

  /** Lives up to `time`, five minutes at a time; `each` is called after every step. */
  settleTo(time: number, each: (time: number) => void): void {
    while (this.time < time) {
      const next = Math.min(time, (Math.floor(this.time / SETTLE_STEP) + 1) * SETTLE_STEP);
      const dt = (next - this.time) / 1000;
      this.time = next;
      this.lookOut();
      for (let k = 0; k < this.means.length; k++)
        this.inputs.demand[k] = meanDemand(this.expected[k]!, dt, this.random);
      this.inputs.mains = this.mains.step(this.expectedMains, dt, this.random);
      settleRoom(this.room, this.inputs, dt, this.random);
      each(next);
    }
    this.processes.forEach((process, k) => {
      prime(process, this.expected[k]!, this.random);
    });
  }

  /** What its sensors read now, in the order of its template; valid until the next call. */
  read(): Float64Array {
    readRoom(this.room, this.truePoints);
    return this.sensors.read(this.truePoints, this.time, this.random);
  }

  /** @throws RangeError when the room's controller refuses */
  write(point: string, value: number): void {
    writeOutput(this.room, point, value);
  }

  /**
   * Moves every counter on by one step of its display. After a crash the saved counters are some seconds old;
   * a meter may be a step ahead of what passed, but never shows less than it has shown.
   */
  stepCounters(): void {
    const { state, sets } = this.room;
    state.inletTotal += COUNTER_STEP.total;
    state.energy += COUNTER_STEP.total;
    for (const set of sets) {
      set.state.total += COUNTER_STEP.total;
      for (const pump of set.pumps) {
        pump.starts += COUNTER_STEP.starts;
        pump.runHours += COUNTER_STEP.runHours;
      }
    }
  }

  private lookOut(): void {
    if (this.time < this.outlookUntil) return;
    this.outlookUntil = this.time + OUTLOOK;
    const now = localTime(this.time);
    const factor = demandFactorAt(this.profile, now);
    for (let k = 0; k < this.means.length; k++) this.expected[k] = this.means[k]! * factor;
    this.expectedMains = this.mains.expected(now.hour);
    this.inputs.hour = now.hour;
    this.inputs.chlorine = this.sourceChlorine(now);
    this.inputs.outside = airTemperature(now);
    this.inputs.water = waterTemperature(now);
  }

  /** Arriving chlorine swings with the dosing of the works and with the time the water took, mg/L. */
  private sourceChlorine({ day, hour }: LocalTime): number {
    const at = Math.floor(hour);
    const noise = (h: number) => hashNormal(this.profile.seed, day * 24 + h, CHLORINE.stream);
    const dosing = noise(at) + (noise(at + 1) - noise(at)) * (hour - at);
    const travel = Math.cos((2 * Math.PI * (hour - CHLORINE.freshest)) / 24);
    const { chlorine } = this.room.spec.condition.source;
    return chlorine * Math.max(0.3, 1 + CHLORINE.dosing * dosing + CHLORINE.travel * travel);
  }
}

/** Meters and counters stand at what the years before have left on them. */
function countSinceBuilt(room: Room, truth: Truth, volumePerYear: number, means: readonly number[]): void {
  const { years, pumpHours } = truth.counters;
  const volume = years * volumePerYear;
  const mean = means.reduce((sum, m) => sum + m, 0);
  room.state.inletTotal = volume;
  room.state.energy = volume * USUAL_KWH_PER_M3;
  room.sets.forEach((set, k) => {
    set.state.total = (volume * means[k]!) / mean;
    set.pumps.forEach((pump, p) => {
      pump.runHours = pumpHours[k]![p]!;
      pump.starts = Math.round(pump.runHours / 4);
    });
  });
}
