import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { z } from 'zod';
import { StoreOpenError } from '../../domain/errors.ts';
import type { Store } from '../../domain/ports/store.ts';
import { auditLog, auditWriter } from './audit.ts';
import { type Connection, connect } from './connection.ts';
import { courseStore } from './courses.ts';
import { desiredScoreWriter } from './desired-score.ts';
import { gradebookStore } from './gradebook.ts';
import { inviteStore } from './invites.ts';
import { launchLog } from './launch-notes.ts';
import { launchStore } from './launches.ts';
import { migrate } from './migrate.ts';
import { paceStore } from './paces.ts';
import { platformStore } from './platforms.ts';
import { readingStore } from './readings.ts';
import { refuseForeign } from './refuse-foreign.ts';
import { rosterStore } from './rosters.ts';
import { type SqliteFailure, sqliteFailure } from './sqlite-failure.ts';
import { submissionStore } from './submissions.ts';
import { turnStore } from './turns.ts';

/**
 * Opens the embedded store in the file `path` (`:memory:` for tests) and brings it to the newest migration.
 * The folder and the file are made when missing, readable by their owner only: they hold students' records.
 * Throws `StoreOpenError`, whose message is one line for the operator.
 */
export function openSqliteStore({ path }: { readonly path: string }): Store {
  return storeOver(open(path === ':memory:' ? path : resolve(path)));
}

/** The store over a connection whose database is at the newest migration. */
export function storeOver(connection: Connection): Store {
  const append = auditWriter(connection);
  const ping = connection.query('SELECT count(*) AS steps FROM migrations', z.object({ steps: z.number() }));
  return {
    ...platformStore(connection, append),
    ...inviteStore(connection, append),
    ...launchStore(connection),
    ...launchLog(connection),
    ...courseStore(connection, append),
    ...rosterStore(connection),
    ...submissionStore(connection, desiredScoreWriter(connection), append),
    ...readingStore(connection),
    ...gradebookStore(connection),
    ...turnStore(connection),
    ...paceStore(connection),
    ...auditLog(connection, append),
    ping: async () => {
      ping.get();
    },
    close: async () => connection.close(),
  };
}

function open(path: string): Connection {
  let connection: Connection | null = null;
  try {
    if (path !== ':memory:') {
      prepareFile(path);
      refuseForeign(path);
    }
    connection = connect(path);
    migrate(connection);
    return connection;
  } catch (error) {
    connection?.close();
    throw asOpenError(path, error);
  }
}

function prepareFile(path: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  closeSync(openSync(path, 'a', 0o600));
}

const SENTENCES: Readonly<Record<SqliteFailure, readonly [StoreOpenError['reason'], string]>> = {
  busy: ['busy', 'another program holds it; stop that program and try again.'],
  'not-writable': ['not-writable', 'it cannot be written; check the path, its owner and its permissions.'],
  full: ['not-writable', 'the disk is full.'],
  disk: ['not-writable', 'the disk reports an error.'],
  damaged: ['damaged', 'the file is damaged; restore a backup.'],
  'not-a-database': ['not-a-database', 'the file is not a database of this program.'],
};

function asOpenError(path: string, error: unknown): unknown {
  if (error instanceof StoreOpenError)
    return new StoreOpenError(error.reason, `Cannot open the database ${path}: ${error.message}`);
  const failure = sqliteFailure(error) ?? sqliteFailure(error instanceof Error ? error.cause : null);
  const [reason, sentence] =
    failure !== null ? SENTENCES[failure] : isFileError(error) ? SENTENCES['not-writable'] : [];
  if (reason === undefined || sentence === undefined) return error;
  return new StoreOpenError(reason, `Cannot open the database ${path}: ${sentence}`, { cause: error });
}

function isFileError(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error;
}
