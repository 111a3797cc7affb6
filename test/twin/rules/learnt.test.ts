import { describe, expect, it } from 'vitest';
import { aRule, rulesOf } from '#test/twin/alarm/timeline.ts';
import { expectedAt, MONDAY } from '#test/twin/baseline/days.ts';
import { createEngine, tick } from '#twin/alarm/engine.ts';
import { pointsOf } from '#twin/backtest/needs.ts';
import { type Baselines, createBaselines, learn } from '#twin/baseline/city.ts';
import { loadBaseline, saveBaseline } from '#twin/baseline/station.ts';
import { template } from '#twin/catalogue/template.ts';
import { checkCondition } from '#twin/rules/check.ts';
import { compile, workshop } from '#twin/rules/compile.ts';
import { emptyFleet, extendFleet } from '#twin/rules/fleet.ts';
import { Flag } from '#twin/rules/look.ts';
import { parse } from '#twin/rules/parse.ts';
import { possible } from '#twin/rules/possible.ts';
import { addStation, emptyState } from '#twin/state/columns.ts';
import { Quality } from '#twin/state/quality.ts';
import { HOUR, MINUTE } from '#twin/units.ts';

const ROOM = template({ kind: 'tank', sets: [{ zone: 'LO', pumps: 2 }] });
const UTC = MONDAY - 8 * HOUR;
const GOOD = Uint8Array.from([1, 0, 0, 0, 0, 1, 0, 0]);

/** A room that draws its pattern, lifts at 0.4 kWh/m³ and has one pump running at a time. */
class PatternRoom {
  readonly state = emptyState();
  readonly columns = addStation(this.state, 'SM-0001', ROOM.id).columns;
  readonly baselines: Baselines = createBaselines();
  now = UTC;

  constructor() {
    for (const one of this.columns.qualities) one.fill(Quality.good);
  }

  say(values: Readonly<Record<string, number>>): this {
    for (const { tag, name, index } of ROOM.points) {
      const value = values[name] ?? values[tag];
      if (value !== undefined) this.columns.values[index]![0] = value;
    }
    this.columns.lastMessage[0] = this.now;
    return this;
  }

  /** Minutes up to an hour since MONDAY, drawing `factor` times the pattern. */
  live(until: number, { factor = 1, head = 0.5 } = {}): this {
    for (; this.now < UTC + until * HOUR; this.now += MINUTE) {
      const flow = factor * expectedAt(Math.floor((this.now - UTC) / HOUR));
      // H = 0.8 s² − 0.0005 Q²
      const hz = 50 * Math.sqrt((head + 0.0005 * flow * flow) / 0.8);
      const alone = { 'LO/P1/RUN': 1, 'LO/P1/HZ': hz, 'LO/P1/KW': 0.4 * flow };
      const rests = { 'LO/P2/RUN': 0, 'LO/P2/HZ': 0, 'LO/P2/KW': 0 };
      this.say({ F_OUT: flow, P_OUT: 0.5, L1: 0, P_IN: 0.3, P_TOT: 4, ...alone, ...rests });
      learn(this.baselines, this.state, this.now);
    }
    return this;
  }

  /** What a condition says now at the spot it is looked at first. */
  says(text: string): boolean | null {
    const { condition, scope } = checkCondition(parse(text));
    const column = compile(condition, workshop(ROOM.kind), scope, GOOD)!;
    const fleet = emptyFleet(ROOM.kind);
    extendFleet(fleet, this.columns);
    const known = this.baselines.byTemplate.get(this.columns);
    const learnt = known ? { of: known.of, at: Float64Array.from(known.learnt) } : null;
    const [flag] = column({ fleet, now: this.now, zoneOffset: 8 * HOUR, learnt, around: null });
    return flag === Flag.unknown ? null : flag === Flag.yes;
  }
}

const refusal = (text: string): string => {
  try {
    checkCondition(parse(text));
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error(`${text} was to be refused`);
};

describe('what is usual, in rules', () => {
  it('is not known before enough was learnt', () => {
    const room = new PatternRoom().live(50);
    for (const text of [
      'F_OUT > usual(F_OUT)',
      'F_OUT > usual(F_OUT) + 4 * spread(F_OUT)',
      'forecast(F_OUT, 2 h) > 1 m³/h',
      'usualNightMinimum(F_OUT) < 1 m³/h',
      'usualEnergy(F_OUT) > 0.1 kWh/m³',
    ])
      expect([text, room.says(text)]).toEqual([text, null]);
    // one night was seen
    expect(room.says('nightMinimum(F_OUT) = 2 m³/h')).toBe(true);
  });

  it('an engine without baselines knows nothing of it', () => {
    const { state, now } = new PatternRoom().live(100);
    const engine = createEngine(rulesOf(aRule({ when: 'F_OUT > 0 * usual(F_OUT)' })), state);
    expect(tick(engine, now)).toEqual([]);
  });

  it('raises at once after a restart', () => {
    const { state, now, baselines } = new PatternRoom().live(4 * 24 + 12.5).say({ F_OUT: 20 });
    const saved = JSON.stringify(saveBaseline(baselines.byStation.get('SM-0001')!));
    const rules = rulesOf(aRule({ when: 'F_OUT > usual(F_OUT) + 4 * spread(F_OUT)' }));
    const known = createBaselines(new Map([['SM-0001', loadBaseline(JSON.parse(saved))]]));
    const told = tick(createEngine(rules, state, { baselines: known }), now);
    expect(told.map(({ kind, spot }) => [kind, spot])).toEqual([['raised', 'LO']]);
  });

  it('is that of the hour and of the kind of day', () => {
    // Friday at noon
    const room = new PatternRoom().live(4 * 24 + 12.5);
    expect(room.says('usual(F_OUT) > 12.9 m³/h and usual(F_OUT) < 13.1 m³/h')).toBe(true);
    expect(room.says('abs(usual(P_IN) - P_IN) < 0.001 MPa')).toBe(true);
    room.say({ F_OUT: 20 });
    expect(room.says('F_OUT > usual(F_OUT) + 4 * spread(F_OUT)')).toBe(true);
    expect(room.says('forecast(F_OUT, 8 h) > 20 m³/h')).toBe(true);
    // of a Saturday nothing is known yet
    expect(room.says('forecast(F_OUT, 1 d) > 0 m³/h')).toBe(null);
  });

  it('tells a night that does not fall from the others', () => {
    const room = new PatternRoom().live(4 * 24);
    expect(room.says('nightMinimum(F_OUT) > 1.5 * usualNightMinimum(F_OUT)')).toBe(false);
    room.live(4 * 24 + 6, { factor: 2 });
    expect(room.says('nightMinimum(F_OUT) > 1.5 * usualNightMinimum(F_OUT)')).toBe(true);
  });

  it('knows what a cubic metre costs at a flow', () => {
    // a Tuesday at noon, as on five working days before
    const room = new PatternRoom().live(8 * 24 + 12);
    expect(room.says('sum(KW) / F_OUT > 1.2 * usualEnergy(F_OUT)')).toBe(false);
    room.say({ 'LO/P1/KW': 0.5 * 13, F_OUT: 13 });
    expect(room.says('sum(KW) / F_OUT > 1.2 * usualEnergy(F_OUT)')).toBe(true);
    expect(room.says('usualEnergy(F_OUT) > 0.39 kWh/m³ and usualEnergy(F_OUT) < 0.41 kWh/m³')).toBe(true);
  });

  it('knows how much of its head a pump has left', () => {
    const room = new PatternRoom().live(24);
    expect(room.says('headShare() > 0.99 and shutoffShare() > 0.99')).toBe(true);
    // the speed of a pump whose every metre costs a ninth more
    room.live(40, { head: 0.56 });
    expect(room.says('headShare() < 0.95')).toBe(true);
  });

  it('is refused of points that nothing is learnt of, with units that do not fit, and beyond a day', () => {
    expect(refusal('F_IN > usual(F_IN)')).toBe('usual is not learnt of F_IN: of F_OUT, P_IN, P_TOT');
    expect(refusal('nightMinimum(P_IN) > 0 MPa')).toBe('nightMinimum is not learnt of P_IN: of F_OUT');
    expect(refusal('usual(F_OUT) > 0.5 MPa')).toMatch('m³/h and MPa do not fit together');
    expect(refusal('usualEnergy(P_OUT) > 1 kWh/m³')).toMatch('m³/h and MPa do not fit together');
    expect(refusal('usualEnergy(F_OUT) > 1 kWh')).toMatch(
      'kWh/m³ and kWh do not fit together; in kWh/m³: usualEnergy()',
    );
    expect(refusal('forecast(F_OUT, 3 d) > 1 m³/h')).toBe('a forecast reaches a day at most');
    expect(refusal('forecast(F_OUT) > 1 m³/h')).toBe('forecast takes another number of values: 2, not 1');
    expect(refusal('usual(F_OUT + 1 m³/h) > 2 m³/h')).toBe('usual needs a point');
    expect(refusal('usuall(F_OUT) > 1 m³/h')).toContain('did you mean usual');
  });

  it('a condition that no learnt value can fulfil is seen', () => {
    const judged = (text: string) => possible(checkCondition(parse(text)).condition);
    expect(judged('usual(F_OUT) < 0 m³/h').holds).toBe(false);
    expect(judged('spread(F_OUT) >= 0 m³/h').fails).toBe(false);
    expect(judged('headShare() < 0.9')).toEqual({ holds: true, fails: true });
  });

  it('a back-test reads the points it is learnt from', () => {
    const needs = (when: string) => pointsOf(rulesOf(aRule({ when })), ROOM);
    expect(needs('F_OUT > usual(F_OUT)')).toEqual(['LO/F_OUT']);
    expect(needs('usualEnergy(10 m³/h) > 1 kWh/m³')).toEqual(['LO/F_OUT', 'LO/P1/KW', 'LO/P2/KW']);
    expect(needs('headShare() < 0.9')).toContain('LO/P2/RUN');
  });
});
