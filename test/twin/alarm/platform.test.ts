import { describe, expect, it } from 'vitest';
import { createEngine, tick } from '#twin/alarm/engine.ts';
import type { PlatformHealth } from '#twin/alarm/platformWatch.ts';
import { readRules } from '#twin/rules/load.ts';
import type { RuleText } from '#twin/rules/rule.ts';
import { emptyState } from '#twin/state/columns.ts';
import { aRule, BEGIN, rulesOf } from './timeline.ts';

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
    const away = lived((second) => ({ database: second >= 5 && second < 60 }), 100);
    expect(away).toEqual([
      ['raised platform', 35],
      ['cleared platform', 70],
    ]);
  });

  it('is not told of a short absence', () => {
    expect(lived((second) => ({ database: second % 20 < 10 }), 200)).toEqual([]);
  });

  it('is not told of what the platform does not know, which its delay waits for', () => {
    expect(lived(() => ({}), 100)).toEqual([]);
    const unsure = lived((second) => (second > 20 && second <= 50 ? {} : { database: true }), 100);
    expect(unsure).toEqual([['raised platform', 61]]);
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
