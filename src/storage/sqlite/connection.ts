import { DatabaseSync, type SQLInputValue, type SQLOutputValue } from 'node:sqlite';
import type { z } from 'zod';
import { AppError } from '../../domain/errors.ts';
import { createGroupCommit, type GroupCommit } from './group-commit.ts';
import { sqliteFailure } from './sqlite-failure.ts';
import { createWalSync, type WalSync } from './wal-sync.ts';

/** Values by the names they have in the SQL (`:name`); what the SQL does not name is ignored. */
export type Parameters = Readonly<Record<string, SQLInputValue>>;

export type Query<Row> = {
  readonly get: (parameters?: Parameters) => Row | null;
  readonly all: (parameters?: Parameters) => Row[];
};

/** One open database. Statements are prepared once and kept. */
export type Connection = {
  /** `row` turns a row (column names in camelCase) into the domain's value. */
  readonly query: <Row>(sql: string, row: z.ZodType<Row>) => Query<Row>;
  /** Returns how many rows were changed. */
  readonly command: (sql: string) => (parameters: Parameters) => number;
  /** All of it or nothing. Holds the write lock from its first line, so what it reads cannot change under it. */
  readonly transaction: <T>(work: () => T) => T;
  /** The same, together with others of this moment, for what many people and deliveries do at once. */
  readonly together: GroupCommit['join'];
  /**
   * Commits without a wait for the disk. Nothing of it is lost when the process ends, but a power cut may take the newest of
   * it along; never anything that was there before a commit that waited.
   */
  readonly lightly: <T>(work: () => T) => T;
  /** Runs statements without parameters. */
  readonly script: (sql: string) => void;
  readonly close: () => void;
};

/** How long a write waits for another process (a command beside the server) before it gives up. */
const BUSY_TIMEOUT_MS = 10_000;

/**
 * Opens the file (or `:memory:`) with the settings every connection needs.
 * `synchronous = FULL` makes each commit reach the disk before it is answered, so that not even a power cut undoes it
 * (sqlite.org/pragma.html#pragma_synchronous).
 */
export function connect(path: string): Connection {
  const database = new DatabaseSync(path, {
    timeout: BUSY_TIMEOUT_MS,
    enableForeignKeyConstraints: true,
    allowUnknownNamedParameters: true,
  });
  const connection = wrap(database, createWalSync(path));
  try {
    switchToWal(database);
    database.exec('PRAGMA synchronous = FULL');
    // One big upload must not leave a big write-ahead log behind for good.
    database.exec('PRAGMA journal_size_limit = 67108864');
  } catch (error) {
    database.close();
    throw error;
  }
  return connection;
}

/**
 * Readers and the writer do not wait for each other. The busy timeout does not cover the switch itself
 * (two processes that open a new file at the same moment), so it is tried again.
 */
function switchToWal(database: DatabaseSync): void {
  const giveUpAfter = 200;
  for (let attempt = 1; ; attempt += 1) {
    try {
      database.exec('PRAGMA journal_mode = WAL');
      return;
    } catch (error) {
      if (sqliteFailure(error) !== 'busy' || attempt === giveUpAfter) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, BUSY_TIMEOUT_MS / giveUpAfter);
    }
  }
}

function wrap(database: DatabaseSync, wal: WalSync): Connection {
  // Not prepared: this pragma acts when it is compiled, and a statement that is kept does nothing when it runs.
  const lightly = <T>(work: () => T): T => {
    database.exec('PRAGMA synchronous = NORMAL');
    try {
      return work();
    } finally {
      database.exec('PRAGMA synchronous = FULL');
    }
  };
  const group = createGroupCommit(database, guarded, lightly, wal.reachDisk);
  return {
    together: group.join,
    query: (sql, row) => {
      const statement = database.prepare(sql);
      const read = (found: Record<string, SQLOutputValue>) => row.parse(inCamelCase(found));
      return {
        get: (parameters = {}) => {
          const found = guarded(() => statement.get(parameters));
          return found === undefined ? null : read(found);
        },
        all: (parameters = {}) => guarded(() => statement.all(parameters)).map(read),
      };
    },
    command: (sql) => {
      const statement = database.prepare(sql);
      return (parameters) => guarded(() => Number(statement.run(parameters).changes));
    },
    transaction: (work) => {
      guarded(() => database.exec('BEGIN IMMEDIATE'));
      try {
        const result = work();
        guarded(() => database.exec('COMMIT'));
        return result;
      } catch (error) {
        // A full disk or a failed write may have rolled back already.
        if (database.isTransaction) database.exec('ROLLBACK');
        throw error;
      }
    },
    lightly,
    script: (sql) => guarded(() => database.exec(sql)),
    close: () => {
      if (!database.isOpen) return;
      const answered = group.flush();
      database.close();
      void answered.finally(wal.close);
    },
  };
}

/** A storage that is busy, full or gone is not a fault of the program: the person is asked to try again later. */
function guarded<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (sqliteFailure(error) === null) throw error;
    throw new AppError('unavailable', 'errors.unavailable', {}, { cause: error });
  }
}

function inCamelCase(row: Record<string, SQLOutputValue>): Record<string, SQLOutputValue> {
  const renamed: Record<string, SQLOutputValue> = {};
  for (const column in row) renamed[camelCase(column)] = row[column] ?? null;
  return renamed;
}

const camelCased = new Map<string, string>();

function camelCase(column: string): string {
  let name = camelCased.get(column);
  if (name === undefined) {
    name = column.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());
    camelCased.set(column, name);
  }
  return name;
}
