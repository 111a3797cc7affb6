import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readInp } from '#gis/io/inp/read.ts';
import { writeInp } from '#gis/io/inp/write.ts';
import type { Network } from '#gis/network/model.ts';
import { flowUnits } from '#gis/network/units.ts';
import { smallTown } from './small-town.ts';

const shared = fileURLToPath(new URL('../../../../shared/networks/', import.meta.url));
const files = existsSync(shared) ? readdirSync(shared).filter((name) => name.endsWith('.inp')) : [];

/** Numbers to 13 digits: a change of units and back may cost the last bits. */
function rounded(value: unknown): unknown {
  if (typeof value === 'number') return Number(value.toPrecision(13));
  if (value instanceof Map) return [...value].map(rounded);
  if (Array.isArray(value)) return value.map(rounded);
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, v]) => [key, rounded(v)]));
  }
  return value;
}

/** Whether a word of a file can be this: a quote does not stand at its start, nor beside blanks. */
function isName(name: string): boolean {
  return !(name.startsWith('"') || (name.includes('"') && /^\[|\s/.test(name)));
}

function asWord(name: string): string {
  return /^\[|\s/.test(name) ? `"${name}"` : name;
}

/** Comment lines alone, wherever they stand. */
const commentLines = ({ comments = [] }: Network) => comments.flatMap(({ lines }) => lines).sort();

/** A comment line before every line of a file that is no heading, numbered; none behind the end. */
function annotated(text: string, everyNth = 1): { text: string; lines: string[] } {
  const lines: string[] = [];
  const end = text.split('\n').indexOf('[END]');
  const all = text.split('\n').flatMap((line, i) => {
    if (i < 4 || i > end || line.startsWith('[') || i % everyNth !== 0) return [line];
    lines.push(`; remark ${i} on ${line.trim().split(/\s+/)[0]}`.trim());
    return [lines.at(-1)!, line];
  });
  return { text: all.join('\n'), lines };
}

describe('writing an input file', () => {
  it('keeps comment lines before the rows that they stood before', () => {
    const text = [
      '[JUNCTIONS]',
      ';ID  Elev',
      ' A  10',
      ';----- the low street -----',
      '; built in 1998',
      ' B  5  ;a school',
      '; no more junctions',
      '[RESERVOIRS]',
      ' R 50',
      '[PIPES]',
      ' P1 R A 100 200 100',
      ';renewed',
      ' P2 A B 100 200 100',
      '[DEMANDS]',
      ' A 1',
      ';summer',
      ' A 2 ;tourists',
      '[CURVES]',
      ';PUMP: of the yard',
      ' C 10 20',
      '; measured',
      ' C 20 15',
      '[CONTROLS]',
      ';night',
      ' LINK P1 CLOSED AT TIME 2 ;by hand',
      ' LINK P2 CLOSED AT TIME 3',
      ';day',
      ' LINK P1 OPEN AT TIME 6',
      '[RULES]',
      '; the first',
      'RULE 1',
      'IF SYSTEM TIME > 3',
      '; both',
      'AND SYSTEM TIME < 4',
      'THEN PIPE P1 STATUS = OPEN',
      '[OPTIONS]',
      ' Units LPS',
      ';fine',
      ' Accuracy 0.0001 ;of the second kind',
      '[TIMES]',
      ' Duration 24 ;a day',
      ' Pattern Timestep 2:00 ;by the meter',
      '[TAGS]',
      ';tags of nodes',
      ' NODE A market',
      ';',
    ].join('\n');
    const { network } = readInp(text);
    const written = writeInp(network);
    const order = written.split('\n').map((line) => line.trim().replace(/\t+/g, ' '));
    const follows = (comment: string) => order[order.indexOf(comment) + 1];
    expect(follows(';ID  Elev')).toBe('A 10');
    expect(follows('; built in 1998')).toBe('B 5 ;a school');
    expect(follows(';renewed')).toMatch(/^P2 /);
    expect(follows(';summer')).toBe('A 2 ;tourists');
    expect(follows(';PUMP: of the yard')).toBe('C 10 20');
    expect(follows('; measured')).toBe('C 20 15');
    expect(follows(';night')).toBe(';by hand');
    expect(follows(';by hand')).toBe('LINK P1 CLOSED AT TIME 2');
    expect(follows(';day')).toBe('LINK P1 OPEN AT TIME 6');
    expect(follows('; the first')).toBe('RULE 1');
    expect(follows('; both')).toBe('AND SYSTEM TIME < 4');
    expect(follows(';fine')).toBe(';of the second kind');
    expect(follows(';of the second kind')).toBe('Accuracy 0.0001');
    expect(follows(';a day')).toMatch(/^Duration /);
    expect(follows(';by the meter')).toMatch(/^Pattern Timestep /);
    expect(follows(';tags of nodes')).toBe('NODE A market');
    expect(order).toContain('; no more junctions');
    expect(order).toContain(';');
    const again = readInp(written).network;
    expect(again).toEqual(network);
    expect(writeInp(again)).toBe(written);
  });

  it('loses no comment line, wherever it stands', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9 }), (everyNth) => {
        const { text, lines } = annotated(smallTown, everyNth);
        const written = writeInp(readInp(text).network);
        for (const line of lines) expect(written.split('\n')).toContain(line);
        expect(writeInp(readInp(written).network)).toBe(written);
        const { comments: _, verbatim: __, ...data } = readInp(written).network;
        const { comments: ___, verbatim: ____, ...plain } = readInp(smallTown).network;
        expect(rounded(data)).toEqual(rounded(plain));
      }),
      { numRuns: 12 },
    );
  });

  it('takes as many comment lines before a row as there are', () => {
    const many = Array.from({ length: 200_000 }, (_, i) => `;${i}`);
    const { network } = readInp(['[RESERVOIRS]', ...many, ' R 50', '[JUNCTIONS]', ' A 0'].join('\n'));
    const written = writeInp(network);
    expect(commentLines(readInp(written).network)).toHaveLength(many.length);
  });

  it('loses nothing', () => {
    const { network } = readInp(smallTown);
    expect(rounded(readInp(writeInp(network)).network)).toEqual(rounded(network));
  });

  it.each(flowUnits)('means the same network in %s', (units) => {
    const { network } = readInp(smallTown);
    const { verbatim: _, ...rest } = { ...network, units, controls: [], rules: [] };
    expect(rounded(readInp(writeInp(rest)).network)).toEqual(rounded(rest));
  });

  it.each(files)('loses nothing of %s', (name) => {
    const { network } = readInp(readFileSync(shared + name));
    const text = writeInp(network);
    const again = readInp(text).network;
    expect(commentLines(again)).toEqual(commentLines(network));
    const { comments: _, ...data } = network;
    const { comments: __, ...dataAgain } = again;
    expect(rounded(dataAgain)).toEqual(rounded(data));
    expect(writeInp(again)).toBe(text);
  });

  it('keeps every name, in quotes where it takes them', () => {
    const name = fc.stringMatching(/^[A-Za-z0-9_"'[\]()/\u6cf5\u623f\u3000 \t]{1,45}$/).filter(isName);
    fc.assert(
      fc.property(fc.uniqueArray(name, { minLength: 8, maxLength: 8 }), (names) => {
        const [junction, reservoir, tank, pipe, pump, pattern, curve] = names;
        const [j, r, t, p, u, day, lift, vol] = names.map(asWord);
        const { network } = readInp(
          `[JUNCTIONS]
${j} 10 5 ${day}
[RESERVOIRS]
${r} 20 ${day}
[TANKS]
${t} 40 2 1 5 8 0 ${vol}
[PIPES]
${p} ${j} ${t} 100 200 100
[PUMPS]
${u} ${r} ${j} HEAD ${lift} PATTERN ${day}
[DEMANDS]
${j} 3 ${day}
[STATUS]
${u} Closed
[PATTERNS]
${day} 1 2
[CURVES]
${lift} 10 30
${vol} 0 0
${vol} 9 90
[CONTROLS]
LINK ${u} OPEN IF NODE ${t} BELOW 1
[RULES]
RULE ${day}
IF TANK ${t} LEVEL < 1
THEN PUMP ${u} STATUS = OPEN
[ENERGY]
Global Pattern ${day}
Pump ${u} Pattern ${day}
[COORDINATES]
${j} 1 2
[VERTICES]
${p} 1 2`,
        );
        expect(network.nodes.map(({ id }) => id)).toEqual([junction, reservoir, tank]);
        expect(network.links.map(({ id }) => id)).toEqual([pipe, pump]);
        expect([network.patterns[0]!.id, network.curves[0]!.id]).toEqual([pattern, curve]);
        const again = readInp(writeInp(network)).network;
        expect(again).toEqual(network);
        expect(writeInp(again)).toBe(writeInp(network));
      }),
    );
  });

  it('keeps rows of nodes and links that are not there, and warns of them', () => {
    const text = smallTown
      .replace('[VERTICES]', ' J1 west 3 ;a slip\n[VERTICES]\n P9 1 1')
      .replace('NODE J1 centre', 'NODE J9 centre')
      .replace('J1 0.5', 'J9 0.5');
    const { network, warnings } = readInp(text);
    expect(warnings).toEqual([
      'option Quality Chlorine is kept but water quality is not simulated',
      '[COORDINATES] is kept where it places nothing: "GONE 0 0" (line 97), "J1 west 3" (line 98)',
      '[VERTICES] is kept where it places nothing: "P9 1 1" (line 100)',
      '[QUALITY] is kept but names what is not there: "J9 0.5" (line 79)',
      '[TAGS] is kept but names what is not there: "NODE J9 centre" (line 77)',
    ]);
    const written = writeInp(network).split('\n');
    for (const row of [' GONE 0 0', ' J1 west 3', ';a slip', ' P9 1 1', ' NODE J9 centre', ' J9 0.5'])
      expect(written).toContain(row);
    expect(readInp(written.join('\n')).network).toEqual(network);
  });

  it('says which names EPANET would not take', () => {
    const long = 'a-street-with-a-name-of-40-characters-00';
    const warnings = (name: string) => readInp(smallTown.replaceAll('J5', name)).warnings.join('\n');
    expect(warnings(long)).toContain(`EPANET takes no id with a blank or of more than 31 bytes: ${long}`);
    expect(warnings('"two words"')).toContain('31 bytes: two words');
    expect(warnings('厦门岛东路与嘉禾路口十一')).toContain('31 bytes: 厦门岛东路与嘉禾路口十一');
    expect(warnings('厦门岛东路口')).not.toContain('bytes');
  });

  it('keeps pressures that lie as near to each other as EPANET takes', () => {
    for (const units of ['GPM', 'LPS'])
      for (const range of [' Required Pressure 0.1', ' Minimum Pressure 7\n Required Pressure 7.1']) {
        const { network } = readInp(
          smallTown.replace('Units GPM', `Units ${units}\n Demand Model PDA\n${range}`),
        );
        expect(rounded(readInp(writeInp(network)).network.options)).toEqual(rounded(network.options));
      }
  });

  it('keeps a junction that is called as a factor on demands begins', () => {
    const { network } = readInp(smallTown.replaceAll('J5', 'MULT'));
    const again = readInp(writeInp(network)).network;
    expect(again.options.demandMultiplier).toBe(1);
    expect(rounded(again)).toEqual(rounded(network));
  });

  it('names the element that cannot be written', () => {
    const { network } = readInp(smallTown);
    const withNode = (change: object): Network => ({
      ...network,
      nodes: network.nodes.map((node, i) => (i === 0 ? { ...node, ...change } : node)) as Network['nodes'],
    });
    expect(() => writeInp(withNode({ elevation: Number.NaN }))).toThrow(
      '[JUNCTIONS] J1: NaN is not a number',
    );
    for (const id of ['', 'a;b', 'a\nb', '"a', 'a "b']) {
      expect(() => writeInp(withNode({ id }))).toThrow(`junction id "${id}" cannot stand in an input file`);
      expect(() => writeInp({ ...network, patterns: [{ id, multipliers: [1] }] })).toThrow(
        `pattern id "${id}"`,
      );
    }
  });
});
