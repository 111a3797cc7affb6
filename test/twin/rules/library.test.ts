import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { codeOf } from '#test/verify/alarms/fault.ts';
import { FAULTS } from '#test/verify/alarms/faults.ts';
import { concernsTemplate, sitesOf } from '#twin/alarm/site.ts';
import { template } from '#twin/catalogue/template.ts';
import { STATION_KINDS } from '#twin/model/station.ts';
import { emptyFleet } from '#twin/rules/fleet.ts';
import { loadRules } from '#twin/rules/load.ts';
import { overrideJsonSchema } from '#twin/rules/overrides.ts';
import { ruleJsonSchema } from '#twin/rules/rule.ts';

const FOLDER = join(import.meta.dirname, '../../../rules');
const files = readdirSync(FOLDER)
  .filter((name) => name.endsWith('.yaml'))
  .sort()
  .map((file) => ({ file, yaml: readFileSync(join(FOLDER, file), 'utf8') }));

describe('the rule library', () => {
  const rules = loadRules(files);

  it('loads as a whole', () => {
    expect(rules.length).toBeGreaterThan(25);
  });

  it('every rule of rooms concerns some kind of station', () => {
    const rooms = STATION_KINDS.map((kind) => template({ kind, sets: [{ zone: 'LO', pumps: 3 }] }));
    const ofRooms = rules.filter(({ when }) => when);
    expect(ofRooms.filter((rule) => !rooms.some((room) => concernsTemplate(rule, room)))).toEqual([]);
  });

  it('every sign of a cause can be looked at in some kind of station', () => {
    const looked = new Map<string, boolean>();
    for (const kind of STATION_KINDS) {
      for (const { rule, candidates } of sitesOf(rules, emptyFleet(kind)))
        for (const { signs, looks } of candidates)
          for (const [k, { says }] of signs.entries()) {
            const sign = `${rule.text.id}: ${says.en}`;
            looked.set(sign, looked.get(sign) || looks[k] !== null);
          }
    }
    expect(looked.size).toBeGreaterThan(30);
    expect([...looked].filter(([, can]) => !can)).toEqual([]);
  });

  it('has a rule and a trial for each of the 45 faults of the knowledge base, in its order', () => {
    const known = Array.from({ length: 45 }, (_, i) => `F${String(i + 1).padStart(2, '0')}`);
    expect([...new Set(FAULTS.map(({ id }) => codeOf(id)))]).toEqual(known);
    expect(new Set(FAULTS.map(({ id }) => id)).size).toBe(FAULTS.length);
    const told = new Set(rules.map(({ text }) => text.id.slice(0, 3)));
    expect(known.filter((id) => !told.has(id))).toEqual([]);
  });

  it('says why each rule is as it is in both languages', () => {
    const oneOnly = rules.filter(({ text }) => typeof text.reason === 'string').map(({ text }) => text.id);
    expect(oneOnly).toEqual([]);
  });

  it('says of each rule what equipment it concerns', () => {
    expect(rules.filter(({ text }) => !text.equipment).map(({ text }) => text.id)).toEqual([]);
  });

  it('its published schema is the one rules are checked by', () => {
    const published = JSON.parse(readFileSync(join(FOLDER, 'schema.json'), 'utf8'));
    expect(published).toEqual(JSON.parse(JSON.stringify(ruleJsonSchema())));
    const ofOverrides = JSON.parse(readFileSync(join(FOLDER, 'overrides/schema.json'), 'utf8'));
    expect(ofOverrides).toEqual(JSON.parse(JSON.stringify(overrideJsonSchema())));
  });

  it('names the limits that stations may have otherwise', () => {
    const named = new Set(rules.flatMap(({ text, thresholds }) => (thresholds.length > 0 ? text.id : [])));
    for (const id of [
      'F21-LOW-INLET',
      'PRESSURE-LOW',
      'F33-OVER-PRESSURE',
      'F34-CHLORINE-LOW',
      'F10-UNDERVOLTAGE',
    ])
      expect(named).toContain(id);
  });
});
