import { type Book, readBook } from '#twin/notification/book.ts';

const KNOWN = { districts: ['350203', '350206'], rules: ['LOW-INLET', 'F23-POWER-LOSS'] };

/** A file with two channels and what the test gives of the rest. */
export const bookText = (given: Record<string, unknown> = {}): string =>
  JSON.stringify({
    site: 'https://twin.example.org/',
    channels: {
      crew: { kind: 'wecom', url: 'https://robot.example.org/send?key=k' },
      leaders: { kind: 'wecom', url: 'https://robot.example.org/send?key=l' },
    },
    routes: [{ id: 'all', tell: ['crew'] }],
    ...given,
  });

export const aBook = (given: Record<string, unknown> = {}): Book =>
  readBook('a.yaml', bookText(given), KNOWN);

/** What is wrong with a file, one line per mistake. */
export function wrongWith(text: string): string[] {
  try {
    readBook('a.yaml', text, KNOWN);
  } catch (error) {
    return (error as Error).message.split('\n');
  }
  return [];
}
