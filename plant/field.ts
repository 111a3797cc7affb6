import { createHash } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { roomSpec } from '#sim/station/spec.ts';
import { STATE_FIELDS, stateLength } from '#sim/station/state.ts';
import { templateOf } from '#twin/catalogue/template.ts';
import { DAY } from '#twin/units.ts';
import type { FieldDescription } from '#twin/wire/fieldbus.ts';
import type { FieldCity } from './city.ts';
import { Logger, type StationLog } from './logger.ts';
import { readSaved, save, saveNow } from './save.ts';
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
  /** the states of all rooms side by side */
  private readonly states: Float64Array;
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
    this.signature = signatureOf([
      String(seed),
      // a state with other fields than today's is none
      ...STATE_FIELDS,
      ...city.stations.map((station, i) => `${station.code} ${templates[i]!.id}`),
    ]);
    const places: number[] = [];
    let length = 0;
    for (const station of city.stations) {
      places.push(length);
      length += stateLength(roomSpec(station));
    }
    this.states = new Float64Array(length);
    const saved = readSaved(this.statePath, this.signature, length);
    const begin = Math.max(now - DAY, saved?.time ?? 0);
    this.stations = city.stations.map((station, i) => {
      const truth = truthOf(station, seed, i, PRESENT_YEAR(now));
      const mains = city.mainsPressure.get(station.code)!;
      const memory = { row: this.states, at: places[i]! };
      return new WiredStation(station, truth, mains, seed, noise, begin, memory);
    });
    if (saved) this.states.set(saved.states);
    if (saved && !saved.final) for (const station of this.stations) station.stepCounters();
    this.logger = new Logger(join(dataDir, 'field.log'), templates, saved === null);
    this.loggedUntil = new Float64Array(this.stations.length).fill(Math.floor(begin / SETTLE_STEP));
  }

  /** Brings a station to `now` in steps of five minutes, logging as it goes. */
  catchUp(number: number, now: number): void {
    const station = this.stations[number]!;
    const page = this.logger.page(number);
    station.settleTo(now, (time) => {
      if (time % SETTLE_STEP === 0) page.keep(time, station.read());
    });
    page.done();
    this.loggedUntil[number] = Math.floor(now / SETTLE_STEP);
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

  /** Writes the state in the background; a call while one is under way is left out. */
  save(now: number): Promise<void> {
    this.saving ??= save(this.statePath, this.signature, {
      time: now,
      states: this.states.slice(),
      final: false,
    }).finally(() => {
      this.saving = null;
    });
    return this.saving;
  }

  /** Saves everything and closes. */
  async close(): Promise<void> {
    await this.saving;
    const time = Math.max(...this.stations.map((station) => station.time));
    saveNow(this.statePath, this.signature, { time, states: this.states, final: true });
    this.logger.close();
  }

  private at(number: number): WiredStation {
    const station = this.stations[number];
    if (!station) throw new RangeError(`no station is wired as number ${number}`);
    return station;
  }
}

function signatureOf(parts: readonly string[]): string {
  return createHash('sha256').update(parts.join('\n')).digest('hex').slice(0, 16);
}
