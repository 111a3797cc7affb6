import fc from 'fast-check';

/** One change to the bytes of a payload. Places are shares of its length, so that a change fits any payload. */
export type Mutation =
  | { kind: 'flip'; at: number; bit: number }
  | { kind: 'set'; at: number; byte: number }
  | { kind: 'cut'; at: number }
  | { kind: 'drop'; at: number; count: number }
  | { kind: 'double'; at: number; count: number }
  | { kind: 'insert'; at: number; bytes: Uint8Array }
  | { kind: 'hugeVarint'; at: number; length: number }
  | { kind: 'wireType'; at: number; type: number }
  | { kind: 'nest'; at: number; depth: number; tag: number }
  | { kind: 'manyEmpty'; at: number; count: number };

/** Field tags of messages within messages: metrics, properties, data sets, templates, extensions. */
const NESTING_TAGS = [0x12, 0x4a, 0x2a, 0x32, 0x3a, 0x52];

const share = fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true });

export const mutation: fc.Arbitrary<Mutation> = fc.oneof(
  fc.record({ kind: fc.constant('flip' as const), at: share, bit: fc.nat(7) }),
  fc.record({ kind: fc.constant('set' as const), at: share, byte: fc.nat(255) }),
  fc.record({ kind: fc.constant('cut' as const), at: share }),
  fc.record({ kind: fc.constant('drop' as const), at: share, count: fc.integer({ min: 1, max: 40 }) }),
  fc.record({ kind: fc.constant('double' as const), at: share, count: fc.integer({ min: 1, max: 200 }) }),
  fc.record({ kind: fc.constant('insert' as const), at: share, bytes: fc.uint8Array({ maxLength: 24 }) }),
  fc.record({ kind: fc.constant('hugeVarint' as const), at: share, length: fc.integer({ min: 1, max: 14 }) }),
  fc.record({ kind: fc.constant('wireType' as const), at: share, type: fc.nat(7) }),
  fc.record({
    kind: fc.constant('nest' as const),
    at: share,
    depth: fc.integer({ min: 1, max: 60 }),
    tag: fc.constantFrom(...NESTING_TAGS),
  }),
  fc.record({ kind: fc.constant('manyEmpty' as const), at: share, count: fc.integer({ min: 1, max: 300 }) }),
);

export const mutate = (bytes: Uint8Array, mutations: readonly Mutation[]): Uint8Array =>
  mutations.reduce(change, bytes);

function change(bytes: Uint8Array, mutation: Mutation): Uint8Array {
  const at = Math.floor(mutation.at * bytes.length);
  switch (mutation.kind) {
    case 'flip':
      return replaced(bytes, at, (bytes[at] ?? 0) ^ (1 << mutation.bit));
    case 'set':
      return replaced(bytes, at, mutation.byte);
    case 'cut':
      return bytes.slice(0, at);
    case 'drop':
      return joined(bytes.subarray(0, at), bytes.subarray(at + mutation.count));
    case 'double':
      return joined(bytes.subarray(0, at + mutation.count), bytes.subarray(at));
    case 'insert':
      return joined(bytes.subarray(0, at), mutation.bytes, bytes.subarray(at));
    case 'hugeVarint':
      return joined(
        bytes.subarray(0, at),
        new Uint8Array(mutation.length).fill(0xff, 0, mutation.length - 1).fill(0x7f, mutation.length - 1),
        bytes.subarray(at + 1),
      );
    case 'wireType':
      return replaced(bytes, at, ((bytes[at] ?? 0) & ~7) | mutation.type);
    case 'nest':
      return nested(bytes.subarray(at), mutation.depth, mutation.tag);
    case 'manyEmpty':
      return joined(
        bytes.subarray(0, at),
        Uint8Array.from({ length: 2 * mutation.count }, (_, i) => (i % 2 === 0 ? 0x12 : 0)),
        bytes.subarray(at),
      );
  }
}

/** The bytes as field `tag` of a message, which is field `tag` of a message, `depth` times over. */
export function nested(bytes: Uint8Array, depth: number, tag: number): Uint8Array {
  let inner = bytes;
  for (let level = 0; level < depth; level++) inner = joined(Uint8Array.of(tag), varint(inner.length), inner);
  return inner;
}

function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 0x80; rest >>>= 7) bytes.push((rest & 0x7f) | 0x80);
  bytes.push(rest);
  return Uint8Array.from(bytes);
}

function replaced(bytes: Uint8Array, at: number, byte: number): Uint8Array {
  const copy = bytes.slice();
  if (at < copy.length) copy[at] = byte;
  return copy;
}

const joined = (...parts: readonly Uint8Array[]): Uint8Array => new Uint8Array(Buffer.concat(parts));
