import {
  chmodSync,
  closeSync,
  copyFileSync,
  existsSync,
  fsyncSync,
  openSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { migrations } from './migrate.ts';
import { isOurs } from './refuse-foreign.ts';
import { sqliteFailure } from './sqlite-failure.ts';

/** What came of it: a sentence for the operator when it was not done. */
export type CopyResult = { readonly ok: true } | { readonly ok: false; readonly problem: string };

/**
 * Writes a consistent copy of the database at `path`, also while servers work on it, and checks the copy before it gets its
 * name. An existing `file` is never replaced.
 */
export function backupSqlite(path: string, file: string): CopyResult {
  if (!existsSync(path)) return no(`there is no database ${path}`);
  if (existsSync(file)) return no(`${file} is there already; choose another name`);
  const unfinished = `${file}.unfinished`;
  rmSync(unfinished, { force: true });
  const database = new DatabaseSync(path, { readOnly: true, timeout: 10_000 });
  try {
    // One read transaction, so it is the state of one moment (sqlite.org/lang_vacuum.html#vacuuminto).
    database.prepare('VACUUM INTO ?').run(unfinished);
  } catch (error) {
    rmSync(unfinished, { force: true });
    return no(`${file} cannot be written: ${words(error)}`);
  } finally {
    database.close();
  }
  const problem = problemOf(unfinished);
  if (problem !== null) {
    rmSync(unfinished);
    return no(`the database ${path} ${problem}`);
  }
  chmodSync(unfinished, 0o600);
  reachDisk(unfinished);
  renameSync(unfinished, file);
  return { ok: true };
}

/**
 * Puts a backup in the place of the database at `path`, which is kept beside it under the name `aside`. Refuses a file
 * that is damaged, not ours or newer than this program, and a database that a server holds.
 */
export function restoreSqlite(file: string, path: string, aside: string): CopyResult {
  if (!existsSync(file)) return no(`there is no ${file}`);
  if (existsSync(`${file}-wal`)) return no(`${file} is in use; restore a file that \`backup\` wrote`);
  const arriving = `${path}.arriving`;
  rmSync(arriving, { force: true });
  copyFileSync(file, arriving);
  chmodSync(arriving, 0o600);
  const problem = problemOf(arriving);
  if (problem !== null) {
    rmSync(arriving);
    return no(`${file} ${problem}`);
  }
  reachDisk(arriving);
  if (!existsSync(path)) {
    renameSync(arriving, path);
    return { ok: true };
  }
  const current = new DatabaseSync(path);
  try {
    // Leaving write-ahead mode needs the file to itself and brings all of it into one file (sqlite.org/wal.html).
    current.exec('PRAGMA journal_mode = DELETE');
    current.exec('BEGIN EXCLUSIVE');
    renameSync(path, aside);
    renameSync(arriving, path);
    return { ok: true };
  } catch (error) {
    rmSync(arriving, { force: true });
    if (sqliteFailure(error) !== 'busy') throw error;
    return no(`a server or another command holds ${path}; stop it first`);
  } finally {
    current.close();
  }
}

/** Why a file is no sound database of this program, or null. */
function problemOf(file: string): string | null {
  const database = new DatabaseSync(file, { readOnly: true });
  try {
    const [verdict] = database.prepare('PRAGMA integrity_check(1)').all();
    if (verdict?.['integrity_check'] !== 'ok') return 'is damaged';
    if (!isOurs(database)) return 'is not a database of this program';
    if (database.prepare('PRAGMA foreign_key_check').get() !== undefined) return 'is damaged';
    const newest = database.prepare('SELECT max(number) AS step FROM migrations').get()?.['step'];
    const known = Math.max(...migrations().map((step) => step.number));
    return Number(newest) > known ? 'was written by a newer version of this program' : null;
  } catch (error) {
    if (sqliteFailure(error) === 'damaged') return 'is damaged';
    return 'is not a database of this program';
  } finally {
    database.close();
  }
}

function reachDisk(file: string): void {
  const handle = openSync(file, 'r+');
  fsyncSync(handle);
  closeSync(handle);
}

function words(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function no(problem: string): CopyResult {
  return { ok: false, problem };
}
