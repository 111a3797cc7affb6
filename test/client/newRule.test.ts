import { describe, expect, it } from 'vitest';
import { idIn, idTaken, newRule } from '#client/rules/newRule.ts';
import { readRule } from '#twin/rules/one.ts';

describe('a new rule', () => {
  it('begins with a text that is a rule already', () => {
    expect(readRule(newRule.id, newRule.yaml).issues).toEqual([]);
  });

  it('has the id that its text says', () => {
    expect(idIn(newRule.yaml)).toEqual({ id: 'NEW-RULE', line: 1 });
    expect(idIn('# mine\n- id: "F99-X" # ours\n')).toEqual({ id: 'F99-X', line: 2 });
    expect(idIn('id: small')).toBeNull();
    expect(idIn('')).toBeNull();
  });

  it('needs an id of its own', () => {
    const issue = { rule: 'NEW-RULE', line: 1, code: 'idTwice', values: { id: 'NEW-RULE' } };
    expect(idTaken(newRule.yaml, new Set(['NEW-RULE']))).toMatchObject([issue]);
    expect(idTaken(newRule.yaml, new Set(['F01']))).toEqual([]);
  });
});
