import { describe, expect, test } from 'vitest';
import { AdoptError, adopt } from '#server/registry/adopt.ts';
import { Registry } from '#server/registry/registry.ts';
import { suggest, Unregistered } from '#server/registry/unregistered.ts';
import { type MetricDefinition, newNode } from '#server/sparkplug/nodeTable.ts';
import { fakeDatabase, stationRows } from '#test/support/fakeDatabase.ts';
import { aPumpSet, aStation } from '#test/support/stations.ts';
import { templateById } from '#twin/catalogue/template.ts';
import { type AdoptRequest, unregisteredStation } from '#twin/wire/api.ts';
import { DataType } from '#twin/wire/sparkplug/datatypes.ts';

const metric = (name: string, datatype: number = DataType.Double): MetricDefinition => ({
  name,
  datatype,
  unit: null,
  point: -1,
});
const suggestionFor = (...names: string[]) => suggest(names.map((name) => metric(name)));

describe('stations in memory', () => {
  test('keep their rows when others are added', async () => {
    const rows = stationRows(aStation('SM-0001'), aStation('SM-0002'));
    const registry = await Registry.load(fakeDatabase([[/FROM station/, rows]]));
    const before = registry.byCode.get('SM-0002')!;
    expect(before.overviewRow).toBe(1);
    const more = [...rows, { ...stationRows(aStation('HC-0001', { kind: 'inline' }))[0]!, id: 3 }];
    await registry.reload(fakeDatabase([[/FROM station/, more]]));
    expect(registry.byCode.get('SM-0002')).toBe(before);
    expect(registry.stations.map(({ code }) => code)).toEqual(['SM-0001', 'SM-0002', 'HC-0001']);
    expect(registry.revision).toBe(2);
  });

  test('take up a mapping that was changed, and another template in the same row', async () => {
    const registry = await Registry.load(fakeDatabase([[/FROM station/, stationRows(aStation('SM-0001'))]]));
    const larger = aStation('SM-0001', { pumpSets: [aPumpSet('LO', 4)] });
    await registry.reload(
      fakeDatabase([
        [/FROM station/, stationRows(larger)],
        [/FROM point_map/, [{ station: 'SM-0001', metric: 'Druck', point: 'LO/P_OUT' }]],
      ]),
    );
    const station = registry.byCode.get('SM-0001')!;
    expect(station.templateId).toBe('tank:LO4');
    expect(station.overviewRow).toBe(0);
    expect(station.mapping.get('Druck')).toBe('LO/P_OUT');
    expect(registry.stations).toEqual([station]);
  });
});

describe('a suggestion for a stranger', () => {
  test('finds the kind and the pumps of a station that speaks as ours do', () => {
    const names = templateById('tank:LO3+MI2').points.map(({ name }) => name);
    const { kind, sets, mapping } = suggestionFor(...names);
    expect([kind, sets]).toEqual([
      'tank',
      [
        { zone: 'LO', pumps: 3 },
        { zone: 'MI', pumps: 2 },
      ],
    ]);
    expect(mapping).toEqual(Object.fromEntries(names.map((name) => [name, name])));
  });

  test.each([
    ['lo.p1.hz', 'LO/P1/HZ'],
    ['LO_P1/HZ', 'LO/P1/HZ'],
    ['LO_P1_HZ', 'LO/P1/HZ'],
    ['LO:P_OUT', 'LO/P_OUT'],
    ['LO_P_OUT', 'LO/P_OUT'],
    ['plc/P_IN', 'P_IN'],
  ])('understands %s as %s', (name, point) => {
    expect(suggestionFor(name, 'LO/P1/RUN').mapping[name]).toBe(point);
  });

  test('gives a point to one metric only: to the one that names it wholly', () => {
    const { mapping } = suggestionFor('PLC1/P_IN', 'P_IN', 'PLC2/P_IN');
    expect(mapping).toEqual({ P_IN: 'P_IN' });
  });

  test('leaves out what is no number, and what it does not understand', () => {
    const { mapping } = suggest([metric('P_IN', DataType.String), metric('Inlet pressure'), metric('F_IN')]);
    expect(mapping).toEqual({ F_IN: 'F_IN' });
  });

  test('of a stranger without any known name is still a shape that can be adopted', () => {
    const { kind, sets, mapping } = suggestionFor('x', '__proto__', 'constructor');
    expect([kind, sets, mapping]).toEqual(['inline', [{ zone: 'LO', pumps: 2 }], {}]);
  });
});

describe('strangers', () => {
  test('are listed with what they last said, until they are forgotten', () => {
    const strangers = new Unregistered();
    const node = newNode('G', 'X-1');
    const definitions = [metric('P_IN'), metric('label', DataType.String)];
    strangers.born(node, definitions, true, 1000);
    strangers.heard(
      node,
      [{ definition: definitions[0]!, value: 0.123456789, time: 1, historical: false }],
      2000,
    );
    const [listed] = strangers.list();
    expect(unregisteredStation.parse(listed)).toEqual(listed);
    expect(listed).toMatchObject({ code: 'X-1', group: 'G', firstSeen: 1000, lastMessage: 2000 });
    expect(listed!.metrics.map(({ value }) => value)).toEqual(['0.123457', '']);
    expect(strangers.forget('X-1')).toBe(node);
    expect(strangers.has('X-1')).toBe(false);
  });

  test('have the metrics of their devices beside their own, until their next birth', () => {
    const strangers = new Unregistered();
    const node = newNode('G', 'X-2');
    strangers.born(node, [metric('P_IN')], true, 1);
    strangers.born(node, [metric('pump/HZ')], false, 2);
    expect(strangers.list()[0]!.metrics.map(({ name }) => name)).toEqual(['P_IN', 'pump/HZ']);
    strangers.born(node, [metric('P_IN')], true, 3);
    expect(strangers.list()[0]!.metrics.map(({ name }) => name)).toEqual(['P_IN']);
  });

  test('invented ones fill no memory', () => {
    const strangers = new Unregistered();
    for (let k = 0; k < 20_000; k++) strangers.born(newNode('G', `x${k}`), [], true, k);
    expect(strangers.size).toBeLessThanOrEqual(5000);
  });
});

describe('adopting a stranger', () => {
  const request = (given: Partial<AdoptRequest> = {}): AdoptRequest => ({
    code: 'X-1',
    name: { zh: '新泵房', en: 'New room' },
    kind: 'tank',
    district: '350203',
    supplyZone: 'Z1',
    lon: 118.1,
    lat: 24.5,
    sets: [{ zone: 'LO', pumps: 2 }],
    mapping: { pressure: 'LO/P_OUT', level: 'L1' },
    ...given,
  });

  test('writes the station with its template, then each metric’s point', async () => {
    const database = fakeDatabase([]);
    await adopt(database, request());
    const writes = database.statements.filter(({ sql }) => sql.includes('INSERT'));
    expect(writes.map(({ params }) => params.slice(0, 3))).toEqual([
      ['X-1', 'tank:LO2', expect.stringContaining('"code":"X-1"')],
      ['X-1', 'pressure', 'LO/P_OUT'],
      ['X-1', 'level', 'L1'],
    ]);
  });

  test.each<[string, Partial<AdoptRequest>, RegExp]>([
    ['a point that its kind does not have', { kind: 'inline' }, /level: L1 is no point/],
    ['a pump it does not have', { mapping: { a: 'LO/P3/HZ' } }, /a: LO\/P3\/HZ is no point/],
    ['a point named twice', { mapping: { a: 'L1', b: 'L1' } }, /L1 is mapped more than once/],
    ['no metric at all', { mapping: {} }, /no metric is mapped/],
    [
      'a zone named twice',
      {
        sets: [
          { zone: 'LO', pumps: 2 },
          { zone: 'LO', pumps: 3 },
        ],
      },
      /twice/,
    ],
  ])('is refused with %s, and nothing is written', async (_what, given, reason) => {
    const database = fakeDatabase([]);
    const refused = adopt(database, request(given));
    await expect(refused).rejects.toBeInstanceOf(AdoptError);
    await expect(refused).rejects.toMatchObject({ details: [expect.stringMatching(reason)] });
    expect(database.statements).toEqual([]);
  });

  test('is refused when the code is a station already', async () => {
    const database = fakeDatabase([[/SELECT 1 FROM station/, [{}]]]);
    await expect(adopt(database, request())).rejects.toMatchObject({ details: ['X-1 is a station already'] });
    expect(database.statements.some(({ sql }) => sql.includes('INSERT'))).toBe(false);
  });
});
