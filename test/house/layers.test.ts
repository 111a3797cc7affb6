import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';

/**
 * dependency-cruiser's parser does not read JSX: what it checks for every `.ts` file is checked here for `.tsx`, which
 * only the client has.
 */
const ROOT = join(import.meta.dirname, '../..');
const ALLOWED = [/^\.\.?\//, /^#(client|twin|sim)\//, /^#gis\/(?!io\/)/, /^[@a-z]/];

const components = readdirSync(join(ROOT, 'client'), { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.tsx'))
  .map((file) => join(ROOT, 'client', file));

describe('components import what the layer table lets them', () => {
  it('finds the components', () => {
    expect(components.length).toBeGreaterThan(10);
  });

  it.each(components.map((file) => [relative(ROOT, file), file]))('%s', (_name, file) => {
    const imported = [
      ...readFileSync(file, 'utf8').matchAll(/^(?:import|export)\b[^;]*?'([^']+)';|\bimport\('([^']+)'\)/gm),
    ].map((match) => match[1] ?? match[2]!);
    const strange = imported.filter(
      (name) =>
        name.startsWith('node:') || !ALLOWED.some((pattern) => pattern.test(name)) || leaves(file, name),
    );
    expect(strange).toEqual([]);
  });
});

const leaves = (file: string, name: string): boolean =>
  name.startsWith('.') && relative(join(ROOT, 'client'), join(file, '..', name)).startsWith('..');

describe('the pure folders', () => {
  const CLOCK_AND_CHANCE =
    /\b(Date\.now|new Date\(\)|Math\.random|performance\.now|setTimeout|setInterval|fetch)\b\(?/;
  const files = ['twin', 'gis', 'sim'].flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts') && !(folder === 'gis' && file.startsWith('io')))
      .map((file) => join(ROOT, folder, file)),
  );

  it('have neither clock nor chance', () => {
    const impure = files.filter((file) =>
      readFileSync(file, 'utf8')
        .split('\n')
        .some((line) => !/^\s*(\*|\/\/|\/\*)/.test(line) && CLOCK_AND_CHANCE.test(line)),
    );
    expect(files.length).toBeGreaterThan(100);
    expect(impure).toEqual([]);
  });
});
