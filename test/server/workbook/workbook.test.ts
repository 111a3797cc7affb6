import { readSheet } from 'read-excel-file/node';
import { expect, it } from 'vitest';
import { inTurn, workbookOf } from '#server/workbook/workbook.ts';

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

it('exports are made one after the other, and only so many may wait', async () => {
  const made: number[] = [];
  let begin = () => {};
  const started = new Promise<void>((done) => {
    begin = done;
  });
  const four = [1, 2, 3, 4].map((n) =>
    inTurn(async () => {
      await started;
      made.push(n);
      if (n === 2) throw new Error('the database is away');
      return n;
    }),
  );
  expect(inTurn(async () => 5)).toBeUndefined();
  begin();
  expect(await Promise.allSettled(four)).toMatchObject([
    { value: 1 },
    { reason: { message: 'the database is away' } },
    { value: 3 },
    { value: 4 },
  ]);
  expect(made).toEqual([1, 2, 3, 4]);
  expect(await inTurn(async () => 6)).toBe(6);
});
