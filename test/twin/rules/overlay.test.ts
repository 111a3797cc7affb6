import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { RULES } from '#server/alarms/ruleFolder.ts';
import { aRule } from '#test/twin/alarm/timeline.ts';
import { loadRules, readRules } from '#twin/rules/load.ts';
import { readRule } from '#twin/rules/one.ts';
import { overlay, type ReadEdit } from '#twin/rules/overlay.ts';
import type { RuleText } from '#twin/rules/rule.ts';
import { sourcesOf, stamped } from '#twin/rules/source.ts';

const POWER = `id: F23-POWER-LOSS
name: { zh: 停电, en: Power lost }
priority: 1
when: not MAINS_OK   # the incomer's own contact
cause: { zh: 电网, en: Grid }
remedy: { zh: 报修, en: Call the grid }
version: 1
author: shuijing
reason: >
  the room's own word,
  at once
`;

const libraryOf = (...texts: RuleText[]) =>
  readRules({ file: 'library.yaml', yaml: JSON.stringify(texts) }).rules;

/** Edits in the order of time. */
const editsOf = (...texts: RuleText[]): Map<string, ReadEdit> =>
  new Map(
    texts.map((text, time) => {
      const { read, issues } = readRule(text.id, JSON.stringify(text));
      expect(issues).toEqual([]);
      return [text.id, { read: read!, time }];
    }),
  );

describe('the text of one rule', () => {
  it('of the library is what its file says, without dash and margin', () => {
    const yaml = readFileSync(`${RULES}/power.yaml`, 'utf8');
    const sources = sourcesOf(yaml);
    for (const { text } of loadRules([{ file: 'power.yaml', yaml: withoutCauses(yaml) }])) {
      const source = sources.get(text.id)!;
      expect(source.startsWith(`id: ${text.id}\n`)).toBe(true);
      expect(readRule(text.id, withoutCauses(source)).read?.rule.text).toEqual(text);
    }
  });

  it('is wrong at the line and column where a person sees it', () => {
    const at = (yaml: string) => readRule('F23-POWER-LOSS', yaml).issues;
    const wrong = POWER.replace('MAINS_OK', 'MAINS_KO');
    expect(at(wrong)).toMatchObject([
      {
        file: 'F23-POWER-LOSS',
        line: 4,
        column: 11,
        message: 'when: no point is named "MAINS_KO": did you mean MAINS_OK?',
      },
    ]);
    // copied from a file, dash and all
    const copied = wrong
      .split('\n')
      .map((line, i) => `${i === 0 ? '- ' : '  '}${line}`)
      .join('\n');
    expect(at(copied)).toMatchObject([{ line: 4, column: 13 }]);
  });

  it.each([
    ['', 1, 'there is no rule'],
    ['# nothing yet\n', 1, 'there is no rule'],
    [POWER.replace('F23-', 'F24-'), 1, 'this is the text of F23-POWER-LOSS: another id is another rule'],
    [POWER.replace('priority: 1', 'priority: [1'), 4, /./],
    [POWER.replace('when: not MAINS_OK', 'wen: not MAINS_OK'), 1, /./],
  ])('%j is refused', (yaml, line, message) => {
    const { read, issues } = readRule('F23-POWER-LOSS', yaml);
    expect(read).toBeNull();
    expect(issues[0]!.message).toMatch(message);
    expect(issues[0]!.line).toBeGreaterThanOrEqual(line);
  });

  it('keeps every letter but what a version says of itself', () => {
    const next = stamped(POWER, { version: 12, author: '李工: 夜班', reason: 'quieter, by "#7"\nsecond' });
    expect(readRule('F23-POWER-LOSS', next).read?.rule.text).toMatchObject({
      version: 12,
      author: '李工: 夜班',
      reason: 'quieter, by "#7"\nsecond',
    });
    expect(next.slice(0, next.indexOf('version'))).toBe(POWER.slice(0, POWER.indexOf('version')));
    const flow = JSON.stringify(aRule());
    const again = stamped(flow, { version: 2, author: 'x, y', reason: 'z' });
    expect(readRule('LOW-INLET', again).read?.rule.text).toEqual(
      aRule({ version: 2, author: 'x, y', reason: 'z' }),
    );
  });

  it.each([
    'reason: { zh: 国标要求, en: a standard asks for it }\nlatch: true',
    'reason:\n  zh: 国标要求\n  en: a standard asks for it\nlatch: true',
    'latch: true\nreason:\n  zh: 国标要求\n  en: a standard asks for it',
  ])('a reason in two languages gives way to that of a person: %j', (last) => {
    const yaml = `${POWER.slice(0, POWER.indexOf('reason:'))}${last}\n`;
    const both = { zh: '国标要求', en: 'a standard asks for it' };
    expect(readRule('F23-POWER-LOSS', yaml).read?.rule.text.reason).toEqual(both);
    const next = stamped(yaml, { version: 2, author: 'x', reason: '夜间: 安静些' });
    expect(readRule('F23-POWER-LOSS', next).read?.rule.text).toMatchObject({
      version: 2,
      reason: '夜间: 安静些',
      latch: true,
    });
  });
});

describe('edits over the library', () => {
  const library = libraryOf(aRule({ id: 'AA' }), aRule({ id: 'BB' }), aRule({ id: 'CC' }));
  const idsAndVersions = (rules: readonly { text: RuleText }[]) =>
    rules.map(({ text: { id, version } }) => `${id} ${version}`);

  it('take the place of their rule; new rules come last', () => {
    const { rules, leftOut } = overlay(
      library,
      editsOf(aRule({ id: 'BB', version: 2 }), aRule({ id: 'DD', version: 1 })),
    );
    expect(idsAndVersions(rules)).toEqual(['AA 1', 'BB 2', 'CC 1', 'DD 1']);
    expect(leftOut.size).toBe(0);
  });

  it('that suppress in a circle with a changed library are left out, the newest, and no others', () => {
    const changed = libraryOf(
      aRule({ id: 'AA', suppressedBy: ['BB'] }),
      aRule({ id: 'BB' }),
      aRule({ id: 'CC' }),
    );
    const { rules, leftOut } = overlay(
      changed,
      editsOf(
        aRule({ id: 'BB', version: 2, suppressedBy: ['AA'] }),
        aRule({ id: 'CC', version: 2 }),
        aRule({ id: 'DD', version: 2 }),
      ),
    );
    expect(idsAndVersions(rules)).toEqual(['BB 1', 'AA 1', 'CC 2', 'DD 2']);
    expect([...leftOut.keys()]).toEqual(['BB']);
    expect(leftOut.get('BB')![0]!.message).toContain('causes suppress each other');
  });

  it('that lean on one that is left out are left out as well', () => {
    const { rules, leftOut } = overlay(
      libraryOf(aRule({ id: 'AA' })),
      editsOf(
        aRule({ id: 'NEW', version: 2, suppressedBy: ['GONE'] }),
        aRule({ id: 'AA', version: 2, suppressedBy: ['NEW'] }),
      ),
    );
    expect(idsAndVersions(rules)).toEqual(['AA 1']);
    expect([...leftOut.keys()].sort()).toEqual(['AA', 'NEW']);
  });
});

const withoutCauses = (yaml: string) => yaml.replace(/^ *suppressedBy:.*\n/gm, '');
