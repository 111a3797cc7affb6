import type { Baselines } from '#twin/baseline/city.ts';
import type { Workshop } from '#twin/rules/compile.ts';
import type { Rule } from '#twin/rules/load.ts';
import type { TemplateColumns, TwinState } from '#twin/state/columns.ts';
import type { Alarm } from './alarm.ts';
import type { AreaOf, Gathering } from './area.ts';
import type { Chatter } from './chatter.ts';
import type { Silencer } from './silencer.ts';
import type { Site } from './site.ts';

/** Supply zones of all stations, numbered as they come. */
export interface Zones {
  readonly numbers: Map<string, number>;
  readonly ofRow: Map<TemplateColumns, number[]>;
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
  /** what is usual at the stations, learnt beside the engine; null: nothing is known */
  readonly baselines: Baselines | null;
  readonly zones: Zones;
  readonly sites: Map<TemplateColumns, Site[]>;
  /** what conditions were compiled to */
  readonly workshops: Map<TemplateColumns, Workshop>;
  /** the same under the rules that were in force before, until its template is compiled */
  readonly before: Map<TemplateColumns, Workshop>;
  readonly gatherings: readonly Gathering[];
  readonly alarms: Map<string, Alarm>;
  readonly chatter: Map<string, Chatter>;
  silencers: Silencer[];
  /** of the last tick, ms since epoch */
  time: number;
}
