import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { en } from '#client/i18n/en.ts';
import { zh } from '#client/i18n/zh.ts';

type Tree = { [key: string]: string | Tree };

/** `group.key` → text */
function leaves(tree: Tree, prefix = ''): Map<string, string> {
  const found = new Map<string, string>();
  for (const [key, value] of Object.entries(tree)) {
    if (typeof value === 'string') found.set(prefix + key, value);
    else for (const [name, text] of leaves(value, `${prefix}${key}.`)) found.set(name, text);
  }
  return found;
}

const places = (text: string) => [...text.matchAll(/\{\{(\w+)\}\}/g)].map(([, name]) => name).sort();

function sources(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return sources(path);
    return /\.tsx?$/.test(path) && !path.includes('i18n') ? [readFileSync(path, 'utf8')] : [];
  });
}

describe('the words of the client', () => {
  const chinese = leaves(zh);
  const english = leaves(en);

  it('are all there in both languages, with the same places for values', () => {
    expect([...english.keys()]).toEqual([...chinese.keys()]);
    for (const [key, text] of chinese) expect(places(english.get(key)!), key).toEqual(places(text));
  });

  it('are Chinese in Chinese and not in English', () => {
    const own = new Set(['action.language']);
    for (const [key, text] of english) if (!own.has(key)) expect(text, key).not.toMatch(/[\u4e00-\u9fff]/);
  });

  it('are used', () => {
    const code = sources(join(import.meta.dirname, '../../client')).join('\n');
    const unused = [...chinese.keys()].filter((key) => {
      const group = key.split('.').slice(0, -1).join('.');
      return (
        !code.includes(`'${key}'`) && !code.includes(`\`${group}.$`) && !/^(faults|refusals|age)\./.test(key)
      );
    });
    expect(unused).toEqual([]);
  });
});
