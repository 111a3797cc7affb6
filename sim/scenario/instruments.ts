import type { City } from '#sim/city/model.ts';
import type { Random } from '#sim/random.ts';
import { roomLayout } from '#sim/station/fields.ts';
import { type PointMap, pointMap, readPoints } from '#sim/station/points.ts';
import { type Rooms, roomAt, setAt } from '#sim/station/rooms.ts';
import { seenPressure } from '#sim/station/seen.ts';
import { Sensors } from '#sim/station/sensors.ts';
import type { Template } from '#twin/catalogue/template.ts';
import { type Disturbance, disturbanceOf } from './disturbance.ts';
import type { Standing } from './force.ts';

/** The instruments of one room. */
interface Panel {
  map: PointMap;
  sensors: Sensors;
  /** scratch, shared by the rooms of a template */
  truth: Float64Array;
  /** null where nothing disturbs */
  disturbances: readonly Disturbance[] | null;
  /** ms by which the gateway's clock is fast */
  clock: number;
}

const LEVEL_ERROR = roomLayout.at.levelError;

/** What the instruments of rooms show of their true state, with what events in force put between the two. */
export class Instruments {
  /** what was read last: of the rooms one after another, each in the order of its template; NaN before */
  readonly readings: Float64Array;
  /** by number of the room */
  private readonly panels: readonly (Panel | undefined)[];
  /** rooms that an event is seen in */
  private disturbed: readonly Panel[] = [];

  /**
   * @param rooms numbers of those that are read
   * @param random of the noise: its own, so that whether a room is read does not change the city
   * @param noise factor on the noise of every sensor
   */
  constructor(
    private readonly city: City,
    rooms: readonly number[],
    private readonly random: Random,
    noise = 1,
  ) {
    const length = (number: number) => city.rooms[number]!.spec.template.points.length;
    this.readings = new Float64Array(rooms.reduce((sum, room) => sum + length(room), 0)).fill(Number.NaN);
    const truths = new Map<Template, Float64Array>();
    const panels: (Panel | undefined)[] = city.rooms.map(() => undefined);
    let at = 0;
    for (const number of rooms) {
      const { template } = city.rooms[number]!.spec;
      const truth = truths.get(template) ?? new Float64Array(template.points.length);
      truths.set(template, truth);
      const own = this.readings.subarray(at, at + truth.length);
      const sensors = new Sensors(template, noise, own);
      panels[number] = { map: pointMap(template), sensors, truth, disturbances: null, clock: 0 };
      at += truth.length;
    }
    this.panels = panels;
  }

  /** Readings of a room in the order of its template; valid until its next reading. @param time ms, for drifts */
  read(number: number, time: number): Float64Array {
    const { map, sensors, truth, disturbances } = this.panels[number]!;
    const { company } = this.city;
    readPoints(company, number, map, truth);
    seeAsController(company, number, map, truth);
    if (disturbances) for (const { change } of disturbances) change?.(truth, this.random);
    return sensors.read(truth, time, this.random);
  }

  /** ms by which the clock of a room's gateway is fast. */
  clock(number: number): number {
    return this.panels[number]!.clock;
  }

  /** Lets events be seen; those before are mended. */
  breakBy(standing: readonly Standing[]): void {
    for (const panel of this.disturbed) {
      panel.sensors.mend();
      panel.disturbances = null;
      panel.clock = 0;
    }
    const seen = new Set<Panel>();
    for (const one of standing) {
      const disturbance = disturbanceOf(this.city, one);
      const panel = disturbance && this.panels[disturbance.room];
      if (!panel) continue;
      seen.add(panel);
      panel.disturbances = [...(panel.disturbances ?? []), disturbance];
      panel.clock += disturbance.clock ?? 0;
      if (disturbance.sensor) panel.sensors.fault(disturbance.sensor.point, disturbance.sensor.fault);
    }
    this.disturbed = [...seen];
  }
}

/** The controller's own transmitters of level and outlet pressure are those that are reported: with what they read too much. */
function seeAsController(rooms: Rooms, i: number, { station, outlets }: PointMap, truth: Float64Array): void {
  const { row, firstSet } = rooms;
  if (station.L1 >= 0) truth[station.L1] = Math.max(0, truth[station.L1]! + row[roomAt(i) + LEVEL_ERROR]!);
  for (let k = 0; k < outlets.length; k++)
    truth[outlets[k]!] = seenPressure(row, setAt(rooms, firstSet[i]! + k));
}
