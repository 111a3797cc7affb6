import { parentPort } from 'node:worker_threads';
import writeExcelFile, { type CellObject } from 'write-excel-file/node';
import { threadData } from '../threads.ts';
import type { Cell, Table } from './workbook.ts';

const WIDEST = 40;
const DATE_WIDTH = 19;

const { name, heads, rows } = threadData as Table;
const cellOf = (value: Cell): CellObject | null => {
  if (value === null || value === '') return null;
  if (typeof value === 'number') return { type: Number, value };
  return value instanceof Date ? { type: Date, value } : { type: String, value };
};
const data = [
  heads.map((value): CellObject => ({ type: String, value, fontWeight: 'bold' })),
  ...rows.map((row) => row.map(cellOf)),
];
const columns = heads.map((head, column) => ({
  width: rows.reduce((width, row) => Math.max(width, widthOf(row[column]!)), widthOf(head)),
}));
const bytes = await writeExcelFile(data, {
  sheet: name,
  columns,
  stickyRowsCount: 1,
  dateFormat: 'yyyy-mm-dd hh:mm:ss',
}).toBuffer();
parentPort!.postMessage(new Uint8Array(bytes));

/** In characters of a Latin font: Chinese ones are twice as wide. */
function widthOf(value: Cell): number {
  if (value instanceof Date) return DATE_WIDTH;
  let width = 2;
  for (const letter of String(value ?? '')) width += letter.codePointAt(0)! > 0x2e7f ? 2 : 1;
  return Math.min(WIDEST, width);
}
