import { describe, expect, it } from 'vitest';
import { createEngine, tick } from '#twin/alarm/engine.ts';
import type { PlatformHealth } from '#twin/alarm/platformWatch.ts';
import { restoreAlarms, saveAlarms } from '#twin/alarm/save.ts';
import { readRules } from '#twin/rules/load.ts';
import type { RuleText } from '#twin/rules/rule.ts';
import { emptyState } from '#twin/state/columns.ts';
import { aRule, BEGIN, rulesOf } from './timeline.ts';

/** A part that is one thing. */
const whole = (trouble: boolean, figures = {}) => [{ name: '', trouble, figures }];

const onDatabase = (given: Partial<RuleText> = {}): RuleText => ({
  ...aRule({ id: 'PLATFORM-DATABASE', for: '30 s', clearFor: '10 s', ...given }),
  when: undefined,
  platform: 'database',
});

/** Looks once a second while the platform says how it is; when it was told and when it returned, s. */
function lived(healthAt: (second: number) => PlatformHealth, seconds: number): [string, number][] {
  let health: PlatformHealth = {};
  const engine = createEngine(rulesOf(onDatabase()), emptyState(), { health: () => health });
  const log: [string, number][] = [];
  for (let second = 1; second <= seconds; second++) {
    health = healthAt(second);
    for (const { kind, station } of tick(engine, BEGIN + 1000 * second))
      log.push([`${kind} ${station}`, second]);
  }
  return log;
}

describe('an alarm of the platform itself', () => {
  it('is told after its delay and returns after its own', () => {
    const away = lived((second) => ({ database: whole(second >= 5 && second < 60) }), 100);
    expect(away).toEqual([
      ['raised platform', 35],
      ['cleared platform', 70],
    ]);
  });

  it('is not told of a short absence', () => {
    expect(lived((second) => ({ database: whole(second % 20 < 10) }), 200)).toEqual([]);
  });

  it('is not told of what the platform does not know, which its delay waits for', () => {
    expect(lived(() => ({}), 100)).toEqual([]);
    const unsure = lived((second) => (second > 20 && second <= 50 ? {} : { database: whole(true) }), 100);
    expect(unsure).toEqual([['raised platform', 61]]);
  });

  it('keeps what it was seen by', () => {
    const health = { database: whole(true, { behindSeconds: 75 }) };
    const engine = createEngine(rulesOf(onDatabase()), emptyState(), { health: () => health });
    for (let second = 1; second <= 40; second++) tick(engine, BEGIN + 1000 * second);
    expect([...engine.alarms.values()].map(({ evidence }) => evidence)).toEqual([{ behindSeconds: 75 }]);
  });

  it.each<[Partial<RuleText>, RegExp]>([
    [{ clear: 'P_IN > 0.2 MPa' }, /knows only its part/],
    [{ when: 'P_IN < 0.2 MPa' }, /one of "when", "gather" and "platform"/],
    [{ kinds: ['tank'] }, /knows only its part/],
  ])('has no condition of rooms: %j', (given, message) => {
    const rule = { ...onDatabase(), ...given };
    const { issues } = readRules({ file: 'platform.yaml', yaml: JSON.stringify([rule]) });
    expect(issues.map((issue) => issue.message).join()).toMatch(message);
  });

  it('explains no alarm of a room', () => {
    const room = aRule({ suppressedBy: ['PLATFORM-DATABASE'] });
    expect(() => rulesOf(onDatabase(), room)).toThrow(/explains no alarm of a room/);
  });
});

describe('of a part that is several things, such as notification channels', () => {
  const rules = rulesOf({ ...onDatabase({ id: 'PLATFORM-CHANNEL' }), platform: 'channel' });
  const channels = (...down: string[]) => ({
    channel: ['mail', 'wecom', 'duty'].map((name) => ({ name, trouble: down.includes(name) })),
  });
  let health: PlatformHealth = {};
  const begun = () => createEngine(rules, emptyState(), { health: () => health });
  const run = (engine: ReturnType<typeof begun>, from: number, to: number) => {
    const log: string[] = [];
    for (let second = from; second <= to; second++)
      for (const { kind, spot } of tick(engine, BEGIN + 1000 * second)) log.push(`${kind} ${spot} ${second}`);
    return log;
  };

  it('each is told by itself, also while another stands', () => {
    health = channels('mail');
    const engine = begun();
    expect(run(engine, 1, 60)).toEqual(['raised mail 31']);
    health = channels('mail', 'duty');
    expect(run(engine, 61, 100)).toEqual(['raised duty 91']);
    health = channels('duty');
    expect(run(engine, 101, 130)).toEqual(['cleared mail 111']);
  });

  it('goes on after a restart where it stood, and ends with the thing', () => {
    health = channels('mail', 'duty');
    const engine = begun();
    run(engine, 1, 40);
    health = channels('mail');
    run(engine, 41, 45);
    const next = begun();
    restoreAlarms(next, JSON.parse(JSON.stringify(saveAlarms(engine))));
    expect(run(next, 46, 60)).toEqual(['cleared duty 51']);
    health = { channel: [] };
    expect(run(next, 61, 80)).toEqual(['cleared mail 71']);
  });
});
