import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { STATEMENTS } from '#test/support/sparkplugStatements.data.ts';

const TESTS = new URL('.', import.meta.url);
const PAGE = readFileSync(new URL('../../../../docs/sparkplug-host.md', import.meta.url), 'utf8');
const EDGE_PAGE = readFileSync(new URL('../../../../docs/sparkplug-edge.md', import.meta.url), 'utf8');
const BOTH_PAGE = readFileSync(new URL('../../../../docs/sparkplug.md', import.meta.url), 'utf8');
const ID = /tck-id-[A-Za-z0-9-]+/g;

/** Ids in the first column of the tables of one part of the page. */
function listed(part: string, page = PAGE): string[] {
  const text = page.split(`\n## ${part}\n`)[1]?.split('\n## ')[0] ?? '';
  return [...text.matchAll(/^\| `(tck-id-[A-Za-z0-9-]+)` \|/gm)].map(([, id]) => id!);
}

/** Ids in the names of the tests of a file: the strings that begin with one. */
const named = (source: string): string[] =>
  [...source.matchAll(/['"](tck-id-[A-Za-z0-9-]+)/g)].map(([, id]) => id!);

const files = readdirSync(TESTS).filter((name) => name.endsWith('.test.ts') && name !== 'table.test.ts');

test('each applicable statement of the page has a test of its name, and each test is on the page', () => {
  const tested = files.flatMap((name) => named(readFileSync(new URL(name, TESTS), 'utf8')));
  expect([...new Set(tested)].sort()).toEqual([...listed('Applicable')].sort());
});

test('each statement stands under the file that tests it', () => {
  for (const part of PAGE.split('\n### ').slice(1)) {
    const file = /`test\/server\/sparkplug\/conformance\/(.*?)`/.exec(part)![1]!;
    const ids = [...part.split('\n## ')[0]!.matchAll(/^\| `(tck-id-[A-Za-z0-9-]+)` \|/gm)].map(
      ([, id]) => id!,
    );
    expect(named(readFileSync(new URL(file, TESTS), 'utf8'))).toEqual(expect.arrayContaining(ids));
    expect(ids.length).toBeGreaterThan(0);
  }
});

test('no statement is both, or twice, and the counts on the page are right', () => {
  const [applicable, not] = [listed('Applicable'), listed('Not applicable')];
  expect(new Set([...applicable, ...not]).size).toBe(applicable.length + not.length);
  expect(PAGE).toContain(`${applicable.length} statements with a test, ${not.length} that do not apply`);
  expect(PAGE.match(ID)!.length).toBeGreaterThan(applicable.length);
});

test('the two pages together list every statement of the specification, and no other', () => {
  const parts = [PAGE, EDGE_PAGE].flatMap((page) =>
    page.match(/^## .*$/gm)!.map((line) => [page, line] as const),
  );
  const pages = parts.flatMap(([page, line]) => listed(line.slice(3), page));
  const all = Object.values(STATEMENTS).flatMap((chapter) => chapter.map((id) => `tck-id-${id}`));
  expect([...new Set(pages)].sort()).toEqual([...all].sort());
  expect(BOTH_PAGE).toContain(`name ${all.length} ids`);
});

test('the page of both ends counts as they do', () => {
  const counts = [
    ['host', listed('Applicable').length, listed('Not applicable').length],
    ['edge node', listed('Shown', EDGE_PAGE).length, listed('Not applicable', EDGE_PAGE).length],
  ];
  for (const [end, shown, not] of counts) expect(BOTH_PAGE).toContain(`| ${end} | ${shown} | ${not} |`);
});
