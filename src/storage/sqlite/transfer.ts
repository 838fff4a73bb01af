import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import {
  RECORD_KEYS,
  RECORD_KINDS,
  type RecordKind,
  type StoredRecord,
  type Transfer,
} from '../../domain/transfer.ts';
import { openSqliteStore } from './open.ts';

/** Columns that hold JSON, and columns that hold a flag. The migrations mark them with these words too. */
export const JSON_COLUMNS: ReadonlySet<string> = new Set([
  ...['tool_keys.public_jwk', 'logins.request', 'sessions.viewer', 'sessions.picking'],
  ...[
    'activities.settings',
    'activities.scopes',
    'members.shsm_dates',
    'rosters.problem',
    'launch_notes.passed',
  ],
  ...['submissions.input', 'submissions.credential', 'submissions.placement', 'submissions.decision'],
  'submissions.reading',
  ...['gradebook_cells.desired', 'gradebook_cells.last_error', 'audit_events.detail', 'paces.learnt'],
]);
export const FLAG_COLUMNS: ReadonlySet<string> = new Set(['rosters.is_complete']);

/** Numbers that only this store gives, in the order of writing. */
const ORDER_COLUMN = 'sequence';

/** Opens the file as `openSqliteStore` does, then gives it out and takes it in as a whole. */
export async function openSqliteTransfer({ path }: { readonly path: string }): Promise<Transfer> {
  await openSqliteStore({ path }).close();
  const database = new DatabaseSync(path, { timeout: 10_000, enableForeignKeyConstraints: true });
  const columnsOf = new Map(RECORD_KINDS.map((kind) => [kind, storedColumns(database, kind)]));

  async function* records(kind: RecordKind): AsyncIterable<StoredRecord> {
    const columns = columnsOf.get(kind) ?? [];
    const order = hasOrder(database, kind) ? ORDER_COLUMN : RECORD_KEYS[kind].map(snakeCase).join(', ');
    const statement = database.prepare(`SELECT ${columns.join(', ')} FROM ${kind} ORDER BY ${order}`);
    for (const row of statement.iterate())
      yield Object.fromEntries(
        columns.map((column) => [camelCase(column), read(`${kind}.${column}`, row[column])]),
      );
  }

  async function addRecords(kind: RecordKind, added: readonly StoredRecord[]): Promise<void> {
    const columns = columnsOf.get(kind) ?? [];
    const isKnown = RECORD_KEYS[kind].map((field) => `${snakeCase(field)} = :${snakeCase(field)}`);
    const insert = database.prepare(
      `INSERT INTO ${kind} (${columns.join(', ')}) SELECT ${columns.map((column) => `:${column}`).join(', ')}
       WHERE NOT EXISTS (SELECT 1 FROM ${kind} WHERE ${isKnown.join(' AND ')})`,
    );
    database.exec('BEGIN IMMEDIATE');
    try {
      for (const record of added) insert.run(rowOf(kind, record, columns));
      database.exec('COMMIT');
    } catch (error) {
      database.exec('ROLLBACK');
      throw error;
    }
  }

  return { records, addRecords, close: async () => database.close() };
}

function rowOf(
  kind: RecordKind,
  record: StoredRecord,
  columns: readonly string[],
): Record<string, SQLInputValue> {
  const unknown = Object.keys(record).filter((field) => !columns.includes(snakeCase(field)));
  if (unknown.length > 0) throw new Error(`${kind} has no column for ${unknown.join(', ')}`);
  return Object.fromEntries(
    columns.map((column) => [column, write(`${kind}.${column}`, record[camelCase(column)])]),
  );
}

function read(column: string, value: unknown): unknown {
  if (value === null) return null;
  if (JSON_COLUMNS.has(column)) return JSON.parse(String(value));
  return FLAG_COLUMNS.has(column) ? value === 1 : value;
}

function write(column: string, value: unknown): SQLInputValue {
  if (value === null || value === undefined) return null;
  if (JSON_COLUMNS.has(column)) return JSON.stringify(value);
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (typeof value === 'string' || typeof value === 'number' || value instanceof Uint8Array) return value;
  throw new Error(`${column} cannot hold a ${typeof value}`);
}

/** Without generated columns (hidden) and the store's own numbers. */
function storedColumns(database: DatabaseSync, kind: RecordKind): string[] {
  return database
    .prepare('SELECT name FROM pragma_table_xinfo(:kind) WHERE hidden = 0')
    .all({ kind })
    .map((row) => String(row['name']))
    .filter((name) => name !== ORDER_COLUMN);
}

function hasOrder(database: DatabaseSync, kind: RecordKind): boolean {
  const found = database.prepare('SELECT 1 FROM pragma_table_xinfo(:kind) WHERE name = :name');
  return found.get({ kind, name: ORDER_COLUMN }) !== undefined;
}

function camelCase(column: string): string {
  return column.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());
}

function snakeCase(field: string): string {
  return field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
