/** Primary result codes that say the storage cannot serve right now (sqlite.org/rescode.html). */
const FAILURES: ReadonlyMap<number, SqliteFailure> = new Map([
  [5, 'busy'],
  [6, 'busy'],
  [8, 'not-writable'],
  [10, 'disk'],
  [11, 'damaged'],
  [13, 'full'],
  [14, 'not-writable'],
  [23, 'not-writable'],
  [26, 'not-a-database'],
]);

export type SqliteFailure = 'busy' | 'not-writable' | 'disk' | 'damaged' | 'full' | 'not-a-database';

/** What kept SQLite from working, or null when the error is something else (a mistake of ours, a broken rule). */
export function sqliteFailure(error: unknown): SqliteFailure | null {
  if (!(error instanceof Error) || !('errcode' in error) || typeof error.errcode !== 'number') return null;
  // The low byte is the primary code, the rest says more about it.
  return FAILURES.get(error.errcode & 0xff) ?? null;
}
