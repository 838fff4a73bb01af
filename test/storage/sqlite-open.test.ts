import { randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import { AppError, StoreOpenError } from '../../src/domain/errors.ts';
import { connect } from '../../src/storage/sqlite/connection.ts';
import { migrate, migrations } from '../../src/storage/sqlite/migrate.ts';
import { openSqliteStore } from '../../src/storage/sqlite/open.ts';
import { aMember, anActivity } from '../support/build.ts';

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'shsm-store-'));
  path = join(folder, 'shsm.db');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** The reason and the line that the operator reads, without the folder of this test. */
function refusal(of: string): { reason: string; line: string } | null {
  try {
    void openSqliteStore({ path: of }).close();
    return null;
  } catch (error) {
    if (!(error instanceof StoreOpenError)) throw error;
    return { reason: error.reason, line: error.message.replaceAll(folder, '') };
  }
}

test('a missing folder and file are made, for their owner only', async () => {
  const made = join(folder, 'data', 'deep', 'shsm.db');
  await openSqliteStore({ path: made }).close();
  const modes = await Promise.all([made, join(made, '..'), join(made, '..', '..')].map((p) => stat(p)));
  expect(modes.map((found) => (found.mode & 0o777).toString(8))).toEqual(['600', '700', '700']);
});

test('the log beside the file is for its owner only', async () => {
  const store = openSqliteStore({ path });
  await store.recordLaunch(anActivity(), aMember());
  const modes = await Promise.all([`${path}-wal`, `${path}-shm`].map((p) => stat(p)));
  expect(modes.map((found) => (found.mode & 0o777).toString(8))).toEqual(['600', '600']);
  await store.close();
});

test('every connection writes through to the disk and keeps the references whole', () => {
  const connection = connect(path);
  const pragma = (name: string) =>
    Object.values(connection.query(`PRAGMA ${name}`, z.record(z.string(), z.unknown())).get() ?? {})[0];
  expect(['journal_mode', 'synchronous', 'foreign_keys', 'busy_timeout'].map(pragma)).toEqual([
    'wal',
    2,
    1,
    10_000,
  ]);
  connection.close();
});

test('each migration is applied once, in order', () => {
  const connection = connect(path);
  const numbers = migrations().map((step) => step.number);
  expect(numbers).toEqual(numbers.map((_, index) => index + 1));
  expect(migrate(connection)).toEqual(numbers);
  expect(migrate(connection)).toEqual([]);
  connection.close();
});

test('a newer step changes the database and keeps what is in it', async () => {
  await fill(path);
  const connection = connect(path);
  const number = migrations().length + 1;
  const step = { number, name: 'test', sql: "ALTER TABLE activities ADD COLUMN extra TEXT DEFAULT 'x'" };
  expect(migrate(connection, [...migrations(), step])).toEqual([number]);
  const row = z.object({ id: z.string(), extra: z.string() });
  expect(connection.query('SELECT * FROM activities', row).all()).toEqual([{ id: 'activity-1', extra: 'x' }]);
  connection.close();
});

test('a step that fails takes the steps before it back', async () => {
  await fill(path);
  const connection = connect(path);
  const number = migrations().length + 1;
  const steps = [
    ...migrations(),
    { number, name: 'good', sql: 'DROP TABLE audit_events' },
    { number: number + 1, name: 'bad', sql: 'CREATE TABLE half (id TEXT); INSERT INTO nowhere VALUES (1)' },
  ];
  expect(() => migrate(connection, steps)).toThrow('nowhere');
  connection.close();
  const store = openSqliteStore({ path });
  expect(await store.activity('activity-1')).toEqual(anActivity());
  expect(await store.auditOf('activity-1')).toEqual([]);
  await store.close();
});

test('a database of a newer version is refused and left alone', async () => {
  await fill(path);
  const raw = new DatabaseSync(path);
  raw.exec("INSERT INTO migrations (number, name) VALUES (900, 'from-the-future')");
  raw.close();
  const before = await readFile(path);
  expect(refusal(path)).toEqual({
    reason: 'newer',
    line: `Cannot open the database /shsm.db: it was written by a newer version of this program (step 900; this version knows ${migrations().length}). Update the program, or restore a backup made before the update.`,
  });
  expect((await readFile(path)).equals(before)).toBe(true);
});

const UNWRITABLE = 'it cannot be written; check the path, its owner and its permissions.';

test('what cannot be opened is refused with one line, and left alone', async () => {
  const text = join(folder, 'text.db');
  await writeFile(text, 'This is a text file, long enough to be taken for something else. '.repeat(40));
  await mkdir(join(folder, 'folder.db'));
  expect(refusal(text)).toEqual({
    reason: 'not-a-database',
    line: 'Cannot open the database /text.db: the file is not a database of this program.',
  });
  expect(refusal(join(folder, 'folder.db'))).toEqual({
    reason: 'not-writable',
    line: `Cannot open the database /folder.db: ${UNWRITABLE}`,
  });
  expect(refusal(join(text, 'shsm.db'))).toEqual({
    reason: 'not-writable',
    line: `Cannot open the database /text.db/shsm.db: ${UNWRITABLE}`,
  });
  expect(await readFile(text, 'utf8')).toContain('This is a text file');
});

test.each([
  ['tables of its own', 'CREATE TABLE users (id TEXT); INSERT INTO users VALUES (1)'],
  [
    'steps of its own',
    'CREATE TABLE migrations (id INTEGER, migration TEXT); INSERT INTO migrations VALUES (1, 1)',
  ],
  [
    'steps that look like ours',
    "CREATE TABLE migrations (number INTEGER, name TEXT); INSERT INTO migrations VALUES (1, 'users')",
  ],
])('a database of another program, with %s, is refused and left alone', async (_, sql) => {
  const other = join(folder, `other-${randomUUID()}.db`);
  const raw = new DatabaseSync(other);
  raw.exec(sql);
  raw.close();
  const before = await readFile(other);
  const refused = refusal(other);
  expect([refused?.reason, refused?.line]).toEqual([
    'not-a-database',
    expect.stringContaining('it holds tables of another program; nothing was changed.'),
  ]);
  expect((await readFile(other)).equals(before)).toBe(true);
});

test('a store in memory needs no file', async () => {
  const store = openSqliteStore({ path: ':memory:' });
  await store.recordLaunch(anActivity(), aMember());
  expect(await store.activity('activity-1')).toEqual(anActivity());
  await store.close();
});

test('a full disk asks the person to try again, and takes back the half that was written', async () => {
  const connection = connect(path);
  connection.script('CREATE TABLE big (bytes BLOB)');
  connection.script('PRAGMA max_page_count = 20');
  const insert = connection.command('INSERT INTO big VALUES (:bytes)');
  const fillUp = () =>
    connection.transaction(() => {
      insert({ bytes: new Uint8Array(1000) });
      insert({ bytes: new Uint8Array(1_000_000) });
    });
  expect(fillUp).toThrow(new AppError('unavailable', 'errors.unavailable'));
  const count = connection.query('SELECT count(*) AS n FROM big', z.object({ n: z.number() }));
  expect(count.get()).toEqual({ n: 0 });
  expect(insert({ bytes: new Uint8Array(1000) })).toBe(1);
  connection.close();
});

async function fill(file: string): Promise<void> {
  const store = openSqliteStore({ path: file });
  await store.recordLaunch(anActivity(), aMember());
  await store.close();
}
