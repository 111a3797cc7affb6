import type { City } from '#sim/city/model.ts';
import type { Random } from '#sim/random.ts';
import { readRoom } from '#sim/station/points.ts';
import { Sensors } from '#sim/station/sensors.ts';
import { level, outletSeen, type Room } from '#sim/station/state.ts';
import { type Disturbance, disturbanceOf } from './disturbance.ts';
import type { Standing } from './force.ts';

/** The instruments of one room. */
interface Panel {
  room: Room;
  sensors: Sensors;
  truth: Float64Array;
  /** the controller's own transmitters: what they read too much shows here too; −1 without a tank */
  level: number;
  pressures: readonly number[];
  disturbances: readonly Disturbance[];
  /** ms by which the gateway's clock is fast */
  clock: number;
}

/** What the instruments of rooms show of their true state, with what events in force put between the two. */
export class Instruments {
  private readonly panels: ReadonlyMap<number, Panel>;
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
    this.panels = new Map(
      rooms.map((number) => {
        const room = city.rooms[number]!;
        const { template } = room.spec;
        const panel: Panel = {
          room,
          sensors: new Sensors(template, noise),
          truth: new Float64Array(template.points.length),
          level: template.index.get('L1') ?? -1,
          pressures: city.model.rooms[number]!.station.pumpSets.map(
            ({ zone }) => template.index.get(`${zone}/P_OUT`)!,
          ),
          disturbances: [],
          clock: 0,
        };
        return [number, panel];
      }),
    );
  }

  /** Readings of a room in the order of its template; valid until its next reading. @param time ms, for drifts */
  read(number: number, time: number): Float64Array {
    const { room, sensors, truth, level: at, pressures, disturbances } = this.panels.get(number)!;
    readRoom(room, truth);
    if (at >= 0) truth[at] = Math.max(0, level(room) + room.state.levelError);
    for (let k = 0; k < pressures.length; k++) truth[pressures[k]!] = outletSeen(room, k);
    for (const { change } of disturbances) change?.(truth, this.random);
    return sensors.read(truth, time, this.random);
  }

  /** ms by which the clock of a room's gateway is fast. */
  clock(number: number): number {
    return this.panels.get(number)!.clock;
  }

  /** Lets events be seen; those before are mended. */
  breakBy(standing: readonly Standing[]): void {
    for (const panel of this.disturbed) {
      panel.sensors.mend();
      panel.disturbances = [];
      panel.clock = 0;
    }
    const seen = new Set<Panel>();
    for (const one of standing) {
      const disturbance = disturbanceOf(this.city, one);
      const panel = disturbance && this.panels.get(disturbance.room);
      if (!panel) continue;
      seen.add(panel);
      panel.disturbances = [...panel.disturbances, disturbance];
      panel.clock += disturbance.clock ?? 0;
      if (disturbance.sensor) panel.sensors.fault(disturbance.sensor.point, disturbance.sensor.fault);
    }
    this.disturbed = [...seen];
  }
}
