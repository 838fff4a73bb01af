import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import { type Connection, connect } from '../../src/storage/sqlite/connection.ts';
import { createGroupCommit } from '../../src/storage/sqlite/group-commit.ts';
import { createWalSync } from '../../src/storage/sqlite/wal-sync.ts';

let folder: string;
let connection: Connection;
let insert: (parameters: { id: string }) => number;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'shsm-group-'));
  connection = connect(join(folder, 'group.db'));
  connection.script('CREATE TABLE notes (id TEXT PRIMARY KEY CHECK (length(id) < 9)) STRICT');
  insert = connection.command('INSERT INTO notes (id) VALUES (:id)');
});
afterEach(() => {
  connection.close();
  rmSync(folder, { recursive: true });
});

const [NORMAL, FULL] = [1, 2];

/** Prepared anew: a pragma answers when it is compiled. */
function synchronous(): number | undefined {
  return connection.query('PRAGMA synchronous', z.object({ synchronous: z.number() })).get()?.synchronous;
}

/** What another connection sees: only what was committed. */
function onDisk(): string[] {
  const other = connect(join(folder, 'group.db'));
  const found = other.query('SELECT id FROM notes ORDER BY id', z.object({ id: z.string() })).all();
  other.close();
  return found.map(({ id }) => id);
}

test('what was answered is on the disk, and nothing is before the group has been written', async () => {
  const works = ['a', 'b', 'c'].map((id) => connection.together(() => insert({ id })));
  expect(onDisk()).toEqual([]);
  await works[0];
  expect(onDisk()).toEqual(['a', 'b', 'c']);
  expect(await Promise.all(works)).toEqual([1, 1, 1]);
});

test('one that fails leaves nothing behind and the others whole', async () => {
  const results = await Promise.allSettled([
    connection.together(() => insert({ id: 'before' })),
    connection.together(() => {
      insert({ id: 'half' });
      insert({ id: 'far too long' });
    }),
    connection.together(() => insert({ id: 'after' })),
  ]);
  expect(results.map((result) => result.status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  expect(onDisk()).toEqual(['after', 'before']);
});

test('each sees what those before it in the group wrote', async () => {
  const count = connection.query('SELECT count(*) AS count FROM notes', z.object({ count: z.number() }));
  const counts = ['a', 'b', 'c'].map((id) =>
    connection.together(() => {
      insert({ id });
      return count.get()?.count;
    }),
  );
  expect(await Promise.all(counts)).toEqual([1, 2, 3]);
});

test('when the group cannot be written, all of it is told so and nothing is kept', async () => {
  connection.script('PRAGMA max_page_count = 10');
  const body = connection.command(
    'INSERT INTO notes (id) SELECT substr(hex(randomblob(4)), 1, 8) FROM json_each(:many)',
  );
  const many = JSON.stringify(Array.from({ length: 20_000 }, (_, n) => n));
  const results = await Promise.allSettled([
    connection.together(() => insert({ id: 'first' })),
    connection.together(() => body({ many })),
    connection.together(() => insert({ id: 'last' })),
  ]);
  const kept = results.flatMap((result, at) =>
    result.status === 'fulfilled' ? [['first', 'many', 'last'][at]] : [],
  );
  expect(results[1]).toMatchObject({ status: 'rejected', reason: { code: 'unavailable' } });
  expect(onDisk()).toEqual(kept.toSorted());
});

test('closing writes what is waiting', async () => {
  const waiting = connection.together(() => insert({ id: 'late' }));
  connection.close();
  expect(await waiting).toBe(1);
  expect(onDisk()).toEqual(['late']);
});

test('a group whose commit is refused says why, and the next ones wait for the disk as before', async () => {
  connection.script(
    'CREATE TABLE answers (note TEXT REFERENCES notes (id) DEFERRABLE INITIALLY DEFERRED) STRICT',
  );
  const answer = connection.command('INSERT INTO answers (note) VALUES (:note)');
  await expect(connection.together(() => answer({ note: 'nowhere' }))).rejects.toThrow(
    'FOREIGN KEY constraint failed',
  );
  expect(await connection.together(() => insert({ id: 'next' }))).toBe(1);
  expect(onDisk()).toEqual(['next']);
  expect(synchronous()).toBe(FULL);
});

test('what may be done lightly does not wait for the disk, and all else does, each time', async () => {
  for (let round = 0; round < 3; round += 1) {
    expect(connection.lightly(synchronous)).toBe(NORMAL);
    expect(await connection.together(synchronous)).toBe(NORMAL);
    expect(connection.transaction(synchronous)).toBe(FULL);
    expect(synchronous()).toBe(FULL);
  }
});

test('a database that is reached by a link is written as one that is not', async () => {
  symlinkSync(join(folder, 'group.db'), join(folder, 'link.db'));
  const linked = connect(join(folder, 'link.db'));
  const add = linked.command('INSERT INTO notes (id) VALUES (:id)');
  expect(await linked.together(() => add({ id: 'linked' }))).toBe(1);
  linked.close();
  expect(onDisk()).toEqual(['linked']);
});

test('nobody is answered before the disk has it, and a disk that fails answers nobody with success', async () => {
  const database = new DatabaseSync(':memory:');
  database.exec('CREATE TABLE notes (id TEXT)');
  const asked: PromiseWithResolvers<void>[] = [];
  const group = createGroupCommit(
    database,
    (statement) => statement(),
    (work) => work(),
    () => {
      const disk = Promise.withResolvers<void>();
      asked.push(disk);
      return disk.promise;
    },
  );
  const add = (id: string) =>
    group.join(() => {
      database.prepare('INSERT INTO notes VALUES (?)').run(id);
      return id;
    });
  const told: string[] = [];
  const tell = (name: string) => told.push(name);
  const first = add('first').then(tell);
  await new Promise(setImmediate);
  const second = add('second').then(tell, (error: unknown) => tell(String(error)));
  await new Promise(setImmediate);
  expect([asked.length, told]).toEqual([2, []]);
  asked[1]?.reject(new Error('no disk'));
  asked[0]?.resolve();
  await Promise.all([first, second]);
  expect(told.toSorted()).toEqual(['Error: no disk', 'first']);
  database.close();
});

test('a write-ahead log that cannot be synced is a storage that cannot serve', async () => {
  const sync = createWalSync(join(folder, 'nowhere.db'));
  await expect(sync.reachDisk()).rejects.toMatchObject({ code: 'unavailable', key: 'errors.unavailable' });
  sync.close();
});
