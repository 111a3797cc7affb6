import protobuf from 'protobufjs';

const SCALARS = [
  'uint32 int_value',
  'uint64 long_value',
  'float float_value',
  'double double_value',
  'bool boolean_value',
  'string string_value',
];
/** The fields that hold one value, from a number on. */
const scalars = (first: number): string => SCALARS.map((field, i) => `${field} = ${first + i};`).join(' ');

/** The public Sparkplug B schema (Eclipse Tahu), as an implementation independent of ours reads it. */
const SCHEMA = `
syntax = "proto2";
message Payload {
  message PropertyValue {
    optional uint32 type = 1;
    optional bool is_null = 2;
    oneof value { ${scalars(3)} }
  }
  message PropertySet {
    repeated string keys = 1;
    repeated PropertyValue values = 2;
  }
  message DataSet {
    message DataSetValue {
      oneof value { ${scalars(1)} }
    }
    message Row {
      repeated DataSetValue elements = 1;
    }
    optional uint64 num_of_columns = 1;
    repeated string columns = 2;
    repeated uint32 types = 3;
    repeated Row rows = 4;
  }
  message Template {
    message Parameter {
      optional string name = 1;
      optional uint32 type = 2;
      oneof value { ${scalars(3)} }
    }
    optional string version = 1;
    repeated Metric metrics = 2;
    repeated Parameter parameters = 3;
    optional string template_ref = 4;
    optional bool is_definition = 5;
  }
  message Metric {
    optional string name = 1;
    optional uint64 alias = 2;
    optional uint64 timestamp = 3;
    optional uint32 datatype = 4;
    optional bool is_historical = 5;
    optional bool is_transient = 6;
    optional bool is_null = 7;
    optional PropertySet properties = 9;
    oneof value {
      ${scalars(10)}
      bytes bytes_value = 16;
      bytes dataset_value = 17;
      bytes template_value = 18;
    }
  }
  optional uint64 timestamp = 1;
  repeated Metric metrics = 2;
  optional uint64 seq = 3;
  optional string uuid = 4;
  optional bytes body = 5;
}`;

const { root } = protobuf.parse(SCHEMA, { keepCase: true });
export const Tahu = root.lookupType('Payload');

/** Decodes with 64-bit integers as decimal text, which loses nothing. */
export const tahuDecode = (bytes: Uint8Array) => Tahu.toObject(Tahu.decode(bytes), { longs: String });
export const tahuEncode = (payload: object): Uint8Array => Tahu.encode(Tahu.fromObject(payload)).finish();

/** Bytes of a dataset or template metric. In the schema above their fields are `bytes`: the same on the wire. */
export const tahuDataSet = (table: object): Uint8Array => partOf('Payload.DataSet', table);
export const tahuTemplate = (template: object): Uint8Array => partOf('Payload.Template', template);

function partOf(type: string, value: object): Uint8Array {
  const schema = root.lookupType(type);
  return schema.encode(schema.fromObject(value)).finish();
}
