import type { Config } from './config.ts';
import type { Store } from './domain/ports.ts';
import { openSqliteStore } from './storage/sqlite/open.ts';

/** The store that `SHSM_DATABASE` names. */
export async function openStore(database: Config['database']): Promise<Store> {
  if (database.kind === 'sqlite') return openSqliteStore({ path: database.path });
  throw new Error('SHSM_DATABASE: mongodb:// is not supported by this version; use sqlite:<path>');
}
