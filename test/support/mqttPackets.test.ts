import fc from 'fast-check';
import { expect, test } from 'vitest';
import { MqttPackets, type Packet } from './mqttPackets.ts';

/** Remaining length as MQTT writes it: seven bits a byte, the lowest first. */
function varint(length: number): number[] {
  const low = length % 128;
  return length < 128 ? [low] : [low + 128, ...varint(Math.floor(length / 128))];
}

const text = (words: string) => {
  const bytes = Buffer.from(words);
  return Buffer.concat([Buffer.from([bytes.length >> 8, bytes.length & 255]), bytes]);
};

const packet = (first: number, body: Uint8Array) =>
  Buffer.concat([Buffer.from([first, ...varint(body.length)]), body]);

const connect = (client: string) =>
  packet(0x10, Buffer.concat([text('MQTT'), Buffer.from([4, 2, 0, 20]), text(client)]));
const publish = (qos: number, payload: Uint8Array) =>
  packet(0x30 | (qos << 1), Buffer.concat([text('spBv1.0/test/NDATA/HL-0001'), payload]));

const aPacket = fc.oneof(
  fc.string({ maxLength: 40 }).map((client) => ({ bytes: connect(client), client, publication: false })),
  fc
    .record({ qos: fc.constantFrom(0, 1, 2), payload: fc.uint8Array({ maxLength: 20_000 }) })
    .map(({ qos, payload }) => ({ bytes: publish(qos, payload), qos, publication: true })),
);

test('a stream of MQTT packets is cut where they end, however it arrives', () => {
  fc.assert(
    fc.property(
      fc.array(aPacket, { maxLength: 6 }),
      fc.infiniteStream(fc.integer({ min: 1, max: 5000 })),
      (sent, sizes) => {
        const stream = Buffer.concat(sent.map(({ bytes }) => bytes));
        const packets = new MqttPackets();
        const seen: Packet[] = [];
        for (let at = 0; at < stream.length; ) {
          const size = sizes.next().value as number;
          seen.push(...packets.take(stream.subarray(at, at + size)));
          at += size;
        }
        expect(seen.length).toBe(sent.length);
        seen.forEach((got, i) => {
          expect(Buffer.from(got.bytes).equals(sent[i]!.bytes)).toBe(true);
          expect(got).toMatchObject({ ...sent[i], bytes: expect.anything() });
        });
      },
    ),
    { numRuns: 200 },
  );
});
