import type { Issues } from './issues.ts';
import { type Sections, wordSections } from './rows.ts';

/** Blanks of word processors, spreadsheets and Chinese keyboards: they are letters of a word here, as in EPANET. */
const FOREIGN = /[\u00a0\u2000-\u200b\u202f\u3000]/;

/**
 * Adds the rows with blanks that part no words. A name may hold one, so that this is a cause only of a file that is wrong
 * anyway.
 */
export function tellForeignBlanks(sections: Sections, issues: Issues): void {
  for (const name of wordSections)
    for (const { line, text } of sections.data(name)) {
      const found = FOREIGN.exec(text.split(';', 1)[0]!)?.[0];
      if (found === undefined) continue;
      const code = found.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0');
      issues.push({ line, cause: `a blank of another kind (U+${code}): only spaces and tabs part words` });
    }
}
