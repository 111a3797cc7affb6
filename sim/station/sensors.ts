import type { Random } from '#sim/random.ts';
import type { Template } from '#twin/catalogue/template.ts';
import { SENSOR_NOISE, ZERO_AT_REST } from './sensors.data.ts';

/** What can go wrong between a quantity and its reading. Times in ms since epoch. */
export type SensorFault =
  /** reads `by` too much */
  | { kind: 'bias'; by: number }
  /** reads `perHour` more every hour since `since` */
  | { kind: 'drift'; perHour: number; since: number }
  /** keeps reading what it read last */
  | { kind: 'freeze' }
  /** now and then reads `by` too much, with a chance per reading */
  | { kind: 'spike'; by: number; chance: number }
  /** reads around what is true, `by` off in the root of the mean square */
  | { kind: 'noise'; by: number }
  /** reads nothing: NaN */
  | { kind: 'loss' };

/** Noise, steps and ranges of all sensors of a template. */
interface SensorTable {
  /** points with noise; those that have none but are read in steps. What is in neither is a switch: 0 or 1 anyway */
  readonly noisy: Uint16Array;
  readonly exact: Uint16Array;
  /** by place in `noisy`: standard deviation at a value of zero; elsewhere `own` and a share of the value */
  readonly atZero: Float64Array;
  readonly own: Float64Array;
  readonly share: Float64Array;
  /** deviates of the reading that is taken */
  readonly drawn: Float64Array;
  /** by point; steps per unit */
  readonly steps: Float64Array;
  readonly min: Float64Array;
  readonly max: Float64Array;
}

/** A sensor that is broken. */
interface Broken {
  fault: SensorFault;
  /** what it read last before, NaN when it was never read */
  last: number;
}

const HOUR_MS = 3_600_000;
const tables = new Map<Template, SensorTable>();

/** The sensors of one room: turn true values into readings. */
export class Sensors {
  private readonly table: SensorTable;
  /** by point; null while all are sound, as nearly all are: nothing to look up then */
  private faults: Map<number, Broken> | null = null;

  /**
   * @param scale factor on the noise of every sensor
   * @param reading where readings go, NaN where nothing was read yet
   */
  constructor(
    private readonly template: Template,
    private readonly scale = 1,
    private readonly reading: Float64Array = new Float64Array(template.points.length).fill(Number.NaN),
  ) {
    this.table = tableOf(template);
  }

  /** Breaks, or with null repairs, the sensor of a point. @throws RangeError when there is no such point */
  fault(point: string, fault: SensorFault | null): void {
    const index = this.template.index.get(point);
    if (index === undefined) throw new RangeError(`${this.template.id} has no point ${point}`);
    if (!fault) {
      this.faults?.delete(index);
      return;
    }
    this.faults ??= new Map();
    this.faults.set(index, { fault, last: this.reading[index]! });
  }

  /** Repairs all sensors. */
  mend(): void {
    this.faults = null;
  }

  /**
   * Readings of true values: noise, faults, the range of the sensor, its resolution.
   * @param truth in the order of the template
   * @param time ms since epoch, for drifts
   * @returns valid until the next call
   */
  read(truth: Float64Array, time: number, random: Random): Float64Array {
    const { reading, table, scale } = this;
    const { noisy, exact } = table;
    random.fillRoughNormal(table.drawn);
    reading.set(truth);
    for (let k = 0; k < noisy.length; k++) {
      const point = noisy[k]!;
      reading[point] = inSteps(table, point, withNoise(table, k, scale, truth[point]!));
    }
    for (let k = 0; k < exact.length; k++) {
      const point = exact[k]!;
      reading[point] = inSteps(table, point, truth[point]!);
    }
    if (this.faults) this.readBroken(this.faults, truth, time, random);
    return reading;
  }

  private readBroken(
    faults: ReadonlyMap<number, Broken>,
    truth: Float64Array,
    time: number,
    random: Random,
  ): void {
    const { reading, table, scale } = this;
    for (const [point, broken] of faults) {
      const k = table.noisy.indexOf(point);
      const sound = k < 0 ? truth[point]! : withNoise(table, k, scale, truth[point]!);
      reading[point] = inSteps(table, point, faulty(broken, sound, time, random));
    }
  }
}

/** A true value of the `k`-th point that has noise, with the noise that was drawn. */
function withNoise(
  { atZero, own, share, drawn }: SensorTable,
  k: number,
  scale: number,
  value: number,
): number {
  const spread = value === 0 ? atZero[k]! : own[k]! + share[k]! * Math.abs(value);
  return value + scale * spread * drawn[k]!;
}

/** A value as its sensor can show it. Half a step is rounded up, without a branch that noise would make a coin toss. */
function inSteps({ min, max, steps }: SensorTable, point: number, value: number): number {
  const low = min[point]!;
  const high = max[point]!;
  const perUnit = steps[point]!;
  const within = value < low ? low : value > high ? high : value;
  return Math.floor(within * perUnit + 0.5) / perUnit;
}

function faulty(broken: Broken, value: number, time: number, random: Random): number {
  const { fault } = broken;
  switch (fault.kind) {
    case 'bias':
      return value + fault.by;
    case 'drift':
      return value + (fault.perHour * (time - fault.since)) / HOUR_MS;
    case 'freeze':
      if (Number.isNaN(broken.last)) broken.last = value;
      return broken.last;
    case 'spike':
      return random.uniform() < fault.chance ? value + fault.by : value;
    case 'noise':
      return value + fault.by * random.roughNormal();
    case 'loss':
      return Number.NaN;
  }
}

function tableOf(template: Template): SensorTable {
  const hit = tables.get(template);
  if (hit) return hit;
  const made = makeTable(template);
  tables.set(template, made);
  return made;
}

function makeTable({ points }: Template): SensorTable {
  const noisy = points.filter(({ tag }) => tag in SENSOR_NOISE);
  const exact = points.filter(({ tag, type }) => type !== 'bool' && !(tag in SENSOR_NOISE));
  const own = Float64Array.from(noisy, ({ tag }) => SENSOR_NOISE[tag]!.own);
  return {
    noisy: Uint16Array.from(noisy, ({ index }) => index),
    exact: Uint16Array.from(exact, ({ index }) => index),
    atZero: own.map((deviation, k) => (ZERO_AT_REST.has(noisy[k]!.tag) ? 0 : deviation)),
    own,
    share: Float64Array.from(noisy, ({ tag }) => SENSOR_NOISE[tag]!.share ?? 0),
    drawn: new Float64Array(noisy.length),
    steps: Float64Array.from(points, ({ resolution }) => Math.round(1 / resolution)),
    min: Float64Array.from(points, ({ min }) => min),
    max: Float64Array.from(points, ({ max }) => max),
  };
}
