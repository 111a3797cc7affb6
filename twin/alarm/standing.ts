import type { Baselines } from '#twin/baseline/city.ts';
import type { StationKind } from '#twin/model/station.ts';
import type { Workshop } from '#twin/rules/compile.ts';
import type { Fleet } from '#twin/rules/fleet.ts';
import type { Rule } from '#twin/rules/load.ts';
import type { MotorsOf } from '#twin/rules/look.ts';
import type { TwinState } from '#twin/state/columns.ts';
import type { Alarm } from './alarm.ts';
import type { AreaOf, Gathering } from './area.ts';
import type { Chatter } from './chatter.ts';
import type { PlatformHealth, PlatformWatch } from './platformWatch.ts';
import type { Silencer } from './silencer.ts';
import type { Site } from './site.ts';

/** Supply zones of all stations, numbered as they come. */
export interface Zones {
  readonly numbers: Map<string, number>;
  /** by station of a fleet */
  readonly of: Map<Fleet, number[]>;
}

/**
 * The alarm engine: rules over columns, the life cycle of each alarm, and the log of what happened. It knows no
 * clock: `tick` is told the time, the same values at the same times give the same log.
 */
export interface AlarmEngine {
  readonly rules: readonly Rule[];
  readonly byId: ReadonlyMap<string, Rule>;
  readonly state: TwinState;
  /** China Standard Time unless told otherwise, ms */
  readonly zoneOffset: number;
  readonly areaOf: AreaOf;
  readonly motorsOf: MotorsOf;
  /** what is usual at the stations, learnt beside the engine; null: nothing is known */
  readonly baselines: Baselines | null;
  readonly zones: Zones;
  readonly fleets: Map<StationKind, Fleet>;
  readonly sites: Map<Fleet, Site[]>;
  /** what conditions were compiled to */
  readonly workshops: Map<Fleet, Workshop>;
  /** the same under the rules that were in force before, until its fleet is compiled */
  readonly before: Map<Fleet, Workshop>;
  readonly gatherings: readonly Gathering[];
  /** rules on the platform's own health, and what is asked for it at every look */
  readonly platform: readonly PlatformWatch[];
  readonly health: () => PlatformHealth;
  readonly alarms: Map<string, Alarm>;
  /** the same by station: what explains each other stands at one */
  readonly atStation: Map<string, Set<Alarm>>;
  readonly chatter: Map<string, Chatter>;
  silencers: Silencer[];
  /** of the last tick, ms since epoch */
  time: number;
}

/** The kind of a station; undefined for an area and the platform. */
export const kindAt = ({ state }: AlarmEngine, station: string): StationKind | undefined =>
  state.places.get(station)?.columns.template.kind;
