import fc from 'fast-check';
import { TestNode } from '#test/support/sparkplug.ts';
import { templateById } from '#twin/catalogue/template.ts';
import { encodePayload, type Metric, type WireField } from '#twin/wire/sparkplug/payload.ts';
import type { MessageType } from '#twin/wire/sparkplug/topics.ts';
import { type Mutation, mutate, mutation } from './mutate.ts';

/** A message made to harm: of which kind it says it is, and its bytes. */
export interface HostileMessage {
  type: MessageType;
  bytes: Uint8Array;
}

const ROOM = templateById('tank:LO3');
const START = Date.UTC(2026, 5, 1);

/** What gateways really send: a birth of a whole room, data of it, data of the past, a device, a death. */
export function realPayloads(): HostileMessage[] {
  const node = new TestNode(() => START);
  const all = Object.fromEntries(ROOM.points.map(({ name }, i) => [name, i / 8]));
  const device: Metric[] = ROOM.points.slice(0, 20).map(({ name }, i) => ({
    name,
    alias: 1000 + i,
    datatype: 10,
    timestamp: START,
    field: 'double',
    value: i,
    properties: { engUnit: 'MPa', high: 1.6, quality: null },
  }));
  const bytes = (message: { bytes: Uint8Array }) => message.bytes;
  return [
    { type: 'NBIRTH', bytes: bytes(node.birth(all)) },
    { type: 'NDATA', bytes: bytes(node.data({ 0: 0.31, 1: 0.5, 5: 40, 20: 1 })) },
    {
      type: 'NDATA',
      bytes: bytes(node.data({ 0: 0.3, 3: 0.4 }, { timestamp: START - 60_000, historical: true })),
    },
    {
      type: 'DBIRTH',
      bytes: bytes(node.message('DBIRTH', { seq: 3, timestamp: START, metrics: device }, 'PLC')),
    },
    { type: 'NDEATH', bytes: bytes(node.death()) },
  ];
}

const absurdTime = fc.constantFrom(0, 1, START, 8.64e15, 2 ** 53, 2 ** 63, 1.8e19, START + 1e12);
const absurdNumber = fc.constantFrom(
  Number.NaN,
  Number.POSITIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
  Number.MAX_VALUE,
  Number.MIN_VALUE,
  -0,
  1e300,
  -1e300,
);
const someText = fc.oneof(
  fc.string({ maxLength: 12 }),
  fc.constantFrom(
    '__proto__',
    'constructor',
    'LO/P_OUT',
    'bdSeq',
    'Node Control/Rebirth',
    '\0',
    '\ud800',
    '',
  ),
  fc.nat(3000).map((length) => '水'.repeat(length)),
);
const value = fc.oneof(
  fc.record({
    field: fc.constantFrom<WireField>('float', 'double'),
    value: fc.oneof(absurdNumber, fc.double()),
  }),
  fc.record({ field: fc.constantFrom<WireField>('int', 'long'), value: fc.nat(2 ** 31 - 1) }),
  fc.record({ field: fc.constant<WireField>('boolean'), value: fc.boolean() }),
  fc.record({ field: fc.constant<WireField>('string'), value: someText }),
  fc.record({
    field: fc.constantFrom<WireField>('bytes', 'dataset', 'template'),
    value: fc.uint8Array({ maxLength: 60 }),
  }),
  fc.record({ field: fc.constant<WireField>('none') }),
);

/** Metrics that keep to the schema and to nothing else. */
const absurdMetric: fc.Arbitrary<Metric> = fc
  .tuple(
    value,
    fc.record(
      {
        name: someText,
        alias: fc.oneof(fc.nat(120), fc.constantFrom(2 ** 32, 2 ** 53)),
        timestamp: absurdTime,
        datatype: fc.oneof(fc.nat(40), fc.constantFrom(255, 2 ** 31)),
        historical: fc.boolean(),
        transient: fc.boolean(),
        isNull: fc.boolean(),
      },
      { requiredKeys: [] },
    ),
  )
  .map(([given, rest]) => ({ ...rest, ...given }) as Metric);

const absurdPayload = fc
  .record(
    {
      timestamp: absurdTime,
      seq: fc.oneof(fc.nat(300), fc.constant(2 ** 53)),
      metrics: fc.array(absurdMetric),
    },
    { requiredKeys: ['metrics'] },
  )
  .map(encodePayload);

const REAL = realPayloads();
const TYPES: MessageType[] = ['NBIRTH', 'NDATA', 'NDATA', 'DBIRTH', 'DDATA', 'NDEATH', 'DDEATH', 'NCMD'];
const changes: fc.Arbitrary<Mutation[]> = fc.array(mutation, { minLength: 1, maxLength: 4 });

/** Real payloads changed in one to four places, and absurd ones, changed or not. */
export const hostileMessage: fc.Arbitrary<HostileMessage> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc
      .tuple(fc.constantFrom(...REAL), changes)
      .map(([real, list]) => ({ ...real, bytes: mutate(real.bytes, list) })),
  },
  { weight: 1, arbitrary: fc.record({ type: fc.constantFrom(...TYPES), bytes: absurdPayload }) },
  {
    weight: 1,
    arbitrary: fc
      .tuple(fc.constantFrom(...TYPES), absurdPayload, changes)
      .map(([type, bytes, list]) => ({ type, bytes: mutate(bytes, list) })),
  },
);
