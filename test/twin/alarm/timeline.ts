import { type AlarmAction, act } from '#twin/alarm/actions.ts';
import type { AlarmEvent, AlarmEventKind } from '#twin/alarm/alarm.ts';
import { createEngine, tick } from '#twin/alarm/engine.ts';
import { restoreAlarms, saveAlarms, withRules } from '#twin/alarm/save.ts';
import type { AlarmEngine } from '#twin/alarm/standing.ts';
import type { Motors } from '#twin/curves/motor.ts';
import { loadRules, type Rule } from '#twin/rules/load.ts';
import type { MotorsOf } from '#twin/rules/look.ts';
import type { RuleText } from '#twin/rules/rule.ts';
import { addStation, emptyState, type TwinState } from '#twin/state/columns.ts';
import { Quality, type QualityCode } from '#twin/state/quality.ts';

export const BEGIN = Date.UTC(2026, 5, 1);
export const ROOM = 'SM-0001';
const TEMPLATE = 'tank:LO3';

/** A rule to test with: only what the test names differs from a plain one on the inlet pressure. */
export function aRule(given: Partial<RuleText> = {}): RuleText {
  return {
    id: 'LOW-INLET',
    name: { zh: '进水压力低', en: 'Inlet pressure low' },
    priority: 2,
    when: 'P_IN < 0.18 MPa',
    cause: { zh: '管网压力低', en: 'Low pressure in the main' },
    remedy: { zh: '检查管网', en: 'Look at the main' },
    version: 1,
    author: 'test',
    reason: 'test',
    ...given,
  };
}

export const rulesOf = (...texts: RuleText[]): Rule[] =>
  loadRules([{ file: 'rules.yaml', yaml: JSON.stringify(texts) }]);

/**
 * Stations, rules and seconds: `at(2.2, …)` brings a value, `run(10)` looks every second up to second 10,
 * `expectBetween(3, 3.5, 'raised')` says what must have happened next, and `expectNothing(60)` that nothing more does.
 */
export class Timeline {
  engine: AlarmEngine;
  readonly log: AlarmEvent[] = [];
  protected readonly state: TwinState;
  private second = 0;
  /** how much of the log was expected so far */
  private read = 0;
  private readonly every: number;

  private readonly motorsOf: MotorsOf;

  /** @param every s between two looks @param motors of every station; unknown when absent */
  constructor(
    rules: readonly Rule[],
    stations: readonly string[] = [ROOM],
    template = TEMPLATE,
    every = 1,
    motors?: Motors,
  ) {
    this.every = every;
    this.motorsOf = () => motors;
    this.state = emptyState();
    for (const code of stations) addStation(this.state, code, template);
    this.engine = createEngine(rules, this.state, { motorsOf: this.motorsOf });
  }

  /** Brings values of the room at a second, after all looks before it. */
  at(
    second: number,
    values: Record<string, number>,
    given: { station?: string; quality?: QualityCode } = {},
  ): this {
    this.runUntil(second);
    const { columns, row } = this.state.places.get(given.station ?? ROOM)!;
    for (const [name, value] of Object.entries(values)) {
      const index = columns.template.index.get(name);
      if (index === undefined) throw new Error(`${columns.template.id} has no ${name}`);
      columns.values[index]![row] = value;
      columns.qualities[index]![row] = given.quality ?? Quality.good;
      columns.times[index]![row] = BEGIN + 1000 * second;
    }
    columns.lastMessage[row] = BEGIN + 1000 * second;
    return this;
  }

  /** Looks up to and with this second. */
  run(until: number): this {
    while (this.second + this.every <= until) this.look();
    return this;
  }

  /** Looks up to, and not at, a second. */
  protected runUntil(second: number): void {
    while (this.second + this.every < second) this.look();
  }

  private look(): void {
    this.second += this.every;
    this.log.push(...tick(this.engine, BEGIN + 1000 * this.second));
  }

  /** Looks until the second `to`: the next that happened, after what was expected before, is this and not before `from`. */
  expectBetween(from: number, to: number, kind: AlarmEventKind, rule = 'LOW-INLET'): this {
    this.run(to);
    const next = this.log[this.read];
    if (!next) throw new Error(`until ${to} s ${rule} was not ${kind}: nothing happened`);
    const second = (next.time - BEGIN) / 1000;
    if (next.kind !== kind || next.rule !== rule || second < from || second > to)
      throw new Error(
        `${rule} should have been ${kind} between ${from} and ${to} s: ${next.rule} was ${next.kind} at ${second} s`,
      );
    this.read++;
    return this;
  }

  /** Looks until a second: nothing but what was expected has happened. */
  expectNothing(until: number): this {
    this.run(until);
    const next = this.log[this.read];
    if (next)
      throw new Error(
        `nothing should have happened: ${next.rule} was ${next.kind} at ${(next.time - BEGIN) / 1000} s`,
      );
    return this;
  }

  /** Somebody does something now; the answer is what was refused, or nothing. */
  act(action: AlarmAction): string | undefined {
    const result = act(this.engine, action, BEGIN + 1000 * this.second);
    if ('refused' in result) return result.refused;
    this.log.push(...result.events);
    return undefined;
  }

  /** The program ends and starts again. */
  restart(): this {
    const saved = JSON.parse(JSON.stringify(saveAlarms(this.engine)));
    this.engine = createEngine(this.engine.rules, this.state, { motorsOf: this.motorsOf });
    restoreAlarms(this.engine, saved);
    return this;
  }

  edit(rules: readonly Rule[]): this {
    const { engine, events } = withRules(this.engine, rules);
    this.engine = engine;
    this.log.push(...events);
    return this;
  }

  /** Seconds at which something happened. */
  seconds(kind: AlarmEventKind, rule?: string): number[] {
    return this.log
      .filter((event) => event.kind === kind && (rule === undefined || event.rule === rule))
      .map(({ time }) => (time - BEGIN) / 1000);
  }

  annunciations(): string[] {
    return this.log
      .filter(({ annunciates }) => annunciates)
      .map(({ rule, spot }) => (spot ? `${rule} ${spot}` : rule));
  }
}
