import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
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

describe('writing an input file', () => {
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
    expect(rounded(again)).toEqual(rounded(network));
    expect(writeInp(again)).toBe(text);
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
    expect(() => writeInp(withNode({ id: 'two words' }))).toThrow('junction id "two words" cannot stand');
  });
});
