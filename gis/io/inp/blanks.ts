import type { Issues } from './issues.ts';
import type { SectionName, Sections } from './rows.ts';

/** Blanks of word processors, spreadsheets and Chinese keyboards: they are letters of a word here, as in EPANET. */
const FOREIGN = /[\u00a0\u2000-\u200b\u202f\u3000]/;

/** Sections whose rows name nodes, links, patterns and curves, or numbers. */
const OF_WORDS: readonly SectionName[] = [
  'JUNCTIONS',
  'RESERVOIRS',
  'TANKS',
  'PIPES',
  'PUMPS',
  'VALVES',
  'DEMANDS',
  'EMITTERS',
  'STATUS',
  'PATTERNS',
  'CURVES',
  'CONTROLS',
  'RULES',
  'ENERGY',
  'TIMES',
  'OPTIONS',
];

/**
 * Adds the rows with blanks that part no words. A name may hold one, so that this is a cause only of a file that is wrong
 * anyway.
 */
export function tellForeignBlanks(sections: Sections, issues: Issues): void {
  for (const name of OF_WORDS)
    for (const { line, text } of sections.data(name)) {
      const found = FOREIGN.exec(text.split(';', 1)[0]!)?.[0];
      if (found === undefined) continue;
      const code = found.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0');
      issues.push({ line, cause: `a blank of another kind (U+${code}): only spaces and tabs part words` });
    }
}
