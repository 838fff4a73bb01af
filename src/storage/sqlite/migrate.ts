import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { StoreOpenError } from '../../domain/errors.ts';
import type { Connection } from './connection.ts';

export type Migration = { readonly number: number; readonly name: string; readonly sql: string };

const FOLDER = join(import.meta.dirname, 'migrations');

/** The steps in `migrations/`, in order. A step that was released is never edited: a change is a new step. */
export function migrations(): readonly Migration[] {
  return readdirSync(FOLDER)
    .filter((file) => /^\d{3}-.+\.sql$/.test(file))
    .sort()
    .map((file) => ({
      number: Number(file.slice(0, 3)),
      name: file.slice(4, -4),
      sql: readFileSync(join(FOLDER, file), 'utf8'),
    }));
}

/**
 * Brings the database to the newest step, all missing steps or none, and returns the numbers applied now.
 * Refuses (`StoreOpenError`) a database that a newer version of the program has been at work on.
 */
export function migrate(connection: Connection, steps: readonly Migration[] = migrations()): number[] {
  return connection.transaction(() => {
    connection.script(
      `CREATE TABLE IF NOT EXISTS migrations (
         number INTEGER PRIMARY KEY,
         name TEXT NOT NULL,
         applied_at TEXT NOT NULL DEFAULT (datetime('now'))
       ) STRICT`,
    );
    const applied = connection
      .query('SELECT number FROM migrations', z.object({ number: z.number() }))
      .all()
      .map((row) => row.number);
    const known = steps.map((step) => step.number);
    const newest = Math.max(0, ...applied);
    if (newest > Math.max(0, ...known))
      throw new StoreOpenError(
        'newer',
        `it was written by a newer version of this program (step ${newest}; this version knows ${Math.max(0, ...known)}). Update the program, or restore a backup made before the update.`,
      );

    const missing = steps.filter((step) => !applied.includes(step.number));
    const note = connection.command('INSERT INTO migrations (number, name) VALUES (:number, :name)');
    for (const step of missing) {
      connection.script(step.sql);
      note({ number: step.number, name: step.name });
    }
    return missing.map((step) => step.number);
  });
}
