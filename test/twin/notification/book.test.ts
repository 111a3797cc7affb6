import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BookError, readBook } from '#twin/notification/book.ts';
import { notificationJsonSchema } from '#twin/notification/file.ts';
import { aBook, bookText, wrongWith } from './aBook.ts';

const DOCS = join(import.meta.dirname, '../../../docs');
const EXAMPLE = readFileSync(join(DOCS, 'notifications.example.yaml'), 'utf8');

describe('the file that says who is told', () => {
  it('is read as the example shows it', () => {
    const book = readBook('a.yaml', EXAMPLE, { districts: ['350203', '350206'], rules: [] });
    expect([...book.channels.keys()]).toContain('duty-mail');
    expect(book.routes.map(({ id }) => id)).toEqual(['urgent', 'island', 'orders']);
    expect(book.routes[0]!.repeat).toEqual({ every: 600_000, most: 6 });
  });

  it('has the schema that is published', () => {
    const published = JSON.parse(readFileSync(join(DOCS, 'notifications.schema.json'), 'utf8'));
    expect(published).toEqual(JSON.parse(JSON.stringify(notificationJsonSchema())));
  });

  const shifts = (...given: object[]) => ({ groups: { duty: { shifts: given } } });
  it.each([
    [{ routes: [{ id: 'all', tell: ['crw'] }] }, 'there is no group or channel crw: did you mean crew?'],
    [{ routes: [{ id: 'all', tel: ['crew'] }] }, 'routes.0.tel: is not known; did you mean "tell"?'],
    [{ routes: [{ id: 'a', tell: ['crew'], priorities: [5] }] }, 'routes.0.priorities.0: '],
    [
      { routes: [{ id: 'a', tell: ['crew'], districts: ['350230'] }] },
      'there is no district 350230: did you mean',
    ],
    [{ routes: [{ id: 'a', tell: ['crew'], rules: ['LOW-INLTE'] }] }, 'did you mean LOW-INLET?'],
    [{ routes: [{ id: 'a', tell: ['crew'], repeat: { every: 'often' } }] }, 'a time of a second or more'],
    [{ routes: [1, 2].map(() => ({ id: 'a', tell: ['crew'] })) }, 'a route a is there already'],
    [
      { routes: [{ id: 'a', tell: ['crew'], escalate: [{ after: '5 min', tell: ['boss'] }] }] },
      'channel boss',
    ],
    [{ channels: { crew: { kind: 'smpt' } } }, 'channels.crew.kind: '],
    [{ site: 'twin' }, 'site: the address of this product'],
    [shifts({ channels: ['nobody'] }), 'there is no channel nobody'],
    [shifts({ channels: ['crew'], from: '25:00' }), 'a time of day such as "08:00"'],
    [shifts({ channels: ['crew'], cycle: { start: '2026-06-01', of: 3, on: [4] } }), 'the cycle has 3 days'],
    [
      shifts({ channels: ['crew'], from: '08:00', to: '17:00' }),
      'nobody is on duty in duty on mon at 00:00: add a shift, or "otherwise"',
    ],
    [
      shifts({ channels: ['crew'], days: ['mon', 'tue', 'wed', 'thu', 'fri', 'sat'] }),
      'nobody is on duty in duty on sun at 00:00',
    ],
    [{ groups: { crew: { shifts: [{ channels: ['crew'] }] } } }, 'crew is a channel already'],
  ])('%j is refused', (given, message) => {
    const wrong = wrongWith(bookText(given));
    expect(wrong.join('\n')).toContain(message);
    for (const line of wrong) expect(line).toMatch(/^a\.yaml:\d+:\d+: /);
  });

  it('says the line of a mistake, and all mistakes at once', () => {
    const text = EXAMPLE.replace('tell: [office]', 'tell: [ofice]').replace('[leaders]', '[leader]');
    const line = (what: string) => 1 + text.split('\n').findIndex((one) => one.includes(what));
    expect(wrongWith(text).map((one) => one.split(':')[1])).toEqual([
      String(line('[leader]')),
      String(line('[ofice]')),
    ]);
  });

  it('whatever the text, there is a book or a list of mistakes', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.json(),
          fc.json().map((json) => bookText({ routes: json })),
        ),
        (text) => {
          try {
            readBook('a.yaml', text, { districts: [], rules: [] });
          } catch (error) {
            expect(error).toBeInstanceOf(BookError);
          }
        },
      ),
    );
  });

  it('two shifts that follow each other leave no gap', () => {
    expect(() =>
      aBook(
        shifts(
          { channels: ['crew'], from: '08:00', to: '20:00' },
          { channels: ['leaders'], from: '20:00', to: '08:00' },
        ),
      ),
    ).not.toThrow();
  });
});
