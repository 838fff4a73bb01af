import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { backupSqlite, restoreSqlite } from '../../src/storage/sqlite/backup.ts';
import { openSqliteStore } from '../../src/storage/sqlite/open.ts';
import { anAuditEvent, aPlatform } from '../support/build.ts';
import { seedClass } from '../support/seeded-class.ts';

let folder: string;
let path: string;
const at = (name: string) => join(folder, name);
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'shsm-backup-'));
  path = at('shsm.db');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const register = (store: ReturnType<typeof openSqliteStore>, id: string) =>
  store.addPlatform(aPlatform({ id, clientId: id }), anAuditEvent({ id: `audit-${id}` }));

test('a copy taken while the store is open holds that moment, and comes back with the later state kept beside it', async () => {
  const store = openSqliteStore({ path });
  await seedClass(store);
  await register(store, 'before');
  expect(backupSqlite(path, at('copy.db'))).toEqual({ ok: true });
  await register(store, 'after');
  expect(restoreSqlite(path, at('elsewhere.db'), at('aside.db'))).toMatchObject({
    problem: expect.stringContaining('is in use'),
  });
  expect(restoreSqlite(at('copy.db'), path, at('aside.db'))).toEqual({
    ok: false,
    problem: `a server or another command holds ${path}; stop it first`,
  });
  expect((await store.platforms()).map((one) => one.id)).toEqual(['after', 'before']);
  await store.close();

  expect(restoreSqlite(at('copy.db'), path, at('aside.db'))).toEqual({ ok: true });
  const restored = openSqliteStore({ path });
  const aside = openSqliteStore({ path: at('aside.db') });
  expect((await restored.platforms()).map((one) => one.id)).toEqual(['before']);
  expect((await aside.platforms()).map((one) => one.id)).toEqual(['after', 'before']);
  expect(await restored.evidence('evidence-1')).toEqual(await aside.evidence('evidence-1'));
  await restored.close();
  await aside.close();
  expect(readdirSync(folder).sort()).toEqual(['aside.db', 'copy.db', 'shsm.db']);
});

test('a copy never takes the place of a file, and needs something to copy', async () => {
  expect(backupSqlite(path, at('copy.db'))).toMatchObject({ ok: false });
  await openSqliteStore({ path }).close();
  writeFileSync(at('copy.db'), 'something else');
  expect(backupSqlite(path, at('copy.db'))).toMatchObject({
    ok: false,
    problem: expect.stringContaining('already'),
  });
  expect(backupSqlite(path, at('no-such-folder/copy.db'))).toMatchObject({ ok: false });
});

function execute(file: string, sql: string): void {
  const database = new DatabaseSync(file);
  database.exec(sql);
  database.close();
}

test.each([
  ['is not a database of this program', (file: string) => writeFileSync(file, 'not a database at all')],
  ['is not a database of this program', (file: string) => execute(file, 'CREATE TABLE t (a)')],
  [
    'is not a database of this program',
    (file: string) => execute(file, 'CREATE TABLE migrations (number INTEGER, name TEXT)'),
  ],
  ['is damaged', (file: string) => truncateSync(file, 20_000)],
  [
    'was written by a newer version of this program',
    (file: string) => execute(file, "INSERT INTO migrations VALUES (900, 'later', '')"),
  ],
])('a file that %s is not put back, and the database stays', async (problem, spoil) => {
  const store = openSqliteStore({ path });
  await seedClass(store);
  await store.close();
  if (problem !== 'is not a database of this program') copyFileSync(path, at('copy.db'));
  spoil(at('copy.db'));
  expect(restoreSqlite(at('copy.db'), path, at('aside.db'))).toEqual({
    ok: false,
    problem: `${at('copy.db')} ${problem}`,
  });
  expect([existsSync(path), existsSync(at('aside.db')), existsSync(`${path}.arriving`)]).toEqual([
    true,
    false,
    false,
  ]);
});

test('a copy is put back where there is no database yet', async () => {
  await openSqliteStore({ path: at('other.db') }).close();
  expect(backupSqlite(at('other.db'), at('copy.db'))).toEqual({ ok: true });
  expect(restoreSqlite(at('copy.db'), path, at('aside.db'))).toEqual({ ok: true });
  await openSqliteStore({ path }).close();
});
