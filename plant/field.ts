import { createHash } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { templateOf } from '#twin/catalogue/template.ts';
import { DAY } from '#twin/units.ts';
import type { FieldDescription } from '#twin/wire/fieldbus.ts';
import type { FieldCity } from './city.ts';
import { Logger, type StationLog } from './logger.ts';
import { FieldStates, readSaved, save, saveNow } from './save.ts';
import { truthOf } from './truth.ts';
import { SETTLE_STEP, WiredStation } from './wired.ts';

export interface FieldOptions {
  city: FieldCity;
  dataDir: string;
  seed: number;
  /** factor on sensor noise */
  noise: number;
  /** ms since epoch */
  now: number;
}

const PRESENT_YEAR = (time: number) => new Date(time).getUTCFullYear();

/** All stations of the demo, their loggers and their saved state. */
export class Field {
  readonly stations: readonly WiredStation[];
  private readonly logger: Logger;
  private readonly states: FieldStates;
  private readonly statePath: string;
  private readonly signature: string;
  private readonly loggedUntil: Float64Array;
  private saving: Promise<void> | null = null;

  /** Continues from what the data folder holds, else begins 24 hours ago. Call `catchUp` next. */
  constructor(options: FieldOptions) {
    const { city, dataDir, seed, noise, now } = options;
    mkdirSync(dataDir, { recursive: true });
    this.statePath = join(dataDir, 'field.state');
    const templates = city.stations.map(templateOf);
    this.signature = signatureOf(
      seed,
      city.stations.map((station, i) => `${station.code} ${templates[i]!.id}`),
    );
    const saved = readSaved(this.statePath, this.signature);
    const begin = Math.max(now - DAY, saved?.time ?? 0);
    this.stations = city.stations.map((station, i) => {
      const truth = truthOf(station, seed, i, PRESENT_YEAR(now));
      return new WiredStation(station, truth, city.mainsPressure.get(station.code)!, seed, noise, begin);
    });
    this.states = new FieldStates(this.stations.map((station) => station.room));
    if (saved) this.states.giveBack(saved.states);
    this.logger = new Logger(join(dataDir, 'field.log'), templates, saved === null);
    this.loggedUntil = new Float64Array(this.stations.length).fill(Math.floor(begin / SETTLE_STEP));
  }

  /** Brings a station to `now` in steps of five minutes, logging as it goes. */
  catchUp(number: number, now: number): void {
    const station = this.stations[number]!;
    station.settleTo(now, () => this.log(number));
  }

  /** Lives a station on to `now` and returns what its sensors read; valid until the next call. */
  sample(number: number, now: number): Float64Array {
    const station = this.stations[number]!;
    // after a pause of the machine minutes are missing: no reason to live through them second by second
    if (now - station.time > SETTLE_STEP / 2) this.catchUp(number, now);
    else station.stepTo(now);
    const readings = station.read();
    const slot = Math.floor(now / SETTLE_STEP);
    if (slot > this.loggedUntil[number]!) {
      this.loggedUntil[number] = slot;
      this.logger.keep(number, slot * SETTLE_STEP, readings);
    }
    return readings;
  }

  describe(samplePeriodMs: number): FieldDescription {
    return {
      samplePeriodMs,
      stations: this.stations.map(({ room }) => ({ code: room.spec.code, template: room.spec.template.id })),
    };
  }

  /** @throws RangeError when there is no such station */
  log24h(number: number, now: number): StationLog {
    this.at(number);
    return this.logger.read(number, now);
  }

  /** @throws RangeError when there is no such station or its controller refuses */
  write(number: number, point: string, value: number): void {
    this.at(number).write(point, value);
  }

  /** Takes the state of some stations; `save` writes what was taken. */
  take(numbers: readonly number[]): void {
    for (const number of numbers) this.states.take(number);
  }

  /** Writes the taken states in the background; a call while one is under way is left out. */
  save(now: number): Promise<void> {
    this.saving ??= save(this.statePath, this.signature, { time: now, states: this.states.packed }).finally(
      () => {
        this.saving = null;
      },
    );
    return this.saving;
  }

  /** Saves everything and closes. */
  async close(): Promise<void> {
    await this.saving;
    this.take(this.stations.map((_, i) => i));
    const time = Math.max(...this.stations.map((station) => station.time));
    saveNow(this.statePath, this.signature, { time, states: this.states.packed });
    this.logger.close();
  }

  private log(number: number): void {
    const station = this.stations[number]!;
    const slot = Math.floor(station.time / SETTLE_STEP);
    if (slot * SETTLE_STEP !== station.time) return;
    this.loggedUntil[number] = slot;
    this.logger.keep(number, station.time, station.read());
  }

  private at(number: number): WiredStation {
    const station = this.stations[number];
    if (!station) throw new RangeError(`no station is wired as number ${number}`);
    return station;
  }
}

function signatureOf(seed: number, stations: readonly string[]): string {
  return createHash('sha256')
    .update(`${seed}\n${stations.join('\n')}`)
    .digest('hex')
    .slice(0, 16);
}
