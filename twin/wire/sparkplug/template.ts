import protobuf from 'protobufjs/minimal.js';
import { type Metric, readMetric } from './payload.ts';

/** A template: a definition names what its instances carry, an instance carries the values. */
export interface Template {
  version?: string;
  /** name of the definition; only an instance has one */
  ref?: string;
  isDefinition: boolean;
  metrics: Metric[];
}

/** Reads the bytes of a template metric; its parameters, constants of the kind, are passed over. Throws on other bytes. */
export function decodeTemplate(bytes: Uint8Array): Template {
  const reader = protobuf.Reader.create(bytes);
  const template: Template = { isDefinition: false, metrics: [] };
  while (reader.pos < reader.len) {
    const tag = reader.uint32();
    switch (tag) {
      case 0x0a:
        template.version = reader.string();
        break;
      case 0x12:
        template.metrics.push(readMetric(reader, reader.uint32() + reader.pos));
        break;
      case 0x22:
        template.ref = reader.string();
        break;
      case 0x28:
        template.isDefinition = reader.bool();
        break;
      default:
        reader.skipType(tag & 7);
    }
  }
  return template;
}
