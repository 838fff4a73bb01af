import type { Config } from './config.ts';
import type { Store } from './domain/ports/store.ts';
import { openSqliteStore } from './storage/sqlite/open.ts';

/** The store that `SHSM_DATABASE` names. */
export async function openStore(database: Config['database']): Promise<Store> {
  if (database.kind === 'sqlite') return openSqliteStore({ path: database.path });
  // Loaded only where it is used: a school on the embedded store does not carry it in memory.
  const { openMongoStore } = await import('./storage/mongo/open.ts');
  return openMongoStore({ url: database.url });
}
