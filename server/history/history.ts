import type { Database } from '#server/database/database.ts';
import type { History, HistoryOptions } from './contract.ts';
import { HistoryStore } from './store.ts';

export type { History, HistoryOptions } from './contract.ts';
export type { LastValue, StationRecord } from './extract.ts';

/** Opens the history in a migrated database and reads back what was not sealed when it stopped. */
export function openHistory(database: Database, options: HistoryOptions): Promise<History> {
  return HistoryStore.open(database, options);
}
