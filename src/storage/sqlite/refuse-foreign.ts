import { DatabaseSync } from 'node:sqlite';
import { StoreOpenError } from '../../domain/errors.ts';
import { migrations } from './migrate.ts';

/**
 * Refuses a database that another program made, before anything of it is changed. An empty one is a new one, and what
 * cannot be read is for the opening itself to explain.
 */
export function refuseForeign(path: string): void {
  if (holdsOthers(path))
    throw new StoreOpenError(
      'not-a-database',
      'it holds tables of another program; nothing was changed. Name another file in SHSM_DATABASE: a new one is made where there is none.',
    );
}

function holdsOthers(path: string): boolean {
  let database: DatabaseSync | null = null;
  try {
    database = new DatabaseSync(path, { readOnly: true });
    const tables = database.prepare("SELECT count(*) AS n FROM sqlite_master WHERE type = 'table'").get();
    return Number(tables?.['n'] ?? 0) > 0 && !isOurs(database);
  } catch {
    return false;
  } finally {
    database?.close();
  }
}

/** Our first step is written down in it, as we write it down. */
export function isOurs(database: DatabaseSync): boolean {
  const columns = database.prepare("SELECT name FROM pragma_table_info('migrations')").all();
  const names = columns.map((column) => column['name']);
  if (!names.includes('number') || !names.includes('name')) return false;
  const first = database.prepare('SELECT name FROM migrations WHERE number = 1').get();
  return first?.['name'] === migrations()[0]?.name;
}
