import type { Priority } from './queue.ts';

/** Values come back as `pg` gives them: int8 and numeric as text, bytea as Buffer, jsonb parsed. */
export type Query = <R = Record<string, unknown>>(
  sql: string,
  params?: readonly unknown[],
) => Promise<{ rows: R[]; rowCount: number }>;

/**
 * The one door to PostgreSQL, a server or the embedded one. The embedded one is a single session, so every
 * statement waits in one queue by priority; keep statements under about 50 ms and transactions short.
 */
export interface Database {
  readonly kind: 'postgres' | 'embedded';
  /** Rejects with DatabaseAway when there is no connection; with the database's own error otherwise. */
  query<R = Record<string, unknown>>(
    sql: string,
    params?: readonly unknown[],
    priority?: Priority,
  ): Promise<{ rows: R[]; rowCount: number }>;
  /**
   * Commits when `work` resolves, rolls back when it rejects. Inside, use only the query given: the outer one
   * would wait for this transaction to end. When the connection breaks at the commit nobody knows whether it
   * happened: what is written must bear being written twice.
   */
  transaction<T>(work: (query: Query) => Promise<T>, priority?: Priority): Promise<T>;
  /** false while the database cannot be reached; it is tried again by itself */
  healthy(): boolean;
  close(): Promise<void>;
}

export type DatabaseStep = 'connecting' | 'creating' | 'starting' | 'postgis' | 'migrating' | 'ready';
