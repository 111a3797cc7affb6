import type { Database, Query } from '#server/database/database.ts';
import { templateOf } from '#twin/catalogue/template.ts';
import type { Station } from '#twin/model/station.ts';

/** A database that answers each statement with the rows of the first pattern it matches, and remembers them all. */
export interface FakeDatabase extends Database {
  statements: { sql: string; params: readonly unknown[] }[];
}

type Answer = readonly unknown[] | ((params: readonly unknown[]) => readonly unknown[]);

export function fakeDatabase(answers: readonly (readonly [RegExp, Answer])[]): FakeDatabase {
  const statements: FakeDatabase['statements'] = [];
  const query: Query = async <R>(sql: string, params: readonly unknown[] = []) => {
    statements.push({ sql, params });
    const answer = answers.find(([pattern]) => pattern.test(sql))?.[1] ?? [];
    const rows = typeof answer === 'function' ? answer(params) : answer;
    return { rows: rows as R[], rowCount: rows.length };
  };
  return {
    kind: 'postgres',
    statements,
    query,
    transaction: (work) => work(query),
    healthy: () => true,
    close: async () => undefined,
  };
}

/** The rows of table `station` for these stations. */
export const stationRows = (...stations: Station[]) =>
  stations.map((body, i) => ({ id: i + 1, code: body.code, template: templateOf(body).id, body }));
