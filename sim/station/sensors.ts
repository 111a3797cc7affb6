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
  /** reads nothing: NaN */
  | { kind: 'loss' };

/** Noise, steps and ranges of all sensors of a template. */
interface SensorTable {
  own: Float64Array;
  share: Float64Array;
  restsAtZero: Uint8Array;
  /** steps per unit */
  steps: Float64Array;
  min: Float64Array;
  max: Float64Array;
}

const HOUR_MS = 3_600_000;
const tables = new Map<Template, SensorTable>();

/** The sensors of one room: turn true values into readings. */
export class Sensors {
  private readonly table: SensorTable;
  private readonly faults = new Map<number, SensorFault>();
  private readonly reading: Float64Array;

  /** @param scale factor on the noise of every sensor */
  constructor(
    private readonly template: Template,
    private readonly scale = 1,
  ) {
    this.table = tableOf(template);
    this.reading = new Float64Array(template.points.length);
  }

  /** Breaks, or with null repairs, the sensor of a point. @throws RangeError when there is no such point */
  fault(point: string, fault: SensorFault | null): void {
    const index = this.template.index.get(point);
    if (index === undefined) throw new RangeError(`${this.template.id} has no point ${point}`);
    if (fault) this.faults.set(index, fault);
    else this.faults.delete(index);
  }

  /** Repairs all sensors. */
  mend(): void {
    this.faults.clear();
  }

  /**
   * Readings of true values: noise, faults, the range of the sensor, its resolution.
   * @param truth in the order of the template
   * @param time ms since epoch, for drifts
   * @returns valid until the next call
   */
  read(truth: Float64Array, time: number, random: Random): Float64Array {
    const { table, reading, scale } = this;
    for (let i = 0; i < reading.length; i++) {
      let value = truth[i]!;
      const own = table.own[i]!;
      if (own > 0 && !(value === 0 && table.restsAtZero[i] === 1))
        value += scale * (own + table.share[i]! * Math.abs(value)) * random.roughNormal();
      const fault = this.faults.size > 0 ? this.faults.get(i) : undefined;
      if (fault) value = faulty(fault, value, reading[i]!, time, random);
      if (value < table.min[i]!) value = table.min[i]!;
      else if (value > table.max[i]!) value = table.max[i]!;
      const steps = table.steps[i]!;
      reading[i] = Math.round(value * steps) / steps;
    }
    return reading;
  }
}

function faulty(fault: SensorFault, value: number, last: number, time: number, random: Random): number {
  switch (fault.kind) {
    case 'bias':
      return value + fault.by;
    case 'drift':
      return value + (fault.perHour * (time - fault.since)) / HOUR_MS;
    case 'freeze':
      return last;
    case 'spike':
      return random.uniform() < fault.chance ? value + fault.by : value;
    case 'loss':
      return Number.NaN;
  }
}

function tableOf(template: Template): SensorTable {
  const hit = tables.get(template);
  if (hit) return hit;
  const column = (of: (point: Template['points'][number]) => number) =>
    Float64Array.from(template.points, of);
  const table: SensorTable = {
    own: column((point) => SENSOR_NOISE[point.tag]?.own ?? 0),
    share: column((point) => SENSOR_NOISE[point.tag]?.share ?? 0),
    restsAtZero: Uint8Array.from(template.points, (point) => (ZERO_AT_REST.has(point.tag) ? 1 : 0)),
    steps: column((point) => Math.round(1 / point.resolution)),
    min: column((point) => point.min),
    max: column((point) => point.max),
  };
  tables.set(template, table);
  return table;
}
