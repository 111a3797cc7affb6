/** Data types of Sparkplug B 3.0, section 6.4.16, by number. */
export const DataType = {
  Unknown: 0,
  Int8: 1,
  Int16: 2,
  Int32: 3,
  Int64: 4,
  UInt8: 5,
  UInt16: 6,
  UInt32: 7,
  UInt64: 8,
  Float: 9,
  Double: 10,
  Boolean: 11,
  String: 12,
  DateTime: 13,
  Text: 14,
  UUID: 15,
  DataSet: 16,
  Bytes: 17,
  File: 18,
  Template: 19,
  PropertySet: 20,
  PropertySetList: 21,
  Int8Array: 22,
  Int16Array: 23,
  Int32Array: 24,
  Int64Array: 25,
  UInt8Array: 26,
  UInt16Array: 27,
  UInt32Array: 28,
  UInt64Array: 29,
  FloatArray: 30,
  DoubleArray: 31,
  BooleanArray: 32,
  StringArray: 33,
  DateTimeArray: 34,
} as const;

const NAMES = new Map<number, string>(Object.entries(DataType).map(([name, number]) => [number, name]));

/** `Int16`, or `datatype 99` for a number the specification does not have. */
export const dataTypeName = (type: number): string => NAMES.get(type) ?? `datatype ${type}`;

/** Types a twin point can take its number from: integers, floats, booleans and times. */
export const isNumeric = (type: number): boolean =>
  (type >= DataType.Int8 && type <= DataType.Boolean) || type === DataType.DateTime;

/** Types whose value is a row of numbers, booleans, times or texts in one `bytes` field. */
export const isArray = (type: number): boolean =>
  type >= DataType.Int8Array && type <= DataType.DateTimeArray;
