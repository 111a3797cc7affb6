import { createHash } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { buildCity, type CityDrawing } from '#sim/city/build.ts';
import type { Circumstances, City, CityModel } from '#sim/city/model.ts';
import { passCity } from '#sim/city/pass.ts';
import { restoreCity, saveCity } from '#sim/city/save.ts';
import { startCity } from '#sim/city/start.ts';
import { stepCity } from '#sim/city/step.ts';
import { Random } from '#sim/random.ts';
import { copyCircumstances, type Force, force } from '#sim/scenario/force.ts';
import { Instruments } from '#sim/scenario/instruments.ts';
import { namesOf } from '#sim/scenario/names.ts';
import { writeOutput } from '#sim/station/outputs.ts';
import { STATE_FIELDS } from '#sim/station/state.ts';
import { templateOf } from '#twin/catalogue/template.ts';
import type { Station } from '#twin/model/station.ts';
import { DAY, MINUTE, SECOND } from '#twin/units.ts';
import type { FieldDescription } from '#twin/wire/fieldbus.ts';
import { countSinceBuilt, stepCounters } from './counters.ts';
import { Injections } from './injections.ts';
import { LOG_STEP, Logger, type StationLog } from './logger.ts';
import { mainsTruth } from './mainsTruth.ts';
import { readSaved, type SavedField, save, saveNow } from './save.ts';
import { type Truth, truthOf } from './truth.ts';
import { moveBase } from './weather.ts';

export interface FieldOptions {
  city: CityDrawing;
  /** those of its stations that are wired; the others stay demand of the mains. All when absent */
  stations?: readonly Station[];
  dataDir: string;
  seed: number;
  /** factor on sensor noise */
  noise: number;
  /** ms since epoch */
  now: number;
  /** a field that is new has lived and logged for so long, ms; a day when absent, as far as its loggers reach */
  past?: number;
}

/** A city that has just been put together swings for so long before anybody looks at it. */
const SETTLING = 6 * LOG_STEP;
/** A longer absence is passed in steps of five minutes instead of seconds. */
const LONGEST_ABSENCE = LOG_STEP / 2;
/** Rows of one station that are written one by one rather than as a page. */
const FEW_ROWS = 12;

/** All stations of the demo on their mains, their instruments, loggers and saved state. */
export class Field {
  readonly city: City;
  readonly injections: Injections;
  private readonly truths: readonly Truth[];
  private readonly base: Circumstances;
  private readonly force: Force;
  private readonly instruments: Instruments;
  private readonly logger: Logger;
  private readonly seed: number;
  private readonly statePath: string;
  private readonly signature: string;
  private readonly loggedUntil: Float64Array;
  private saving: Promise<void> | null = null;

  /** Continues from what the data folder holds, else begins in the past. Call `catchUp` next. */
  constructor(options: FieldOptions) {
    const { city: drawing, dataDir, seed, noise, now, past = DAY } = options;
    const wired = options.stations ?? drawing.stations;
    mkdirSync(dataDir, { recursive: true });
    this.seed = seed;
    this.statePath = join(dataDir, 'field.state');
    const templates = wired.map(templateOf);
    this.signature = signatureOf([
      String(seed),
      // a state with other fields than today's is none
      ...STATE_FIELDS,
      ...wired.map((station, i) => `${station.code} ${templates[i]!.id}`),
    ]);
    const codes = new Set(wired.map(({ code }) => code));
    const truths = new Map(wired.map((station, i) => [station.code, truthOf(station, seed, i, yearOf(now))]));
    const mains = mainsTruth(drawing.network, seed, codes);
    const model = buildCity(
      { network: mains.network, stations: wired },
      { seed, truth: ({ code }) => truths.get(code)! },
    );
    this.truths = wired.map(({ code }) => truths.get(code)!);
    const saved = restored(model, readSaved(this.statePath, this.signature));
    this.city = saved?.city ?? this.found(model, now - past);
    this.base = copyCircumstances(startCircumstances(this.city, mains.seeping));
    this.force = force(this.city, this.base);
    const all = this.city.rooms.map((_, i) => i);
    this.instruments = new Instruments(this.city, all, new Random(seed + this.city.time, 2), noise);
    this.injections = new Injections(this.city, this.force, namesOf(model));
    this.logger = new Logger(join(dataDir, 'field.log'), templates, saved === null);
    this.loggedUntil = new Float64Array(wired.length).fill(Math.floor(this.city.time / LOG_STEP));
    if (saved) this.goOn(saved.field);
    else this.settle();
  }

  /** Brings everything to `now` in steps of five minutes, logging as it goes. Yields the share that is done. */
  *catchUp(now: number): Generator<number> {
    const { city, logger } = this;
    const end = wholeSecond(now);
    // older than the loggers reach: the rooms sleep through it
    city.time = Math.max(city.time, end - DAY);
    const begin = city.time;
    const rows = Math.floor(end / LOG_STEP) - Math.floor(city.time / LOG_STEP);
    const pages = rows > FEW_ROWS ? city.rooms.map((_, i) => logger.page(i)) : null;
    while (city.time < end) {
      const next = Math.min(end, (Math.floor(city.time / LOG_STEP) + 1) * LOG_STEP);
      this.pass((next - city.time) / SECOND);
      if (city.time % LOG_STEP === 0) {
        for (let i = 0; i < city.rooms.length; i++) {
          const readings = this.instruments.read(i, city.time);
          if (pages) pages[i]!.keep(city.time, readings);
          else logger.keep(i, city.time, readings);
        }
      }
      yield (city.time - begin) / (end - begin);
    }
    if (pages) for (const page of pages) page.done();
    this.loggedUntil.fill(Math.floor(city.time / LOG_STEP));
  }

  /** Lives on to the last whole second before `now`. */
  live(now: number): void {
    const { city } = this;
    // after a pause of the machine minutes are missing: no reason to live through them second by second
    if (now - city.time > LONGEST_ABSENCE) for (const _ of this.catchUp(now));
    while (city.time + SECOND <= now) {
      if (city.time % MINUTE < SECOND) {
        moveBase(city, this.base, this.seed);
        this.force.refresh(true);
      }
      this.playInjections();
      stepCity(city);
    }
  }

  /** What the sensors of a station read; valid until the next call. null when its line is cut. */
  sample(number: number, now: number): Float64Array | null {
    const readings = this.instruments.read(number, now);
    const slot = Math.floor(now / LOG_STEP);
    if (slot > this.loggedUntil[number]!) {
      this.loggedUntil[number] = slot;
      this.logger.keep(number, slot * LOG_STEP, readings);
    }
    return this.force.offline.has(this.codeOf(number)) ? null : readings;
  }

  describe(samplePeriodMs: number): FieldDescription {
    const { rooms } = this.city;
    return {
      samplePeriodMs,
      stations: rooms.map(({ spec }) => ({ code: spec.code, template: spec.template.id })),
    };
  }

  /** @throws RangeError when there is no such station */
  log24h(number: number, now: number): StationLog {
    this.codeOf(number);
    return this.logger.read(number, now);
  }

  /** @throws RangeError when there is no such station, its line is cut or its controller refuses */
  write(number: number, point: string, value: number): void {
    const code = this.codeOf(number);
    if (this.force.offline.has(code)) throw new RangeError(`station ${code} does not answer`);
    writeOutput(this.city.rooms[number]!, point, value);
  }

  /** Lets a scenario's events happen. @throws InjectionError */
  inject(scenario: string, atOnce: boolean): ReturnType<Injections['inject']> {
    const fault = this.injections.inject(scenario, atOnce);
    this.instruments.breakBy(this.force.standing);
    return fault;
  }

  /** @throws RangeError when nothing of that id is in force */
  clear(id: string): void {
    this.injections.clear(id);
    this.instruments.breakBy(this.force.standing);
  }

  /** Writes the state in the background; a call while one is under way is left out. */
  save(): Promise<void> {
    this.saving ??= save(this.statePath, this.signature, this.saved(false)).finally(() => {
      this.saving = null;
    });
    return this.saving;
  }

  /** Saves everything and closes. */
  async close(): Promise<void> {
    await this.saving;
    saveNow(this.statePath, this.signature, this.saved(true));
    this.logger.close();
  }

  private saved(final: boolean): SavedField {
    return { city: saveCity(this.city), injections: this.injections.kept(), final };
  }

  private found(model: CityModel, time: number): City {
    return startCity(model, wholeSecond(time - SETTLING), this.seed);
  }

  /** A city just put together comes to rest; then its meters get what the years have left on them. */
  private settle(): void {
    for (let t = 0; t < SETTLING; t += LOG_STEP) this.pass(LOG_STEP / SECOND);
    this.city.rooms.forEach((room, i) => {
      countSinceBuilt(room, this.city.model.rooms[i]!, this.truths[i]!);
    });
    this.loggedUntil.fill(Math.floor(this.city.time / LOG_STEP));
  }

  private goOn({ injections, final }: SavedField): void {
    if (!final) for (const room of this.city.rooms) stepCounters(room);
    this.injections.resume(injections);
    this.instruments.breakBy(this.force.standing);
  }

  private pass(seconds: number): void {
    moveBase(this.city, this.base, this.seed);
    this.force.refresh(true);
    this.playInjections();
    passCity(this.city, seconds);
  }

  private playInjections(): void {
    if (this.injections.play()) this.instruments.breakBy(this.force.standing);
  }

  private codeOf(number: number): string {
    const room = this.city.rooms[number];
    if (!room) throw new RangeError(`no station is wired as number ${number}`);
    return room.spec.code;
  }
}

/** What a city finds around it before anything happens: seepage of the mains, nothing else. */
function startCircumstances(
  { model, circumstances }: City,
  seeping: ReadonlyMap<string, number>,
): Circumstances {
  const base = copyCircumstances(circumstances);
  base.power.fill(1);
  base.demand.fill(1);
  base.whole.set([1, 0]);
  base.leak.fill(0);
  for (const [node, conductance] of seeping) base.leak[model.h.nodeIndex.get(node)!] = conductance;
  return base;
}

/** null when there is nothing saved, or it belongs to another city. */
function restored(model: CityModel, field: SavedField | null): { city: City; field: SavedField } | null {
  if (!field) return null;
  try {
    return { city: restoreCity(model, field.city), field };
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

const wholeSecond = (time: number) => Math.floor(time / SECOND) * SECOND;
const yearOf = (time: number) => new Date(time).getUTCFullYear();

function signatureOf(parts: readonly string[]): string {
  return createHash('sha256').update(parts.join('\n')).digest('hex').slice(0, 16);
}
