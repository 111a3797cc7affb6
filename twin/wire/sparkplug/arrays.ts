import { DataType } from './datatypes.ts';

/** An array of one metric: its elements and their type. Elements are numbers, booleans or texts. */
export interface PackedArray {
  /** the type of an element, `Int16` for an `Int16Array` */
  datatype: number;
  elements: (number | boolean | string)[];
}

type Read = (view: DataView, at: number) => number;

/** Width and reading of fixed elements, little-endian. */
const FIXED: Record<number, [element: number, width: number, read: Read]> = {
  [DataType.Int8Array]: [DataType.Int8, 1, (view, at) => view.getInt8(at)],
  [DataType.Int16Array]: [DataType.Int16, 2, (view, at) => view.getInt16(at, true)],
  [DataType.Int32Array]: [DataType.Int32, 4, (view, at) => view.getInt32(at, true)],
  [DataType.Int64Array]: [DataType.Int64, 8, (view, at) => Number(view.getBigInt64(at, true))],
  [DataType.UInt8Array]: [DataType.UInt8, 1, (view, at) => view.getUint8(at)],
  [DataType.UInt16Array]: [DataType.UInt16, 2, (view, at) => view.getUint16(at, true)],
  [DataType.UInt32Array]: [DataType.UInt32, 4, (view, at) => view.getUint32(at, true)],
  [DataType.UInt64Array]: [DataType.UInt64, 8, (view, at) => Number(view.getBigUint64(at, true))],
  [DataType.FloatArray]: [DataType.Float, 4, (view, at) => view.getFloat32(at, true)],
  [DataType.DoubleArray]: [DataType.Double, 8, (view, at) => view.getFloat64(at, true)],
  [DataType.DateTimeArray]: [DataType.DateTime, 8, (view, at) => Number(view.getBigInt64(at, true))],
};

/** Reads a packed array of this type. Throws RangeError when the bytes are no such array or `most` is passed. */
export function decodeArray(datatype: number, bytes: Uint8Array, most: number): PackedArray {
  if (datatype === DataType.BooleanArray) return booleans(bytes, most);
  if (datatype === DataType.StringArray) return texts(bytes, most);
  const fixed = FIXED[datatype];
  if (!fixed) throw new RangeError(`datatype ${datatype} is no array`);
  const [element, width, read] = fixed;
  const count = bytes.length / width;
  if (!Number.isInteger(count)) throw new RangeError(`${bytes.length} bytes are no elements of ${width}`);
  bound(count, most);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return { datatype: element, elements: Array.from({ length: count }, (_, k) => read(view, k * width)) };
}

/** A count in four bytes, then one bit each, the highest first. */
function booleans(bytes: Uint8Array, most: number): PackedArray {
  if (bytes.length < 4) throw new RangeError('an array of booleans without its count');
  const count = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(0, true);
  if (Math.ceil(count / 8) > bytes.length - 4)
    throw new RangeError(`${count} booleans in ${bytes.length} bytes`);
  bound(count, most);
  const bit = (k: number) => (bytes[4 + (k >> 3)]! & (0x80 >> (k & 7))) !== 0;
  return { datatype: DataType.Boolean, elements: Array.from({ length: count }, (_, k) => bit(k)) };
}

/** UTF-8, each text ended by a zero. */
function texts(bytes: Uint8Array, most: number): PackedArray {
  if (bytes.length > 0 && bytes.at(-1) !== 0) throw new RangeError('a text of an array has no end');
  const elements: string[] = [];
  const decoder = new TextDecoder();
  for (let from = 0; from < bytes.length; ) {
    const end = bytes.indexOf(0, from);
    elements.push(decoder.decode(bytes.subarray(from, end)));
    bound(elements.length, most);
    from = end + 1;
  }
  return { datatype: DataType.String, elements };
}

function bound(count: number, most: number): void {
  if (count > most) throw new RangeError(`an array of more than ${most} elements`);
}
