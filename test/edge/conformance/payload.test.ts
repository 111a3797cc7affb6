import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { tahuDecode } from '#test/twin/wire/tahu.ts';
import { DataType } from '#twin/wire/sparkplug/datatypes.ts';
import { decodePayload, type Payload } from '#twin/wire/sparkplug/payload.ts';
import { bdSeq, DATA_MESSAGES, type Life, liveOnce, own, ROOM, START } from './life.ts';

/** The statements of Sparkplug B 3.0 on an edge node's payloads, by their ids, on what one gateway wrote. */
let life: Life;
beforeAll(async () => {
  life = await liveOnce();
});
afterAll(() => life.end());

const births = () => life.published('NBIRTH');
const datas = () => life.published('NDATA');
/** The metrics of a birth that are points. */
const pointsOf = ({ metrics }: Payload) => metrics.filter(({ name }) => ROOM.index.has(name!));
const timesOf = ({ metrics }: Payload) => metrics.map(({ timestamp }) => timestamp!);
const isRecent = (time: number | undefined) => {
  expect(time).toBeGreaterThan(Date.now() - 120_000);
  expect(time).toBeLessThanOrEqual(Date.now());
};

describe('NBIRTH', () => {
  test('tck-id-topics-nbirth-mqtt, tck-id-payloads-nbirth-qos, tck-id-payloads-nbirth-retain, tck-id-message-flow-edge-node-birth-publish-nbirth-qos, tck-id-message-flow-edge-node-birth-publish-nbirth-retained', () => {
    for (const { qos, retain } of births()) expect([qos, retain]).toEqual([0, false]);
    for (const heard of life.heard.filter(({ topic }) => topic.includes('/NBIRTH/')))
      expect([heard.qos, heard.retain]).toEqual([0, false]);
  });
  test('tck-id-topics-nbirth-seq-num, tck-id-payloads-nbirth-seq, tck-id-payloads-sequence-num-req-nbirth, tck-id-message-flow-edge-node-birth-publish-nbirth-payload-seq', () => {
    expect(births().map(({ message }) => message.seq)).toEqual([0, 0, 0, 0]);
  });
  test('tck-id-topics-nbirth-timestamp, tck-id-payloads-nbirth-timestamp, tck-id-payloads-timestamp-in-UTC', () => {
    for (const { message } of births()) isRecent(message.timestamp);
  });
  test('tck-id-message-flow-edge-node-birth-publish-nbirth-payload, tck-id-topics-nbirth-metrics, tck-id-payloads-metric-datatype-req, tck-id-payloads-metric-datatype-value', () => {
    const known: number[] = Object.values(DataType).filter((type) => type !== DataType.Unknown);
    for (const { payload } of births())
      for (const { name, datatype, is_null, ...metric } of tahuDecode(payload).metrics) {
        expect(name).toBeTruthy();
        expect(known).toContain(datatype);
        const values = Object.keys(metric).filter((key) => key.endsWith('_value'));
        expect(values.length).toBe(is_null ? 0 : 1);
      }
  });
  test('tck-id-operational-behavior-data-publish-nbirth-values: a value, or null without one', () => {
    for (const { message } of births()) {
      const empty = message.metrics.filter(({ isNull }) => isNull);
      expect(empty.map(({ name }) => name)).toEqual([ROOM.points.at(-1)!.name]);
      for (const { isNull, value } of message.metrics) expect(isNull === true).toBe(value === undefined);
    }
  });
  test('tck-id-topics-nbirth-metric-reqs, tck-id-operational-behavior-data-publish-nbirth: all that data ever speaks of', () => {
    for (const { message } of births())
      expect(new Set(pointsOf(message).map(({ name }) => name))).toEqual(
        new Set(ROOM.points.map(({ name }) => name)),
      );
    const born = new Set(births()[0]!.message.metrics.map(({ alias }) => alias));
    for (const { message } of datas()) for (const { alias } of message.metrics) expect(born).toContain(alias);
  });
  test('tck-id-topics-nbirth-bdseq-included, tck-id-payloads-nbirth-bdseq, tck-id-message-flow-edge-node-birth-publish-nbirth-payload-bdSeq', () => {
    for (const { message } of births())
      expect(own(message, 'bdSeq')).toMatchObject({ datatype: DataType.Int64, field: 'long' });
  });
  test('tck-id-topics-nbirth-bdseq-matching, tck-id-payloads-nbirth-bdseq-repeat: the one of the will of its connection', () => {
    for (const { connection, message } of births()) {
      const { will } = life.connects().find((connect) => connect.connection === connection)!;
      expect(bdSeq(message)).toBe(bdSeq(decodePayload(will!.payload)));
    }
  });
  test('tck-id-topics-nbirth-rebirth-metric, tck-id-payloads-nbirth-rebirth-req, tck-id-operational-behavior-data-commands-rebirth-name, tck-id-operational-behavior-data-commands-rebirth-name-aliases, tck-id-operational-behavior-data-commands-rebirth-datatype, tck-id-operational-behavior-data-commands-rebirth-value', () => {
    for (const { message } of births()) {
      const { timestamp, ...metric } = own(message, 'Node Control/Rebirth')!;
      isRecent(timestamp);
      expect(metric).toEqual({
        name: 'Node Control/Rebirth',
        datatype: DataType.Boolean,
        field: 'boolean',
        value: false,
      });
    }
  });
  test('tck-id-payloads-name-requirement, tck-id-payloads-alias-uniqueness, tck-id-payloads-alias-birth-requirement, tck-id-case-sensitivity-metric-names', () => {
    for (const { message } of births()) {
      const aliased = message.metrics.filter(({ name }) => name !== 'Node Control/Rebirth');
      const aliases = aliased.flatMap(({ alias }) => (alias === undefined ? [] : [alias]));
      expect(aliases.length).toBe(ROOM.points.length + 1);
      expect(new Set(aliases).size).toBe(aliases.length);
      const names = message.metrics.map(({ name }) => name!.toLowerCase());
      expect(new Set(names).size).toBe(names.length);
    }
  });
  test('tck-id-payloads-name-birth-data-requirement, tck-id-payloads-metric-timestamp-in-UTC', () => {
    for (const { message } of births())
      for (const { alias, timestamp } of pointsOf(message))
        expect(timestamp).toBe(START - 1000 * (Number(alias) - 1));
    datas()
      .slice(0, DATA_MESSAGES)
      .forEach(({ message }, k) => {
        for (const { timestamp } of message.metrics) expect(timestamp).toBe(START + (k + 1) * 2000);
      });
  });
  test('tck-id-payloads-propertyset-keys-array-size, tck-id-payloads-propertyset-values-array-size, tck-id-payloads-metric-propertyvalue-type-type, tck-id-payloads-metric-propertyvalue-type-value, tck-id-payloads-metric-propertyvalue-type-req, tck-id-payloads-metric-datatype-value-type: as the public schema reads them', () => {
    const { metrics } = tahuDecode(births()[0]!.payload);
    const units = metrics.filter(({ properties }: { properties?: object }) => properties);
    expect(units.length).toBeGreaterThan(10);
    for (const { name, datatype, properties } of units) {
      expect(datatype).toBe(DataType.Double);
      const unit = ROOM.points[ROOM.index.get(name)!]!.unit;
      expect(properties).toEqual({
        keys: ['engUnit'],
        values: [{ type: DataType.String, string_value: unit }],
      });
    }
  });
  test('historical values are not among a birth’s', () => {
    for (const { message } of births())
      for (const { historical } of message.metrics) expect(historical).not.toBe(true);
  });
});

describe('NDATA', () => {
  test('tck-id-topics-ndata-mqtt, tck-id-payloads-ndata-qos, tck-id-payloads-ndata-retain', () => {
    for (const { qos, retain } of datas()) expect([qos, retain]).toEqual([0, false]);
  });
  test('tck-id-topics-ndata-seq-num, tck-id-payloads-ndata-seq, tck-id-payloads-ndata-seq-inc, tck-id-payloads-sequence-num-always-included, tck-id-payloads-sequence-num-incrementing: one more each, 0 after 255', () => {
    const first = datas().slice(0, DATA_MESSAGES + 1);
    expect(first.map(({ message }) => message.seq)).toEqual(
      Array.from({ length: DATA_MESSAGES + 1 }, (_, k) => (k + 1) % 256),
    );
  });
  test('tck-id-topics-ndata-timestamp, tck-id-payloads-ndata-timestamp', () => {
    for (const { message } of datas()) isRecent(message.timestamp);
  });
  test('tck-id-payloads-alias-data-cmd-requirement, tck-id-payloads-metric-datatype-not-req: the alias alone, and the value', () => {
    expect(datas()[0]!.message.metrics).toEqual([
      { alias: 1, timestamp: START + 2000, field: 'double', value: 0.001 },
      { alias: 2, timestamp: START + 2000, field: 'double', value: 1 },
    ]);
    for (const { name, datatype } of datas().flatMap(({ message }) => message.metrics))
      expect([name, datatype]).toEqual([undefined, undefined]);
  });
  test('tck-id-payloads-ndata-order: none before the birth of its connection', () => {
    for (const { connection } of life.connects()) {
      const types = life.published().filter((packet) => packet.connection === connection);
      expect(types[0]?.topic).toContain('NBIRTH');
    }
  });
  test('tck-id-operational-behavior-data-publish-nbirth-order: in one message, birth or data, and from one data to the next', () => {
    const live = datas()
      .slice(0, DATA_MESSAGES)
      .flatMap(({ message }) => timesOf(message));
    for (const times of [...births().map(({ message }) => timesOf(message)), live])
      expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(new Set(timesOf(births()[0]!.message)).size).toBeGreaterThan(ROOM.points.length);
  });
  test('what is of the past says so, each metric', () => {
    const { message } = datas()[DATA_MESSAGES]!;
    expect(message.metrics.map(({ historical }) => historical)).toEqual([true, true, true, true]);
    for (const { message: live } of datas().slice(0, DATA_MESSAGES))
      for (const { historical } of live.metrics) expect(historical).not.toBe(true);
  });
});
