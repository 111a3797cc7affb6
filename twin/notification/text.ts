import { clockText } from './clockText.ts';
import type { StepKind } from './course.ts';

/** What a message says of an alarm, in one language. */
export interface Notice {
  key: string;
  kind: StepKind;
  /** of a reminder or an escalation: the how many-th */
  n: number;
  /** id of the alarm */
  alarm: number;
  rule: string;
  priority: number;
  name: string;
  cause: string;
  remedy: string;
  /** code of the station, or of the zone, district or city that it concerns */
  place: string;
  placeName: string;
  /** pump set or pump such as `LO/P1`; empty: all of it */
  spot: string;
  since: number;
  state: 'standing' | 'acknowledged' | 'returned' | 'over';
  link: string;
  /** it may have been delivered before: the answer to an earlier attempt was never seen */
  mayRepeat: boolean;
}

export type Language = 'zh' | 'en';

const WORDS = {
  zh: {
    priority: ['紧急', '高', '中', '低'],
    kind: { told: '', repeat: '提醒', escalation: '升级', returned: '已恢复' },
    state: { standing: '未确认', acknowledged: '已确认', returned: '已恢复', over: '已结束' },
    many: (count: number) => `${count} 条报警`,
    since: '发生时间',
    cause: '可能原因',
    remedy: '处理建议',
    stateWord: '当前状态',
    open: '打开泵房页面',
    mayRepeat: '可能重复发送',
    test: '测试消息',
    testText: (by: string) => `由 ${by} 发送,用于检查通知通道。没有报警。`,
  },
  en: {
    priority: ['Urgent', 'High', 'Medium', 'Low'],
    kind: { told: '', repeat: 'reminder', escalation: 'escalated', returned: 'returned' },
    state: { standing: 'unacknowledged', acknowledged: 'acknowledged', returned: 'returned', over: 'over' },
    many: (count: number) => `${count} alarms`,
    since: 'Since',
    cause: 'Likely cause',
    remedy: 'Remedy',
    stateWord: 'State',
    open: "Open the station's page",
    mayRepeat: 'may be a repeat',
    test: 'Test message',
    testText: (by: string) => `Sent by ${by} to check this channel. There is no alarm.`,
  },
} as const;

/** A message as text and as Markdown of the robots' dialect. */
export interface Message {
  title: string;
  text: string;
  markdown: string;
}

/** One message about alarms, the most urgent first. @throws RangeError without any */
export function messageOf(notices: readonly Notice[], language: Language, zoneOffset: number): Message {
  const words = WORDS[language];
  const sorted = [...notices].sort((a, b) => a.priority - b.priority || a.since - b.since);
  const [first] = sorted;
  if (!first) throw new RangeError('a message is about one alarm at least');
  const worst = words.priority[first.priority - 1]!;
  const title = sorted.length === 1 ? headOf(first, language) : `[${worst}] ${words.many(sorted.length)}`;
  const parts = sorted.map((notice) => partOf(notice, language, zoneOffset));
  return {
    title,
    text: parts.map(({ text }) => text).join('\n\n'),
    markdown: parts.map(({ markdown }) => markdown).join('\n\n'),
  };
}

/** A message that says only that the channel works. */
export function testMessage(by: string, language: Language, site: string): Message {
  const { test, testText } = WORDS[language];
  const said = testText(plain(by));
  return { title: test, text: `${said}\n${site}`, markdown: `**${test}**\n\n${said}\n\n${site}` };
}

function headOf({ priority, name, placeName, kind, mayRepeat, n }: Notice, language: Language): string {
  const words = WORDS[language];
  const marks = [
    ...(kind === 'told' ? [] : [kind === 'repeat' ? `${words.kind.repeat} ${n}` : words.kind[kind]]),
    ...(mayRepeat ? [words.mayRepeat] : []),
  ];
  const more = marks.length > 0 ? ` (${marks.join(', ')})` : '';
  return `[${words.priority[priority - 1]}] ${plain(name)} · ${plain(placeName)}${more}`;
}

function partOf(notice: Notice, language: Language, zoneOffset: number): { text: string; markdown: string } {
  const words = WORDS[language];
  const { place, placeName, spot, since, cause, remedy, state, link } = notice;
  const where = [placeName === place ? '' : place, spot].filter(Boolean).join(' ');
  const lines: [string, string][] = [
    [words.since, clockText(since, zoneOffset)],
    [words.stateWord, words.state[state]],
    [words.cause, cause],
    [words.remedy, remedy],
  ];
  const head = headOf(notice, language);
  const full = where ? `${head} · ${plain(where)}` : head;
  const said = lines.map(([name, value]) => `${name}: ${plain(value)}`);
  return {
    text: [full, ...said, link].join('\n'),
    markdown: [`**${full}**`, ...said.map((line) => `> ${line}`), `[${words.open}](${link})`].join('\n\n'),
  };
}

const LOOKALIKES: Record<string, string> = {
  '<': '\u3008',
  '>': '\u3009',
  '[': '\uff3b',
  ']': '\uff3d',
  '*': '\uff0a',
  '`': '\u02cb',
  '#': '\uff03',
};

/** Names come from people: what the robots' Markdown would take for a command becomes a letter that looks like it. */
function plain(text: string): string {
  const line = text.replace(/\s+/g, ' ').replace(/[<>[\]*`#]/g, (letter) => LOOKALIKES[letter]!);
  return line.length > 300 ? `${line.slice(0, 299)}…` : line;
}
