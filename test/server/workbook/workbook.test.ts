import { readSheet } from 'read-excel-file/node';
import { expect, it } from 'vitest';
import { workbookOf } from '#server/workbook/workbook.ts';

const read = async (bytes: Uint8Array) => readSheet(Buffer.from(bytes));

it('a workbook holds numbers, times, Chinese text and what looks like a formula as they are', async () => {
  const noon = new Date(Date.UTC(2026, 10, 25, 12, 0, 3));
  const bytes = await workbookOf({
    name: '报警',
    heads: ['编号', '泵房', '发生', '处置'],
    rows: [
      [1, '莲花新村 <二区> & "北"', noon, '=HYPERLINK("http://x")'],
      [2, null, null, '+1'],
    ],
  });
  expect(await read(bytes)).toEqual([
    ['编号', '泵房', '发生', '处置'],
    [1, '莲花新村 <二区> & "北"', noon, '=HYPERLINK("http://x")'],
    [2, null, null, '+1'],
  ]);
});

it('what may not stand in a workbook is left out, the rest is read', async () => {
  const bytes = await workbookOf({ name: 'Alarms', heads: ['By'], rows: [['a\u0000b\u000bc\ud800d\te']] });
  expect(await read(bytes)).toEqual([['By'], ['abcd\te']]);
});

it('a table without rows is a workbook with its heads', async () => {
  const bytes = await workbookOf({ name: 'Alarms', heads: ['Number', 'Alarm'], rows: [] });
  expect(await read(bytes)).toEqual([['Number', 'Alarm']]);
});

it('a table that cannot be written rejects', async () => {
  const name = 'a name of more than the thirty-one characters that a sheet may have';
  await expect(workbookOf({ name, heads: ['A'], rows: [] })).rejects.toThrow();
});
