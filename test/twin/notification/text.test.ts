import { describe, expect, it } from 'vitest';
import { messageOf, type Notice } from '#twin/notification/text.ts';
import { HOUR } from '#twin/units.ts';

const NOTICE: Notice = {
  key: '7/told-1/crew',
  kind: 'told',
  n: 1,
  alarm: 7,
  rule: 'F23-POWER-LOSS',
  priority: 1,
  name: '市电中断',
  cause: '电网停电',
  remedy: '联系供电部门',
  place: 'SM-0001',
  placeName: '莲花泵房',
  spot: 'LO/P1',
  since: Date.UTC(2026, 5, 1, 0, 0, 5),
  state: 'standing',
  link: 'https://twin.example.org/stations/SM-0001',
  mayRepeat: false,
};

describe('a message', () => {
  it('says where, what, how urgent, since when, why, what to do, and where to look', () => {
    expect(messageOf([NOTICE], 'zh', 8 * HOUR)).toEqual({
      title: '[紧急] 市电中断 · 莲花泵房',
      text: [
        '[紧急] 市电中断 · 莲花泵房 · SM-0001 LO/P1',
        '发生时间: 2026-06-01 08:00:05',
        '当前状态: 未确认',
        '可能原因: 电网停电',
        '处理建议: 联系供电部门',
        'https://twin.example.org/stations/SM-0001',
      ].join('\n'),
      markdown: [
        '**[紧急] 市电中断 · 莲花泵房 · SM-0001 LO/P1**',
        '> 发生时间: 2026-06-01 08:00:05',
        '> 当前状态: 未确认',
        '> 可能原因: 电网停电',
        '> 处理建议: 联系供电部门',
        '[打开泵房页面](https://twin.example.org/stations/SM-0001)',
      ].join('\n\n'),
    });
  });

  it('in English, of a reminder that may come twice', () => {
    const notice: Notice = { ...NOTICE, name: 'Mains power lost', kind: 'repeat', n: 2, mayRepeat: true };
    expect(messageOf([notice], 'en', 0).title).toBe(
      '[Urgent] Mains power lost · 莲花泵房 (reminder 2, may be a repeat)',
    );
  });

  it('of several alarms names the most urgent and tells all', () => {
    const low: Notice = { ...NOTICE, key: '8/told-4/crew', priority: 4, name: '门开', place: 'SM-0002' };
    const { title, text } = messageOf([low, NOTICE], 'zh', 0);
    expect(title).toBe('[紧急] 2 条报警');
    expect(text.indexOf('市电中断')).toBeLessThan(text.indexOf('门开'));
  });

  it('names cannot give commands to the robot', () => {
    const { markdown } = messageOf([{ ...NOTICE, placeName: '<@all> [x](http://evil)\n# *b*' }], 'zh', 0);
    expect(markdown).toContain('〈@all〉 \uff3bx\uff3d(http://evil) \uff03 \uff0ab\uff0a');
  });
});
