import protobuf from 'protobufjs/minimal.js';
import { integer, type Metric, type WireField } from './payload.ts';

/** A dataset: a table with a name and a data type for each column. */
export interface DataSet {
  columns: string[];
  types: number[];
  /** by row, then by column; `none` where a cell is empty */
  rows: Cell[][];
}
export type Cell = Pick<Metric, 'field' | 'value'>;

/** Reads the bytes of a dataset metric. Throws on other bytes, and where a row, or the number it states, is not as wide as the table. */
export function decodeDataSet(bytes: Uint8Array): DataSet {
  const reader = protobuf.Reader.create(bytes);
  const table: DataSet = { columns: [], types: [], rows: [] };
  let stated: number | undefined;
  while (reader.pos < reader.len) {
    const tag = reader.uint32();
    if (tag === 0x08) stated = integer(reader.uint64());
    else if (tag === 0x12) table.columns.push(reader.string());
    else if (tag === 0x18) table.types.push(reader.uint32());
    else if (tag === 0x1a) readPacked(reader, table.types);
    else if (tag === 0x22) table.rows.push(readRow(reader, endOf(reader)));
    else reader.skipType(tag & 7);
  }
  const wide = table.columns.length;
  if (stated !== undefined && stated !== wide) throw new RangeError(`${wide} columns of ${stated} stated`);
  if (table.types.length !== wide) throw new RangeError(`${wide} columns of ${table.types.length} types`);
  const odd = table.rows.find((row) => row.length !== wide);
  if (odd) throw new RangeError(`a row of ${odd.length} cells in a table of ${wide} columns`);
  return table;
}

/** Where the message that begins here ends; a length beyond the bytes is refused. */
function endOf(reader: protobuf.Reader): number {
  const end = reader.uint32() + reader.pos;
  if (end > reader.len) throw new RangeError('a part of a dataset is longer than the dataset');
  return end;
}

function readPacked(reader: protobuf.Reader, into: number[]): void {
  for (const end = endOf(reader); reader.pos < end; ) into.push(reader.uint32());
}

function readRow(reader: protobuf.Reader, end: number): Cell[] {
  const row: Cell[] = [];
  while (reader.pos < end) {
    const tag = reader.uint32();
    if (tag === 0x0a) row.push(readCell(reader, endOf(reader)));
    else reader.skipType(tag & 7);
  }
  return row;
}

function readCell(reader: protobuf.Reader, end: number): Cell {
  let cell: Cell = { field: 'none' };
  while (reader.pos < end) {
    const tag = reader.uint32();
    const read = CELL[tag];
    if (read) cell = { field: read[0], value: read[1](reader) };
    else reader.skipType(tag & 7);
  }
  return cell;
}

const CELL: Record<number, [WireField, (reader: protobuf.Reader) => number | boolean | string] | undefined> =
  {
    8: ['int', (reader) => reader.uint32()],
    16: ['long', (reader) => integer(reader.int64())],
    29: ['float', (reader) => reader.float()],
    33: ['double', (reader) => reader.double()],
    40: ['boolean', (reader) => reader.bool()],
    50: ['string', (reader) => reader.string()],
  };
