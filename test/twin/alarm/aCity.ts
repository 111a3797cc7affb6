import { type AlarmAction, act } from '#twin/alarm/actions.ts';
import type { AlarmEvent } from '#twin/alarm/alarm.ts';
import type { Area } from '#twin/alarm/area.ts';
import { createEngine, tick } from '#twin/alarm/engine.ts';
import { restoreAlarms, saveAlarms } from '#twin/alarm/save.ts';
import type { AlarmEngine } from '#twin/alarm/standing.ts';
import type { Rule } from '#twin/rules/load.ts';
import { addStation, emptyState, type TwinState } from '#twin/state/columns.ts';
import { Quality } from '#twin/state/quality.ts';
import { BEGIN } from './timeline.ts';

/** A look every two seconds, as the live engine's. */
const LOOK = 2;
/** The shapes of rooms that most of a city has. */
const TEMPLATES = ['tank:LO3', 'tank:LO3+MI3', 'tank:LO2+MI2+HI2', 'inline:LO2', 'inline:LO3', 'booster:LO3'];

interface Room extends Area {
  code: string;
}

/** Rooms in districts and zones, all of them as they are on a good day until a test says otherwise. */
export class City {
  readonly rooms: Room[] = [];
  readonly log: AlarmEvent[] = [];
  engine: AlarmEngine;
  private state: TwinState = emptyState();
  private readonly rules: readonly Rule[];
  private readonly silent = new Set<string>();
  private second = 0;

  /**
   * @param districts rooms of each; ten rooms of a district form a zone
   * @param zones of districts whose rooms all belong to one zone, which may be another district's
   * @param feeders of zones behind a booster, which is their first station: the zone that it draws from
   */
  constructor(
    rules: readonly Rule[],
    districts: Readonly<Record<string, number>>,
    zones: Readonly<Record<string, string>> = {},
    feeders: Readonly<Record<string, string>> = {},
  ) {
    this.rules = rules;
    for (const [district, count] of Object.entries(districts))
      for (let i = 0; i < count; i++) {
        const code = `${district}-${String(i).padStart(4, '0')}`;
        const zone = zones[district] ?? `${district}-Z${Math.floor(i / 10)}`;
        const first = !this.rooms.some((room) => room.zone === zone);
        this.rooms.push({ code, district, zone, drawsFrom: first ? feeders[zone] : undefined });
      }
    this.placeRooms();
    this.engine = this.newEngine();
    for (const { code } of this.rooms) this.set(code, GOOD_DAY);
  }

  private placeRooms(): void {
    this.rooms.forEach(({ code }, i) => {
      addStation(this.state, code, TEMPLATES[i % TEMPLATES.length]!);
    });
  }

  private newEngine(): AlarmEngine {
    const places = new Map(this.rooms.map((room) => [room.code, room]));
    return createEngine(this.rules, this.state, { areaOf: (code) => places.get(code)! });
  }

  of(district: string): Room[] {
    return this.rooms.filter((room) => room.district === district);
  }

  /** Values by tag, at every pump set and pump that has it. */
  set(code: string, values: Readonly<Record<string, number>>): void {
    const { columns, row } = this.state.places.get(code)!;
    for (const { tag, index } of columns.template.points) {
      const value = values[tag];
      if (value === undefined) continue;
      columns.values[index]![row] = value;
      columns.qualities[index]![row] = Quality.good;
      columns.times[index]![row] = this.now();
    }
    columns.lastMessage[row] = this.now();
  }

  /** Nothing was ever heard of a room. */
  neverHeard(code: string): void {
    const { columns, row } = this.state.places.get(code)!;
    columns.lastMessage[row] = 0;
    for (const times of columns.times) times[row] = 0;
    this.silent.add(code);
  }

  /** Nothing is heard of a room any more. */
  silence(code: string): void {
    this.silent.add(code);
  }

  hearAgain(code: string): void {
    this.silent.delete(code);
  }

  /** Looks until so many seconds have passed; what happens at a second comes before its look. */
  run(seconds: number, happens: (second: number) => void = () => undefined): this {
    for (const end = this.second + seconds; this.second < end; ) {
      for (let i = 0; i < LOOK; i++) happens(this.second++);
      for (const { code } of this.rooms) {
        if (this.silent.has(code)) continue;
        const { columns, row } = this.state.places.get(code)!;
        columns.lastMessage[row] = this.now();
        // unchanged values are said again after the longest silence of their points
        for (const times of columns.times) if (times[row]! > 0) times[row] = this.now();
      }
      this.log.push(...tick(this.engine, this.now()));
    }
    return this;
  }

  restart(): this {
    const saved = JSON.parse(JSON.stringify(saveAlarms(this.engine)));
    this.engine = this.newEngine();
    restoreAlarms(this.engine, saved);
    return this;
  }

  /** The server is gone for so many seconds, and with it all that it had heard; the rooms go on. */
  away(seconds: number): this {
    const saved = JSON.parse(JSON.stringify(saveAlarms(this.engine)));
    const before = this.state;
    this.state = emptyState();
    this.placeRooms();
    this.second += seconds;
    for (const [code, { columns, row }] of this.state.places) {
      const known = before.places.get(code)!;
      if (known.columns.lastMessage[known.row]! > 0) columns.awaitedSince[row] = this.now();
    }
    this.engine = this.newEngine();
    restoreAlarms(this.engine, saved);
    return this;
  }

  act(action: AlarmAction): void {
    const result = act(this.engine, action, this.now());
    if ('refused' in result) throw new Error(result.refused);
    this.log.push(...result.events);
  }

  told(): string[] {
    return this.log.filter(({ annunciates }) => annunciates).map(({ rule, station }) => `${rule} ${station}`);
  }

  /** Most annunciations within ten minutes. */
  flood(): number {
    const times = this.log.filter(({ annunciates }) => annunciates).map(({ time }) => time);
    return Math.max(
      0,
      ...times.map((from) => times.filter((time) => time >= from && time < from + 600_000).length),
    );
  }

  now(): number {
    return BEGIN + 1000 * this.second;
  }
}

export const GOOD_DAY = {
  MAINS_OK: 1,
  U_A: 400,
  U_B: 400,
  U_C: 400,
  P_IN: 0.3,
  P_OUT: 0.5,
  P_SET: 0.5,
  F_OUT: 3,
  F_IN: 3,
  HZ: 40,
  RUN: 1,
  AUTO: 1,
  AVAIL: 1,
  FLT: 0,
  I: 4,
  P_TOT: 3,
  UPS_V: 26,
  FLOOD: 0,
  LSHH: 0,
  LSLL: 0,
  HATCH: 0,
  SMOKE: 0,
  ZV_CMD: 50,
  ZV_IN: 50,
};

/** What a room measures while its incomer is dead. */
export const NO_POWER = {
  MAINS_OK: 0,
  U_A: 0,
  U_B: 0,
  U_C: 0,
  HZ: 0,
  RUN: 0,
  AVAIL: 0,
  I: 0,
  P_TOT: 0,
  P_OUT: 0.2,
  F_OUT: 0.5,
  UPS_V: 23,
};
