import { describe, expect, it } from 'vitest';
import { RULES, rulesIn } from '#server/alarms/ruleFolder.ts';
import { ROOM, Timeline } from '#test/twin/alarm/timeline.ts';
import { POINTS } from '#twin/catalogue/points.data.ts';

const RULES_IN_FORCE = rulesIn(RULES);

/** Ids of what is told while a point, reported once a minute, holds a value; until a rule is. @param minutes at most */
function toldOf(kind: string, point: string, value: number, minutes: number, until?: string): Set<string> {
  const line = new Timeline(RULES_IN_FORCE, [ROOM], `${kind}:LO1`);
  const told = new Set<string>();
  for (let minute = 0; minute < minutes && !told.has(until ?? ''); minute++) {
    line.at(60 * minute + 1, { [point]: value });
    for (const { kind: what, rule } of line.log.splice(0)) if (what === 'raised') told.add(rule);
  }
  return told;
}

/** An outer limit of the catalogue, a value beyond it, and who tells. */
const OUTER: readonly (readonly [kind: string, point: string, beyond: number, rule: string])[] = [
  ['tank', 'P_IN', 0.61, 'INLET-HIGH'],
  ['tank', 'P_IN', 0.09, 'F21-LOW-INLET'],
  ['inline', 'P_STAB', -0.02, 'VACUUM'],
  ['inline', 'VAC_VLV', 1, 'VACUUM'],
  ['tank', 'U_B', 438, 'OVERVOLTAGE'],
  ['tank', 'U_B', 322, 'F10-UNDERVOLTAGE'],
  ['tank', 'CL2', 0.04, 'F34-CHLORINE-LOW'],
  ['tank', 'CL2', 2.1, 'CHLORINE-HIGH'],
  ['tank', 'TURB', 1.1, 'F35-TURBIDITY-HIGH'],
  ['tank', 'PH', 6.4, 'PH-OUT'],
  ['tank', 'PH', 8.6, 'PH-OUT'],
  ['tank', 'T_ROOM', 1, 'ROOM-COLD'],
  ['tank', 'T_ROOM', 43, 'F38-ROOM-CLIMATE'],
  ['tank', 'RH', 98, 'F38-ROOM-CLIMATE'],
  ['tank', 'NOISE', 86, 'NOISE-HIGH'],
  ['tank', 'SUMP', 0.16, 'SUMP-HIGH'],
  ['tank', 'DOOR', 1, 'DOOR-OPEN'],
  ['tank', 'CLEANED', 91, 'F42-CLEANING-OVERDUE'],
  ['tank', 'LO/P1/T_MOT', 141, 'MOTOR-HOT'],
  ['tank', 'LO/P1/T_VFD', 86, 'F08-DRIVE-HOT'],
  ['tank', 'LO/P1/VIB_HF', 5.1, 'F12-BEARING'],
];

describe('an outer limit of the catalogue', () => {
  it.each(OUTER)('in a room with a %s: %s at %d is told as %s', (kind, point, beyond, rule) => {
    expect([...toldOf(kind, point, beyond, 150, rule)]).toContain(rule);
  });

  it('is not told of what lies between the inner ones', () => {
    for (const { tag, scope, limits, kinds } of POINTS) {
      if (!limits || limits.relativeTo || scope !== 'station') continue;
      const low = limits.l ?? limits.ll ?? limits.h! - 10;
      const high = limits.h ?? limits.hh ?? limits.l! + 10;
      const told = toldOf(kinds?.[0] ?? 'tank', tag, (low + high) / 2, 20);
      // a value that never moves is another matter
      expect(
        [...told].filter((rule) => !/FROZEN|ANALYSER/.test(rule)),
        tag,
      ).toEqual([]);
    }
  });
});
