import type { AlarmEvent } from '#twin/alarm/alarm.ts';
import type { AreaOf } from '#twin/alarm/area.ts';
import { createEngine, fillWindows, tick } from '#twin/alarm/engine.ts';
import type { AlarmEngine } from '#twin/alarm/standing.ts';
import { type FleetWindows, windowsOf } from '#twin/alarm/windows.ts';
import { createBaselines, learn } from '#twin/baseline/city.ts';
import type { Rule } from '#twin/rules/load.ts';
import type { MotorsOf } from '#twin/rules/look.ts';
import { addStation, emptyState, type Place, type TwinState } from '#twin/state/columns.ts';
import { sweepStale } from '#twin/state/freshness.ts';
import { SECOND } from '#twin/units.ts';

/** What is recorded of one station in a stretch of time; times in ms since epoch, in order. */
export interface RecordedStation {
  code: string;
  /** when it was heard */
  heard: ArrayLike<number>;
  series: readonly RecordedPoint[];
}

export interface RecordedPoint {
  point: string;
  t: ArrayLike<number>;
  values: ArrayLike<number>;
  qualities: ArrayLike<number>;
}

export interface RecordedOptions {
  /** reporting interval of the stations, ms */
  interval: number;
  /** of the first look, ms since epoch */
  from: number;
  areaOf: AreaOf;
  motorsOf: MotorsOf;
}

/** The engine looks this often, as the live one does. */
const LOOK_EVERY = 2 * SECOND;
/** A frame in which nothing was new is not recorded: a station is not silent within so short a gap. */
const SHORT_GAP = 30 * SECOND;

/**
 * Replays what the history recorded through the engine, under several sets of rules at once. Qualities are those of
 * the record; that a node's death was announced is not recorded, so that `offline()` never holds. What is usual is learnt
 * from the record itself.
 */
export class RecordedReplay {
  private readonly state: TwinState = emptyState();
  private readonly baselines = createBaselines();
  private readonly engines: AlarmEngine[];
  private readonly interval: number;
  private now: number;

  /** @param stations template id by code */
  constructor(
    sets: readonly (readonly Rule[])[],
    stations: Readonly<Record<string, string>>,
    { interval, from, areaOf, motorsOf }: RecordedOptions,
  ) {
    for (const [code, template] of Object.entries(stations)) addStation(this.state, code, template);
    this.engines = sets.map((rules) =>
      createEngine(rules, this.state, { areaOf, motorsOf, baselines: this.baselines }),
    );
    this.interval = interval;
    this.now = from;
  }

  /** Plays on to before `until` with what is recorded up to there; what happened, by set of rules. */
  play(recorded: readonly RecordedStation[], until: number): AlarmEvent[][] {
    const logs: AlarmEvent[][] = this.engines.map(() => []);
    this.pass(recorded, until, (now) => {
      learn(this.baselines, this.state, now);
      this.engines.forEach((engine, i) => {
        logs[i]!.push(...tick(engine, now));
      });
    });
    return logs;
  }

  /** Plays on to before `until` for the moving windows alone. */
  fill(recorded: readonly RecordedStation[], until: number): void {
    this.pass(recorded, until, (now) => fillWindows(this.engines[0]!, now));
  }

  private pass(recorded: readonly RecordedStation[], until: number, look: (now: number) => void): void {
    const tapes = recorded.flatMap(({ code, series }) => series.map((one) => tapeOf(this.place(code), one)));
    const hearings = recorded.map(({ code, heard }) => ({ place: this.place(code), heard, next: 0 }));
    for (; this.now < until; this.now += LOOK_EVERY) {
      for (const tape of tapes) wind(tape, this.now);
      for (const hearing of hearings) hear(hearing, this.now, until);
      for (const columns of this.state.byTemplate.values())
        sweepStale(columns, { interval: this.interval, now: this.now });
      look(this.now);
    }
  }

  /** What moving windows know now, under the first set of rules. */
  windows(): FleetWindows[] {
    return windowsOf(this.engines[0]!);
  }

  private place(code: string): Place {
    const place = this.state.places.get(code);
    if (!place) throw new Error(`${code} is not among the stations of the replay`);
    return place;
  }
}

interface Tape {
  place: Place;
  index: number;
  recorded: RecordedPoint;
  next: number;
}

function tapeOf(place: Place, recorded: RecordedPoint): Tape {
  const index = place.columns.template.index.get(recorded.point);
  if (index === undefined) throw new Error(`${place.columns.template.id} has no point ${recorded.point}`);
  return { place, index, recorded, next: 0 };
}

/** The newest value at or before `now` takes its place. */
function wind(tape: Tape, now: number): void {
  const { t, values, qualities } = tape.recorded;
  let next = tape.next;
  while (next < t.length && t[next]! <= now) next++;
  if (next === tape.next) return;
  tape.next = next;
  const { columns, row } = tape.place;
  columns.values[tape.index]![row] = values[next - 1]!;
  columns.qualities[tape.index]![row] = qualities[next - 1]!;
  columns.times[tape.index]![row] = t[next - 1]!;
}

interface Hearing {
  place: Place;
  heard: ArrayLike<number>;
  next: number;
}

function hear(hearing: Hearing, now: number, until: number): void {
  const { heard, place } = hearing;
  const { lastMessage } = place.columns;
  while (hearing.next < heard.length && heard[hearing.next]! <= now) {
    lastMessage[place.row] = heard[hearing.next]!;
    hearing.next++;
  }
  const last = hearing.next > 0 ? heard[hearing.next - 1]! : lastMessage[place.row]!;
  const following = heard[hearing.next] ?? until;
  if (last > 0 && following - last <= SHORT_GAP) lastMessage[place.row] = now;
}
