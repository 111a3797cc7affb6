import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

const page = readFileSync('docs/sparkplug-edge.md', 'utf8');
const [, shown, notApplicable] = page.split(/^## .*$/m) as [string, string, string];
const rows = (part: string) =>
  [...part.matchAll(/^\| `(tck-id-[\w-]+)` \| (.+) \|$/gm)].map(([, id, text]) => ({ id: id!, text: text! }));
const FILES = [
  'test/edge/conformance/session.test.ts',
  'test/edge/conformance/payload.test.ts',
  'test/twin/report/report.test.ts',
];
/** The ids in the names of a file's tests. */
const named = (file: string) => {
  const names = [...readFileSync(file, 'utf8').matchAll(/'(tck-id-[^']*)'/g)].map(([, name]) => name!);
  return new Set(names.flatMap((name) => name.match(/tck-id-[\w-]+/g) ?? []));
};

describe('the list of the edge node’s statements', () => {
  test('names each statement once', () => {
    const ids = rows(shown + notApplicable).map(({ id }) => id);
    expect(ids.length).toBeGreaterThan(150);
    expect(new Set(ids).size).toBe(ids.length);
  });

  test.each(FILES)('says of %s what its tests are named', (file) => {
    const listed = rows(shown).filter(({ text }) => text === `\`${file}\``);
    expect(new Set(listed.map(({ id }) => id))).toEqual(named(file));
  });

  test('has a test or a reason for each', () => {
    for (const { text } of rows(shown)) expect(FILES.map((file) => `\`${file}\``)).toContain(text);
    for (const { text } of rows(notApplicable)) expect(text.length).toBeGreaterThan(10);
  });
});
