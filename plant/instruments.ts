import type { City } from '#sim/city/model.ts';
import { Random } from '#sim/random.ts';
import type { Standing } from '#sim/scenario/force.ts';
import { readRoom } from '#sim/station/points.ts';
import { type SensorFault, Sensors } from '#sim/station/sensors.ts';

/** What the instruments of every room show of its true state. */
export class Instruments {
  private readonly sensors: readonly Sensors[];
  private readonly truth: readonly Float64Array[];
  private readonly random: Random;
  /** room and point of each instrument that is broken now */
  private broken: { room: number; point: string }[] = [];

  /** @param noise factor on the noise of every sensor */
  constructor(
    private readonly city: City,
    noise: number,
    seed: number,
  ) {
    this.sensors = city.rooms.map(({ spec }) => new Sensors(spec.template, noise));
    this.truth = city.rooms.map(({ spec }) => new Float64Array(spec.template.points.length));
    this.random = new Random(seed, 2);
  }

  /** Readings of a room in the order of its template; valid until its next reading. @param time ms, for drifts */
  read(room: number, time: number): Float64Array {
    const truth = this.truth[room]!;
    readRoom(this.city.rooms[room]!, truth);
    return this.sensors[room]!.read(truth, time, this.random);
  }

  /** The transmitters that events have broken; a controller's transmitter is the one whose values are reported. */
  breakBy(standing: readonly Standing[]): void {
    for (const { room, point } of this.broken) this.sensors[room]!.fault(point, null);
    this.broken = [];
    for (const { event, since } of standing) {
      if (event.do !== 'sensor-fault') continue;
      const room = this.city.model.roomOf.get(event.station)!;
      const point = event.point === 'L1' ? 'L1' : `${event.set}/${event.point}`;
      this.sensors[room]!.fault(point, faultOf(event.fault, event.by, since));
      this.broken.push({ room, point });
    }
  }
}

function faultOf(fault: 'frozen' | 'bias' | 'drift', by: number, since: number): SensorFault {
  if (fault === 'frozen') return { kind: 'freeze' };
  if (fault === 'bias') return { kind: 'bias', by };
  return { kind: 'drift', perHour: by, since };
}
