import type { Config } from './config.ts';
import type { Transfer } from './domain/transfer.ts';
import { openSqliteTransfer } from './storage/sqlite/transfer.ts';

/** The whole content of a store, for moving it. */
export async function openTransfer(database: Config['database']): Promise<Transfer> {
  if (database.kind === 'sqlite') return openSqliteTransfer({ path: database.path });
  const { openMongoTransfer } = await import('./storage/mongo/transfer.ts');
  return openMongoTransfer({ url: database.url });
}
