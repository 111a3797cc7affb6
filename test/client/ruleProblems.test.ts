import i18next from 'i18next';
import { beforeAll, describe, expect, it } from 'vitest';
import { en } from '#client/i18n/en.ts';
import { zh } from '#client/i18n/zh.ts';
import { problemText } from '#client/rules/problems.ts';
import { aRule } from '#test/twin/alarm/timeline.ts';
import { loadRules, RuleError, type RuleIssue } from '#twin/rules/load.ts';
import { PROBLEMS } from '#twin/rules/problem.ts';
import { ruleIssue } from '#twin/wire/rules.ts';

const RULE = `id: LOW-INLET
name: { zh: 进口低压, en: Low inlet pressure }
priority: 2
when: P_IN < 0.18 MPa
cause: { zh: 管网, en: Main }
remedy: { zh: 查, en: Look }
version: 1
author: test
reason: first`;

/** Everything that is wrong with rule files of these texts. */
function issuesOf(...texts: string[]): readonly RuleIssue[] {
  const yaml = texts.map((text) => `- ${text.replaceAll('\n', '\n  ')}\n`).join('');
  try {
    loadRules([{ file: 'LOW-INLET', yaml }]);
  } catch (error) {
    if (error instanceof RuleError) return error.issues;
    throw error;
  }
  return [];
}

const tell = (language: 'zh' | 'en', { file, problem, ...issue }: RuleIssue): string =>
  problemText(i18next.getFixedT(language, 'words'), ruleIssue.parse({ ...issue, ...problem, rule: file }));

describe('what is wrong with a rule, in the language of the reader', () => {
  beforeAll(() =>
    i18next.init({
      lng: 'zh',
      defaultNS: 'words',
      resources: { zh: { words: zh }, en: { words: en } },
      interpolation: { escapeValue: false },
    }),
  );

  it.each([
    ['P_IN <', 'P_INN <', 'when:没有名为“P_INN”的测点;是否为 P_IN?'],
    [
      '0.18 MPa',
      '18 m',
      'when:MPa 与 m 单位不符,单位是 MPa 的有 P_IN, P_STAB, P_OUT, P_SET, P_END, P_STEP;是否为 0.1762 MPa?',
    ],
    ['P_IN < 0.18 MPa', 'P_IN >= 0 MPa', '测点都在量程内时,条件始终成立,报警永远不会恢复:P_IN 0…1 MPa'],
    [
      'P_IN < 0.18 MPa',
      'P_IN < 0.1 MPa and P_IN > 0.2 MPa',
      '条件永远不会成立:P_IN 不可能同时 < 0.1 和 > 0.2,请用“or”连接,或调换限值',
    ],
    ['priority: 2', 'priority: 7', 'priority:不得大于 4'],
    [
      'priority: 2',
      'priority: 2\nthresholds: { low: { value: 0.1 MPa, zh: 下限, en: least } }',
      '没有条件用到 low',
    ],
    [
      'priority: 2',
      'priority: 2\nthresholds: { low: { value: little, zh: 下限, en: least } }',
      'value:应为带单位的数值,如 0.15 MPa',
    ],
    ['priority: 2', 'prority: 2', 'prority:没有这个键;是否为 priority?'],
    ['priority: 2\n', '', 'priority:缺少此项'],
    ['priority: 2', 'priority: high', 'priority:应为数值'],
    ['version: 1', 'version: 1\nfor: long', 'for:应为时长,如 "30 s"、"5 min"、"2 h" 或 "1 d"'],
    ['version: 1', 'version: 1\nsuppressedBy: [LOW-INLT]', '没有编号为 LOW-INLT 的规则;是否为 LOW-INLET?'],
    ['author: test', 'author: "test', '引号或括号没有闭合'],
    ['version: 1', 'version: 1\nversion: 2', '同一个键写了两次'],
    ['when: P_IN < 0.18 MPa\n', '', '“when”“gather”“platform”须写且只写其一'],
  ])('%j → %j', (right, wrong, told) => {
    const issues = issuesOf(RULE.replace(right, wrong));
    expect(issues.map((issue) => tell('zh', issue))).toContain(told);
    // English is what the command line says, letter by letter
    for (const issue of issues) expect(tell('en', issue)).toBe(issue.message);
  });

  it('of rules among each other as well', () => {
    const circle = issuesOf(
      `${RULE}\nsuppressedBy: [BB]`,
      `${RULE.replace('LOW-INLET', 'BB')}\nsuppressedBy: [LOW-INLET]`,
    );
    expect(circle.map((issue) => tell('zh', issue))).toEqual([
      '原因互相抑制,成了一个圈:LOW-INLET → BB → LOW-INLET;请去掉其中并非原因的一处,如从 BB 的 suppressedBy 里去掉 LOW-INLET',
    ]);
    expect(issuesOf(RULE, RULE).map((issue) => tell('zh', issue))).toEqual([
      '已有编号为 LOW-INLET 的规则;是否为 LOW-INLET-2?',
    ]);
  });

  it('has a text of every code', () => {
    expect(Object.keys(zh.rules.problems)).toEqual(Object.keys(PROBLEMS));
  });

  it('is about a rule that is right otherwise', () => {
    expect(issuesOf(RULE)).toEqual([]);
    expect(issuesOf(JSON.stringify(aRule()))).toEqual([]);
  });
});
