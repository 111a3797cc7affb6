import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { SparkplugHost } from '#server/sparkplug/host.ts';
import { TestNode } from '#test/support/sparkplug.ts';
import { tahuDataSet, tahuEncode, tahuTemplate } from '#test/twin/wire/tahu.ts';
import { DataType } from '#twin/wire/sparkplug/datatypes.ts';
import { nodeTopic } from '#twin/wire/sparkplug/topics.ts';
import { aCity } from '../aCity.ts';
import { aHost } from '../aHost.ts';

const START = Date.UTC(2026, 5, 1);
beforeEach(() => {
  vi.useFakeTimers({ now: START });
});
afterEach(() => {
  vi.useRealTimers();
});

/** Messages as the public schema writes them, so that nothing of ours stands on both sides. */
function aWire() {
  const host = aHost();
  let seq = 0;
  const send = (type: 'NBIRTH' | 'NDATA' | 'DBIRTH' | 'DDATA', metrics: object[], payload: object = {}) => {
    if (type === 'NBIRTH') seq = 0;
    const bytes = tahuEncode({ timestamp: START, seq: seq++, metrics, ...payload });
    host.host.receive(nodeTopic('G', type, 'n', type.startsWith('D') ? 'PLC' : undefined), bytes);
  };
  const numbers = () => host.seen.map(({ name, value }) => [name, value]);
  const pass = (ms: number) => vi.advanceTimersByTime(ms);
  return { ...host, send, numbers, pass };
}
const DOUBLE = { datatype: DataType.Double };

describe('names and aliases, at the host', () => {
  test('tck-id-payloads-name-requirement: a node without aliases is understood by its names', () => {
    const { send, numbers, faults } = aWire();
    send('NBIRTH', [{ name: 'a', ...DOUBLE, double_value: 1 }]);
    send('NDATA', [{ name: 'a', double_value: 2 }]);
    expect([numbers(), faults]).toEqual([
      [
        ['a', 1],
        ['a', 2],
      ],
      [],
    ]);
  });

  test.each(['tck-id-payloads-alias-birth-requirement', 'tck-id-payloads-alias-data-cmd-requirement'])(
    '%s: a birth gives name and alias, data the alias alone',
    () => {
      const { send, numbers, faults } = aWire();
      send('NBIRTH', [{ name: 'a', alias: 0, ...DOUBLE, double_value: 1 }]);
      send('NDATA', [{ alias: 0, double_value: 2 }]);
      expect(numbers().at(-1)).toEqual(['a', 2]);
      expect(faults).toEqual([]);
    },
  );

  test('tck-id-payloads-alias-uniqueness: an alias is of the whole node, its devices included', () => {
    const { send, numbers } = aWire();
    send('NBIRTH', [{ name: 'a', alias: 1, ...DOUBLE, double_value: 1 }]);
    send('DBIRTH', [{ name: 'a', alias: 2, ...DOUBLE, double_value: 2 }]);
    send('NDATA', [{ alias: 2, double_value: 3 }]);
    expect(numbers().at(-1)).toEqual(['PLC/a', 3]);
  });

  describe('an alias that several have', () => {
    /** A node and devices with an HZ each, as numbered; what was seen as `name=value`. */
    const aPlant = () => {
      const wire = aHost();
      let seq = 0;
      const say = (
        type: 'NBIRTH' | 'NDATA' | 'DBIRTH' | 'DDATA',
        device: string | undefined,
        ...metrics: object[]
      ) =>
        wire.host.receive(
          nodeTopic('G', type, 'n', device),
          tahuEncode({ timestamp: START + seq, seq: seq++, metrics }),
        );
      const seen = () => wire.seen.filter(({ birth }) => !birth).map(({ name, value }) => `${name}=${value}`);
      return { ...wire, say, seen };
    };
    const hz = (alias: number, double_value: number) => ({ name: 'HZ', alias, ...DOUBLE, double_value });

    test('tck-id-payloads-alias-uniqueness: unique in a device only, its data are of that device, and the fault is counted', () => {
      const { say, seen, host, count } = aPlant();
      say('NBIRTH', undefined, { ...hz(1, 0), name: 'P_IN' });
      say('DBIRTH', 'P1', hz(1, 1));
      say('DBIRTH', 'P2', hz(1, 2));
      expect(count('aliasConflict')).toBe(2);
      say('DDATA', 'P1', { alias: 1, double_value: 11 });
      say('DDATA', 'P2', { alias: 1, double_value: 22 });
      say('NDATA', undefined, { alias: 1, double_value: 33 });
      // born again alone
      say('DBIRTH', 'P1', hz(1, 1));
      say('DDATA', 'P1', { alias: 1, double_value: 12 });
      say('DDATA', 'P2', { alias: 1, double_value: 23 });
      expect(seen()).toEqual(['P1/HZ=11', 'P2/HZ=22', 'P_IN=33', 'P1/HZ=12', 'P2/HZ=23']);
      host.stop();
    });

    test('in one birth: its values are by name; data by the alias alone are nobody’s, and no birth is asked for', () => {
      const { say, seen, count, published } = aPlant();
      say('NBIRTH', undefined, { ...hz(0, 1), name: 'a' }, { ...hz(0, 2), name: 'b' });
      say(
        'NDATA',
        undefined,
        { name: 'a', alias: 0, double_value: 3 },
        { name: 'b', alias: 0, double_value: 4 },
      );
      expect(count('aliasConflict')).toBe(1);
      say('NDATA', undefined, { alias: 0, double_value: 5 });
      vi.advanceTimersByTime(1000);
      expect([seen(), count('aliasConflict'), published]).toEqual([['a=3', 'b=4'], 2, []]);
    });

    test('where name and alias disagree the name counts, in a birth and in data', () => {
      const { say, seen, count, host } = aPlant();
      say('NBIRTH', undefined, { ...hz(1, 1), name: 'a' }, { ...hz(2, 2), name: 'b' });
      say('NDATA', undefined, { name: 'a', alias: 2, double_value: 3 });
      expect([seen(), count('aliasConflict')]).toEqual([['a=3'], 1]);
      host.stop();
    });

    test('a name that no birth said is not what its alias says: nobody’s, and a birth is asked for', () => {
      const { say, seen, count, published, host } = aPlant();
      say('NBIRTH', undefined, { ...hz(1, 1), name: 'a' });
      say('NDATA', undefined, { name: 'b', alias: 1, double_value: 99 });
      vi.advanceTimersByTime(1000);
      expect([seen(), count('aliasConflict'), published.length]).toEqual([[], 1, 1]);
      host.stop();
    });

    test('of 64 bits: two that are one double are two', () => {
      const { say, seen, count } = aPlant();
      const [a, b] = ['18446744073709551614', '18446744073709551615'];
      say(
        'NBIRTH',
        undefined,
        { name: 'a', alias: a, ...DOUBLE, double_value: 1 },
        { name: 'b', alias: b, ...DOUBLE, double_value: 2 },
      );
      say('NDATA', undefined, { alias: a, double_value: 11 }, { alias: b, double_value: 12 });
      expect([seen(), count('aliasConflict')]).toEqual([['a=11', 'b=12'], 0]);
    });

    test('a metric of the protocol has none that counts against another', () => {
      const { say, seen } = aPlant();
      say(
        'NBIRTH',
        undefined,
        { name: 'Node Control/Rebirth', alias: 0, datatype: DataType.Boolean, boolean_value: false },
        { ...hz(0, 1), name: 'a' },
      );
      say('NDATA', undefined, { alias: 0, double_value: 2 });
      expect(seen()).toEqual(['a=2']);
    });
  });

  test('tck-id-operational-behavior-data-commands-rebirth-name-aliases: Node Control/Rebirth with an alias against the rule is still no value', () => {
    const { send, numbers, faults } = aWire();
    send('NBIRTH', [
      { name: 'Node Control/Rebirth', alias: 3, datatype: DataType.Boolean, boolean_value: false },
    ]);
    send('NDATA', [{ alias: 3, boolean_value: false }]);
    expect([numbers(), faults]).toEqual([[], []]);
  });
});

describe('times, at the host', () => {
  test.each([
    'tck-id-payloads-timestamp-in-UTC',
    'tck-id-payloads-metric-timestamp-in-UTC',
    'tck-id-payloads-name-birth-data-requirement',
  ])('%s: a value counts at the time of its metric, in UTC; without one, at that of its payload', () => {
    const { send, seen } = aWire();
    send('NBIRTH', [{ name: 'a', timestamp: START - 3, ...DOUBLE, double_value: 1 }]);
    send('NDATA', [{ name: 'a', double_value: 2 }], { timestamp: START - 2 });
    send('NDATA', [{ name: 'a', double_value: 3 }], { timestamp: undefined });
    expect(seen.map(({ time }) => time)).toEqual([START - 3, START - 2, START]);
  });

  test.each([
    'tck-id-operational-behavior-data-publish-nbirth-order',
    'tck-id-operational-behavior-data-publish-dbirth-order',
  ])('%s: several values of a metric in one message are taken in their order', () => {
    const { send, values } = aWire();
    send('NBIRTH', [{ name: 'a', ...DOUBLE, double_value: 0 }]);
    send(
      'NDATA',
      [1, 2, 3].map((value) => ({ name: 'a', timestamp: START + value, double_value: value })),
    );
    expect(values()).toEqual([1, 2, 3]);
  });
});

describe('data types, at the host', () => {
  test.each(['tck-id-payloads-metric-datatype-req', 'tck-id-payloads-metric-datatype-not-req'])(
    '%s: the type is said by the birth, data may leave it out',
    () => {
      const { send, numbers } = aWire();
      send('NBIRTH', [{ name: 'a', datatype: DataType.Int8, int_value: 1 }]);
      send('NDATA', [{ name: 'a', int_value: 0xff }]);
      expect(numbers().at(-1)).toEqual(['a', -1]);
    },
  );

  test.each(['tck-id-payloads-metric-datatype-value', 'tck-id-payloads-metric-datatype-value-type'])(
    '%s: a number of no type, or none at all, is counted; its value is taken',
    () => {
      const { send, numbers, count } = aWire();
      send('NBIRTH', [
        { name: 'a', datatype: 99, double_value: 1 },
        { name: 'b', double_value: 2 },
      ]);
      expect(count('unknownDatatype')).toBe(2);
      expect(numbers()).toEqual([
        ['a', 1],
        ['b', 2],
      ]);
    },
  );

  test.each([
    'tck-id-payloads-propertyset-keys-array-size',
    'tck-id-payloads-propertyset-values-array-size',
    'tck-id-payloads-metric-propertyvalue-type-req',
  ])('%s: properties are read key by key; more keys than values are no fault of the value', () => {
    const { send, numbers, faults } = aWire();
    const properties = { keys: ['engUnit', 'x'], values: [{ type: DataType.String, string_value: 'MPa' }] };
    send('NBIRTH', [{ name: 'a', ...DOUBLE, double_value: 1, properties }]);
    expect([numbers(), faults]).toEqual([[['a', 1]], []]);
  });

  test.each([
    'tck-id-payloads-propertyset-quality-value-type',
    'tck-id-payloads-propertyset-quality-value-value',
  ])('%s: Quality 192 is good; what its gateway says is bad (0) or stale (500) is no value', () => {
    const { send, values } = aWire();
    send('NBIRTH', [{ name: 'a', ...DOUBLE, double_value: 0 }]);
    for (const [k, int_value] of [192, 0, 500].entries()) {
      const properties = { keys: ['Quality'], values: [{ type: DataType.Int32, int_value }] };
      send('NDATA', [{ name: 'a', double_value: k, properties }]);
    }
    expect(values()).toEqual([0, Number.NaN, Number.NaN]);
  });
});

describe('datasets and templates, at the host', () => {
  const table = {
    num_of_columns: 2,
    columns: ['P', 'Q'],
    types: [DataType.Int16, DataType.Double],
    rows: [{ elements: [{ int_value: 0xffff }, { double_value: 2 }] }],
  };
  const born = (given: object) => {
    const wire = aWire();
    const dataset_value = tahuDataSet({ ...table, ...given });
    wire.send('NBIRTH', [{ name: 'T', datatype: DataType.DataSet, dataset_value }]);
    return wire;
  };

  test.each(['tck-id-payloads-dataset-types-def', 'tck-id-payloads-template-dataset-value'])(
    '%s: a table with a type for each column is metric/row/column',
    () => {
      const { numbers, faults } = born({});
      expect(numbers()).toEqual([
        ['T/0/P', -1],
        ['T/0/Q', 2],
      ]);
      expect(faults).toEqual([]);
    },
  );

  test.each([
    ['tck-id-payloads-dataset-column-size', { num_of_columns: 3 }],
    ['tck-id-payloads-dataset-column-num-headers', { num_of_columns: 1, columns: ['P'] }],
    ['tck-id-payloads-dataset-types-num', { types: [DataType.Int16] }],
    ['tck-id-payloads-dataset-parameter-type-req', { types: [] }],
  ])(
    '%s: one whose numbers of columns, names and types differ is counted, nothing of it is taken',
    (_id, given) => {
      const { numbers, count } = born(given);
      expect(numbers()).toEqual([]);
      expect(count('unreadableParts')).toBeGreaterThan(0);
    },
  );

  test.each([
    ['tck-id-payloads-dataset-types-type', DataType.Unknown],
    ['tck-id-payloads-dataset-types-value', 99],
  ])('%s: a column of no type that exists is counted, its cells are taken', (_id, type) => {
    const { numbers, count } = born({ types: [DataType.Int16, type] });
    expect(numbers()).toEqual([
      ['T/0/P', -1],
      ['T/0/Q', 2],
    ]);
    expect(count('unknownDatatype')).toBe(1);
  });

  const definition = {
    name: 'Pump',
    datatype: DataType.Template,
    template_value: tahuTemplate({
      version: '2',
      is_definition: true,
      metrics: [
        { name: 'Hz', datatype: DataType.Float, is_null: true },
        { name: 'Rev', datatype: DataType.Int16, is_null: true },
      ],
      parameters: [{ name: 'maker', type: DataType.String, string_value: 'X' }],
    }),
  };
  const instance = (metrics: object[]) => ({
    name: 'P1',
    alias: 4,
    datatype: DataType.Template,
    template_value: tahuTemplate({
      template_ref: 'Pump',
      is_definition: false,
      metrics,
      parameters: [{ name: 'maker', type: DataType.String, string_value: 'Y' }],
    }),
  });

  test.each([
    'tck-id-topics-nbirth-templates',
    'tck-id-payloads-template-definition-nbirth-only',
    'tck-id-payloads-template-definition-is-definition',
    'tck-id-payloads-template-definition-ref',
    'tck-id-payloads-template-definition-members',
    'tck-id-payloads-template-definition-nbirth',
    'tck-id-payloads-template-definition-parameters',
    'tck-id-payloads-template-definition-parameters-default',
    'tck-id-payloads-template-version',
    'tck-id-payloads-template-ref-definition',
    'tck-id-payloads-template-is-definition',
    'tck-id-payloads-template-is-definition-definition',
    'tck-id-payloads-template-parameter-name-required',
    'tck-id-payloads-template-parameter-name-type',
    'tck-id-payloads-template-parameter-value-type',
    'tck-id-payloads-template-parameter-type-value',
    'tck-id-payloads-template-parameter-type-req',
    'tck-id-payloads-template-parameter-value',
  ])('%s: a definition gives its members their types and is no value itself', () => {
    const { send, numbers, faults } = aWire();
    // the instance comes first: the order in a birth is free
    send('NBIRTH', [instance([{ name: 'Rev', int_value: 0xffff }]), definition]);
    expect([numbers(), faults]).toEqual([[['P1/Rev', -1]], []]);
  });

  test.each([
    'tck-id-payloads-template-instance-is-definition',
    'tck-id-payloads-template-instance-ref',
    'tck-id-payloads-template-instance-members',
    'tck-id-payloads-template-instance-members-birth',
    'tck-id-payloads-template-instance-members-data',
    'tck-id-payloads-template-instance-parameters',
    'tck-id-payloads-template-ref-instance',
    'tck-id-payloads-template-is-definition-instance',
  ])('%s: an instance is instance/member; data may bring some of them, by name or alias of the whole', () => {
    const { send, numbers, faults } = aWire();
    send('NBIRTH', [
      definition,
      instance([
        { name: 'Hz', float_value: 40 },
        { name: 'Rev', int_value: 1 },
      ]),
    ]);
    const { name: _name, datatype: _datatype, ...byAlias } = instance([{ name: 'Rev', int_value: 0xfffe }]);
    send('NDATA', [byAlias]);
    send('NDATA', [{ ...byAlias, template_value: undefined, is_null: true }]);
    expect(numbers()).toEqual([
      ['P1/Hz', 40],
      ['P1/Rev', 1],
      ['P1/Rev', -2],
      ['P1/Hz', Number.NaN],
      ['P1/Rev', Number.NaN],
    ]);
    expect(faults).toEqual([]);
  });

  test('an array that grows, or a member that first comes with data, is taken up when it comes', () => {
    const { send, numbers, faults } = aWire();
    const array = (...bytes: number[]) => ({
      name: 'L',
      datatype: DataType.UInt8Array,
      bytes_value: Uint8Array.from(bytes),
    });
    send('NBIRTH', [array(1)]);
    send('NDATA', [array(2, 3)]);
    send('NDATA', [array(4, 5)]);
    expect(numbers().map(([name, value]) => `${name}=${value}`)).toEqual([
      'L/0=1',
      'L/0=2',
      'L/1=3',
      'L/0=4',
      'L/1=5',
    ]);
    expect(faults).toEqual([]);
  });
});

describe('historical values, at the host', () => {
  /** A station behind the host, whose one pressure is 0.4 now. */
  const aStationNow = () => {
    const city = aCity(Date.now);
    const host = new SparkplugHost({
      now: Date.now,
      publish: () => undefined,
      reorderTimeoutMs: 2000,
      rebirthsPerSecond: 100,
      flood: {
        births: { burst: 1000, perSecond: 100 },
        devices: { burst: 1000, perSecond: 100 },
        data: { burst: 1000, perSecond: 100 },
      },
      events: city.events,
    });
    const node = new TestNode(Date.now);
    const birth = node.birth({ 'LO/P_OUT': 0.4 });
    host.receive(birth.topic, birth.bytes);
    const say = (value: number, time: number, historical: boolean) => {
      const { topic, bytes } = node.data(
        { 0: value },
        { timestamp: time, ...(historical && { historical }) },
      );
      host.receive(topic, bytes);
    };
    return { city, node, host, say };
  };

  test('a transient value is the present, and in no history (is_transient, 6.4.1)', () => {
    const { city, node, host } = aStationNow();
    vi.advanceTimersByTime(1000);
    const { topic, bytes } = node.message('NDATA', {
      timestamp: Date.now(),
      seq: 1,
      metrics: [{ alias: 0, transient: true, field: 'double', value: 0.5 }],
    });
    host.receive(topic, bytes);
    expect(city.value('LO/P_OUT')).toBe(0.5);
    expect(city.kept.map(({ value }) => value)).toEqual([0.4]);
  });

  test.each([
    ['in order, before live ones', [-3, -2, -1, 0]],
    ['newest first', [-1, -2, -3, 0]],
    ['interleaved with live ones', [0, -3, 1, -2, 2, -1]],
  ])('flushed %s, they go to the history and never to the live state', (_how, seconds) => {
    const { city, say } = aStationNow();
    vi.advanceTimersByTime(10_000);
    let newest = START;
    for (const second of seconds) {
      const time = START + 5000 + second * 1000;
      say(second, time, second < 0);
      if (second >= 0) newest = time;
      expect(city.time('LO/P_OUT')).toBe(newest);
    }
    const told = city.kept.filter(({ point, value }) => point === 'LO/P_OUT' && value !== 0.4);
    expect(told.filter(({ late }) => late).map(({ value }) => value)).toEqual(seconds.filter((s) => s < 0));
    expect(told.filter(({ late }) => !late).map(({ value }) => value)).toEqual(seconds.filter((s) => s >= 0));
    expect(city.faults.totals).toMatchObject({ duplicate: 0, sequenceGap: 0, ancientTime: 0, futureTime: 0 });
  });
});
