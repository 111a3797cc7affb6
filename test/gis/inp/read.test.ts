import { describe, expect, it } from 'vitest';
import { InpError } from '#gis/io/inp/issues.ts';
import { readInp } from '#gis/io/inp/read.ts';
import { parseClock, parseDuration } from '#gis/network/words.ts';
import { smallTown } from './small-town.ts';

function issuesOf(source: string | Uint8Array): { line: number; cause: string }[] {
  try {
    readInp(source);
  } catch (problem) {
    if (problem instanceof InpError) return problem.issues;
    throw problem;
  }
  return [];
}

function lineOf(text: string): number {
  return smallTown.split('\n').findIndex((line) => line.trim() === text) + 1;
}

describe('reading an input file', () => {
  const { network } = readInp(smallTown);
  const node = (id: string) => network.nodes.find((n) => n.id === id)!;
  const link = (id: string) => network.links.find((l) => l.id === id)!;

  it('converts US units to m, mm and m³/h', () => {
    expect(node('J1')).toMatchObject({ elevation: 30.48, description: 'the market' });
    expect(link('P1')).toMatchObject({ length: 304.8, diameter: expect.closeTo(304.8, 9), roughness: 130 });
    const [demand] = (node('J1') as { demands: { base: number }[] }).demands;
    expect(demand!.base).toBeCloseTo(50 * 0.227124707, 6);
    expect(network.curves.find((c) => c.id === 'lift')!.points[1]).toEqual({
      x: expect.closeTo(45.4249, 3),
      y: expect.closeTo(30.48, 9),
    });
  });

  it('lets demand categories replace the demand of the junction', () => {
    expect(node('J2')).toMatchObject({
      demands: [
        { pattern: 'day', category: 'homes' },
        { pattern: 'night', category: 'shops' },
      ],
    });
    expect((node('J3') as { demands: unknown[] }).demands).toHaveLength(1);
  });

  it('takes status and setting from [STATUS]', () => {
    expect(link('U2')).toMatchObject({ status: 'closed' });
    expect((link('V1') as { setting: number }).setting).toBeCloseTo((35 / 0.4333) * 0.3048, 9);
    expect(link('P2')).toMatchObject({ status: 'cv', minorLoss: 0.5 });
    expect(link('P3')).toMatchObject({ status: 'closed' });
  });

  it('keeps what the hydraulics do not use', () => {
    expect(network.verbatim?.map((section) => section.name)).toEqual([
      'OPTIONS',
      'TIMES',
      'TAGS',
      'QUALITY',
      'COORDINATES',
    ]);
    expect(network.energy).toMatchObject({ efficiency: 70, price: 0.1, demandCharge: 2 });
    expect(link('U1')).toMatchObject({ efficiencyCurve: 'eff', energyPrice: 0.2, pricePattern: 'night' });
    expect(network.coordinates.get('J1')).toEqual([1.5, 2.5]);
    expect(network.coordinates.has('GONE')).toBe(false);
    expect(network.vertices.get('P1')).toHaveLength(2);
  });

  it('reads rules and controls clause by clause', () => {
    expect(network.controls).toHaveLength(2);
    expect(network.rules).toHaveLength(1);
    expect(network.rules[0]).toContain('ELSE');
  });

  it('understands the spellings of time', () => {
    expect(parseDuration('1:30')).toBe(5400);
    expect(parseDuration('90', 'MIN')).toBe(5400);
    expect(parseDuration('1', 'DAY')).toBe(86400);
    expect(parseDuration('1.5')).toBe(5400);
    expect(parseClock('12', 'AM')).toBe(0);
    expect(parseClock('12:30', 'pm')).toBe(45000);
    expect(parseClock('6:15PM')).toBe(65700);
    expect(parseDuration('soon')).toBeUndefined();
    expect(parseDuration('4', 'PM')).toBe(57600);
    expect(parseDuration('4:30', 'AM')).toBe(16200);
  });
});

describe('the encoding of an input file', () => {
  const chinese = smallTown.replace('A small town', '一座小城');
  const utf16 = (mark: boolean): Uint8Array =>
    new Uint8Array(Buffer.from((mark ? '\uFEFF' : '') + chinese, 'utf16le'));

  it('is found by itself: UTF-8, UTF-16 with or without a mark, GBK', () => {
    const gbk = Buffer.concat([
      Buffer.from('[TITLE]\n'),
      Buffer.from([0xd2, 0xbb, 0xd7, 0xf9, 0xd0, 0xa1, 0xb3, 0xc7]),
      Buffer.from(smallTown.slice(smallTown.indexOf('\nwith'))),
    ]);
    const titles = [new Uint8Array(Buffer.from(chinese)), utf16(true), utf16(false), new Uint8Array(gbk)].map(
      (bytes) => readInp(bytes).network.title.split('\n')[0],
    );
    expect(titles).toEqual(['一座小城', '一座小城', '一座小城', '一座小城']);
  });

  it('is refused when the file is binary or enormous', () => {
    expect(issuesOf(new Uint8Array([0x50, 0x4b, 3, 4, 10, 0, 1, 0, 0]))[0]?.cause).toMatch(/binary/);
    expect(issuesOf(new Uint8Array(300 * 1024 * 1024))[0]?.cause).toBe(
      'the file has 300 MB; the limit is 256 MB',
    );
  });
});

describe('what is wrong with a file', () => {
  it('is told all at once, each with its line', () => {
    const broken = smallTown
      .replace('P1  J1 J2  1000 12', 'P1  J1 J9  1000 x')
      .replace('HEAD lift  SPEED 1.1 PATTERN night', '')
      .replace('[TAGS]', '[TAGGED]')
      .replace('THEN PUMP U2', 'THEN PUMP U9');
    const issues = issuesOf(broken);
    expect(issues.map((issue) => issue.cause)).toEqual([
      'pipe P1: the diameter "x" is not a number',
      'pipe P1: there is no node J9',
      'pump U1: it has neither a head curve nor a power',
      'rule 1: there is no link U9',
      'unknown section [TAGGED]',
    ]);
    expect(issues[0]!.line).toBe(lineOf('P1  J1 J2  1000 12 130 0 Open'));
    expect(issues[3]!.line).toBe(lineOf('THEN PUMP U2 STATUS = OPEN'));
  });

  it.each([
    ['Units GPM', 'Units GPM\n Units LPS', /UNITS is LPS here and GPM on line/],
    ['Units GPM', 'Units BUCKETS', /"BUCKETS" is not a flow unit/],
    ['HEAD lift', 'HEAD nothing', /pump U1: there is no curve nothing/],
    ['J1  100   50      day', 'J1  100   50      never', /junction J1: there is no pattern never/],
    ['J2  90    0', 'J1  90    0', /junction J1: the id is taken by line/],
    ['J2 J4  8  PRV', 'J2 T1  8  PRV', /valve V1: a PRV cannot stand at the reservoir or tank T1/],
    ['10  2  20', '30  2  20', /tank T1: the initial level is not between/],
    ['NODE T1 ABOVE 19', 'NODE T1 AROUND 19', /"AROUND" is neither ABOVE nor BELOW/],
    ['LINK U1 CLOSED IF', 'LINK P2 CLOSED IF', /pipe P2 has a check valve and cannot be controlled/],
    ['lift  200 100', 'lift  0 100', /curve lift: x does not rise/],
    ['lift  400 40', 'lift  400 110', /pump U1: no pump has a head curve like lift: heads have to fall/],
    [
      'lift  400 40',
      'lift  400 110\n lift 500 120',
      /pump U1: the head of curve lift does not fall with flow/,
    ],
    ['Accuracy 0.0001', 'Accurate 0.0001\n Wobble 3', /option Wobble: unknown option/],
    ['Unbalanced Continue 10', 'Unbalanced Perhaps', /"PERHAPS" is neither STOP nor CONTINUE/],
    ['Units GPM', 'Units GPM\n Pressure', /option Pressure: "" is not a pressure unit/],
    ['Units GPM', 'Units GPM\n Backflow Allowed Often', /"OFTEN" is neither YES nor NO/],
    ['0   vol YES', '0   vol PERHAPS', /tank T2: "PERHAPS" is neither YES nor NO/],
    ['vol   12  900', 'vol   6  900\n vol 12 800', /tank T2: the volume of curve vol falls while the level/],
    ['Duration 24:00', 'Duration 1e300', /the duration "1e300" is longer than 2147483647 s/],
    ['Duration 24:00', 'Duration', /^time Duration: the duration is missing$/],
    ['Duration 24:00', 'Duration -4', /the duration "-4" is not a time/],
    [
      '10  2  20  40  0',
      '10  2',
      /^tank T1: the maximum level is missing\ntank T1: the diameter is missing$/,
    ],
  ])('%s → %s', (from, to, cause) => {
    const issues = issuesOf(smallTown.replace(from, to));
    expect(issues.map((issue) => issue.cause).join('\n')).toMatch(cause);
    expect(issues.every((issue) => issue.line > 0)).toBe(true);
  });

  it('includes a curve that has no number in the units of the model', () => {
    const text = smallTown.replace('Units GPM', 'Units CMS').replace('lift  400 40', 'lift  1e308 40');
    expect(issuesOf(text).map(({ cause }) => cause)).toContain('curve lift: a number is beyond any measure');
  });

  it.each([
    ['below it', 'Minimum Pressure 20\n Required Pressure 10'],
    ['the same', 'Required Pressure 20\n Minimum Pressure 20'],
    ['0.05 above it', 'Required Pressure 0.05'],
  ])('includes a required pressure %s, whatever the model of demands', (_, lines) => {
    for (const model of ['DDA', 'PDA']) {
      const text = smallTown.replace('Units GPM', `Units GPM\n Demand Model ${model}\n ${lines}`);
      const [issue, ...rest] = issuesOf(text);
      expect(rest).toEqual([]);
      expect(issue!.cause).toMatch(/is not at least 0\.1 above the minimum pressure (20|0)$/);
      expect(text.split('\n')[issue!.line - 1]).toContain('Required Pressure');
    }
  });

  it('includes valves in a loop that would fix a pressure twice', () => {
    const loop = smallTown.replace('[DEMANDS]', ' V4  J4 J2  8  PRV  30 0\n[DEMANDS]');
    expect(issuesOf(loop)[0]?.cause).toBe('valve V4: with PRV V1 it stands in series');
  });

  it('includes curves that no pump has, with their lines, beside all else', () => {
    const wrong = smallTown.replace('lift  400 40', 'lift  400 110').replace('PATTERN night', 'PATTERN none');
    const issues = issuesOf(wrong);
    const at = wrong.split('\n').findIndex((text) => text.trim().startsWith('lift')) + 1;
    expect(issues.find(({ cause }) => cause.includes('head curve like'))?.line).toBe(at);
    expect(issues.some(({ cause }) => cause.includes('no pattern none'))).toBe(true);
    const old = smallTown.replace('HEAD lift  SPEED 1.1 PATTERN night', '100 200');
    expect(issuesOf(old.replace('100 200', '0 200'))[0]?.line).toBe(
      old.split('\n').findIndex((text) => text.includes('100 200')) + 1,
    );
  });

  it.each<[string, string[], string?]>([
    [
      'two that break 20 and 10',
      ['B1 J2 J4 8 PBV 20 0', 'B2 J2 J4 8 PBV 10 0'],
      'B2: it stands in a loop with PBV B1,',
    ],
    [
      'two against each other',
      ['B1 J2 J4 8 PBV 20 0', 'B2 J4 J2 8 PBV 20 0'],
      'B2: it stands in a loop with PBV B1,',
    ],
    [
      'three in a ring',
      ['B1 J1 J2 8 PBV 5 0', 'B2 J2 J4 8 PBV 5 0', 'B3 J4 J1 8 PBV 5 0'],
      'B3: it stands in a loop with PBV B2, B1,',
    ],
    ['two that agree', ['B1 J2 J4 8 PBV 20 0', 'B2 J2 J4 8 PBV 20 0']],
    ['one that gives way to flow', ['B1 J2 J4 8 PBV 20 0', 'B2 J2 J4 8 PBV 10 2']],
    [
      'one that cannot give way, since the other holds less',
      ['B1 J2 J4 8 PBV 10 0', 'B2 J2 J4 8 PBV 20 2'],
      'B2: it stands in a loop with PBV B1,',
    ],
  ])('includes PBVs in a loop: %s', (_, lines, cause) => {
    const text = smallTown.replace(/ V1 .*\n/, `${lines.map((line) => ` ${line}\n`).join('')}`);
    const found = issuesOf(text).filter(({ cause: said }) => said.includes('PBV'));
    expect(found.map(({ cause: said }) => said).join()).toContain(cause ?? '');
    expect(found).toHaveLength(cause === undefined ? 0 : 1);
    if (cause !== undefined) expect(found[0]!.line).toBe(text.split('\n').indexOf(` ${lines.at(-1)}`) + 1);
  });

  it.each([
    ['a control closes', '[CONTROLS]', '[CONTROLS]\nLINK B2 CLOSED AT TIME 0'],
    ['a control sets anew', '[CONTROLS]', '[CONTROLS]\nLINK B1 20 IF NODE T1 ABOVE 5'],
    ['a rule closes', 'ELSE PUMP U2', 'AND VALVE B2 STATUS = CLOSED\nELSE PUMP U2'],
    ['a rule sets anew otherwise', '\nPRIORITY 2', '\nAND VALVE B1 SETTING = 20\nPRIORITY 2'],
  ])('takes PBVs in a loop of which %s one', (_, from, to) => {
    const loop = smallTown.replace(/ V1 .*\n/, ' B1 J2 J4 8 PBV 10 0\n B2 J2 J4 8 PBV 20 0\n');
    const contradicting = (text: string) =>
      issuesOf(text).filter(({ cause }) => cause.includes('contradict'));
    expect(contradicting(loop)).toHaveLength(1);
    const commanded = loop.replace(from, to);
    expect(commanded).not.toBe(loop);
    expect(contradicting(commanded)).toEqual([]);
  });

  it('includes a file without a source', () => {
    expect(issuesOf('[JUNCTIONS]\nA 0\nB 0\n[PIPES]\nP A B 1 1 100').map((issue) => issue.cause)).toEqual([
      'there is no reservoir or tank',
    ]);
  });
});

describe('what a file says that changes nothing', () => {
  const warnings = (from: string, to: string) => readInp(smallTown.replace(from, to)).warnings.join('\n');

  it('is a default pattern that is not there, unless EPANET wrote it by itself', () => {
    expect(warnings('Pattern day\n Emitter', 'Pattern dya\n Emitter')).toContain(
      'option Pattern dya: there is no such pattern; demands that name none are constant',
    );
    expect(warnings('Pattern day\n Emitter', 'Pattern 1\n Emitter')).not.toContain('Pattern');
    expect(warnings('', '')).not.toContain('Pattern');
  });
});

describe('rows that EPANET reads otherwise than one would think', () => {
  const file = (rows: string) =>
    readInp(
      new TextEncoder().encode(`[JUNCTIONS]
A 10 5
B 10 5
[RESERVOIRS]
R 50
[TANKS]
T 10 2 0 5 10 0
[PIPES]
1 R A 100 200 100
2 A B 100 200 100
10 A T 100 200 100 0 CV
[PUMPS]
3 R B HEAD c
4 R B HEAD c
[CURVES]
c 5 20
${rows}
[OPTIONS]
Units LPS
[END]
`),
    ).network;
  const statusesOf = (rows: string) => file(rows).links.map(({ id, status }) => `${id} ${status}`);

  it('a status of a range of links, by number or by text, passes over check valves', () => {
    expect(statusesOf('[STATUS]\n3 4 Closed')).toEqual(['1 open', '2 open', '10 cv', '3 closed', '4 closed']);
    expect(statusesOf('[STATUS]\n2 10 Closed')).toEqual([
      '1 open',
      '2 closed',
      '10 cv',
      '3 closed',
      '4 closed',
    ]);
    expect(file('[STATUS]\n3 4 0.8').links.at(-1)).toMatchObject({ id: '4', speed: 0.8, status: 'open' });
  });

  it('demands and emitters of a tank or reservoir are nothing', () => {
    const { nodes } = file('[DEMANDS]\nT 3\nR 3\nA 7\n[EMITTERS]\nT 1');
    expect(nodes.find(({ id }) => id === 'A')).toMatchObject({ demands: [{ base: 25.2 }] });
    expect(() => file('[DEMANDS]\nX 3')).toThrow('there is no such junction');
  });

  it('a rule may make a valve ACTIVE, which changes nothing', () => {
    expect(file('[RULES]\nRULE 1\nIF SYSTEM TIME > 1\nTHEN PUMP 3 STATUS = ACTIVE\n').rules).toHaveLength(1);
  });
});
