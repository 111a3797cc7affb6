import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readInpFile } from '#gis/io/inp/file.ts';
import { InpError } from '#gis/io/inp/issues.ts';

/** The figures of docs/hydraulics.md at a size that a suite can bear: a square of streets, 4 MB of text. */
const SIDE = 150;
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'large-inp-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

interface Mistakes {
  demand?: (junction: number) => string;
  from?: (pipe: number) => string | undefined;
  pumps?: string[];
  options?: string[];
}

function streets({ demand, from, pumps = [], options = [] }: Mistakes = {}): string {
  const at = (row: number, column: number) => `J${String(row * SIDE + column).padStart(8, '0')}`;
  const each = Array.from({ length: SIDE * SIDE }, (_, i) => [i, Math.floor(i / SIDE), i % SIDE] as const);
  let pipes = 0;
  const pipe = (a: string, b: string) => {
    const id = pipes++;
    return ` P${String(id).padStart(8, '0')}\t${from?.(id) ?? a}\t${b}\t100.00\t200\t120\t0.00\tOpen\t;`;
  };
  return [
    '[TITLE]',
    '城市管网',
    '[JUNCTIONS]',
    ...each.map(([i, row, column]) => ` ${at(row, column)}\t12.50\t${demand?.(i) ?? '0.010'}\t;`),
    '[RESERVOIRS]',
    ' R0 120',
    '[PIPES]',
    pipe('R0', at(0, 0)),
    ...each.flatMap(([, row, column]) => [
      ...(column + 1 < SIDE ? [pipe(at(row, column), at(row, column + 1))] : []),
      ...(row + 1 < SIDE ? [pipe(at(row, column), at(row + 1, column))] : []),
    ]),
    '[PUMPS]',
    ...pumps,
    '[OPTIONS]',
    ' Units LPS',
    ...options,
    '[COORDINATES]',
    ...each.map(([, row, column]) => ` ${at(row, column)}\t${column * 100}.000\t${row * 100}.000`),
    '[END]',
  ].join('\r\n');
}

function file(content: string | Uint8Array): string {
  const path = join(folder, 'city.inp');
  writeFileSync(path, content);
  return path;
}

function wrongWith(path: string): InpError {
  try {
    readInpFile(path);
  } catch (error) {
    if (error instanceof InpError) return error;
    throw error;
  }
  throw new Error('nothing is wrong with it');
}

const GBK_TITLE = Buffer.from([0xb3, 0xc7, 0xca, 0xd0, 0xb9, 0xdc, 0xcd, 0xf8]);

describe('a large input file', () => {
  it.each([
    ['UTF-8', (text: string) => Buffer.from(text)],
    ['UTF-16', (text: string) => Buffer.from(`\uFEFF${text}`, 'utf16le')],
    [
      'GBK',
      (text: string) => {
        const [before, after] = text.split('城市管网');
        return Buffer.concat([Buffer.from(before!), GBK_TITLE, Buffer.from(after!)]);
      },
    ],
  ])('is read in %s', (_, encode) => {
    const { network, warnings } = readInpFile(file(encode(streets())));
    expect(network.title).toBe('城市管网');
    expect(network.nodes).toHaveLength(SIDE * SIDE + 1);
    expect(network.links).toHaveLength(2 * SIDE * (SIDE - 1) + 1);
    expect(network.coordinates.size).toBe(SIDE * SIDE);
    expect(warnings).toEqual([]);
  });

  it('with mistakes all over is told of all kinds at once, by line, and of how many there are', () => {
    const { message, count, issues } = wrongWith(
      file(
        streets({
          demand: (junction) => (junction % 2000 === 7 ? 'x1.5' : '0.010'),
          from: (pipe) => (pipe % 4000 === 777 ? 'NOWHERE' : undefined),
          pumps: [' PU1 R0 J00000000', ' PU2 R0 J00000001 HEAD nothing'],
          options: [' Units GPM'],
        }),
      ),
    );
    expect(count).toBe(12 + 11 + 2 + 1);
    expect(issues).toHaveLength(count);
    expect(message.split('\n')).toHaveLength(21);
    expect(message).toMatch(/^line 11: junction J00000007: the demand "x1\.5" is not a number$/m);
    expect(message).toMatch(/^and 6 more$/m);
    expect(issues.map(({ cause }) => cause)).toEqual(
      expect.arrayContaining([
        'pipe P00000777: there is no node NOWHERE',
        'pump PU1: it has neither a head curve nor a power',
        'pump PU2: there is no curve nothing',
        'option Units: UNITS is GPM here and LPS on line 67212',
      ]),
    );
  });

  it('that is wrong on every line is told line by line', () => {
    const { message, count, issues } = wrongWith(file(streets({ demand: () => 'much' })));
    expect(count).toBe(SIDE * SIDE);
    expect(issues).toHaveLength(count);
    expect(message).toContain('and 22480 more');
  });

  it('of one line is not cut into words', () => {
    const { message } = wrongWith(file(`[TITLE]\n${'a '.repeat(5e6)}`));
    expect(message).toContain('line 2: the line has 10000000 characters; the limit is 65536');
  });

  it('beyond the limit is refused before it is in memory', () => {
    const path = file('[TITLE]');
    truncateSync(path, 3 * 2 ** 30);
    const before = process.memoryUsage.rss();
    expect(wrongWith(path).message).toBe('the file has 3072 MB; the limit is 256 MB');
    expect(process.memoryUsage.rss() - before).toBeLessThan(100 * 2 ** 20);
  });
});
