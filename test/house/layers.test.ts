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
