import { execFileSync } from 'node:child_process';
import { DatabaseSync } from 'node:sqlite';
import { createConnection, type mongo } from 'mongoose';
import type { Place } from './places.ts';

/** What names a record or what it belongs to, in the words of both stores. A copy has the number of the copy at their end. */
const NAMES: Readonly<Record<string, readonly string[]>> = {
  activities: ['id', 'contextId', 'resourceLinkId'],
  members: ['contextId', 'userId'],
  submissions: ['id', 'activityId', 'contextId', 'userId'],
  gradebook_cells: ['activityId', 'userId'],
  audit_events: ['id', 'subject'],
};

/** Copies everything in the store so many times, as courses of their own, inside the database: a million in minutes. */
export async function copyCourses(place: Place, copies: number): Promise<void> {
  if (place.database.kind === 'sqlite') copyInSqlite(place.database.path, copies);
  else await copyInMongo(place.database.url, copies);
  // What was copied is on the disk before anything is measured beside it.
  execFileSync('sync');
}

function copyInSqlite(path: string, copies: number): void {
  const database = new DatabaseSync(path);
  database.exec('PRAGMA synchronous = OFF; PRAGMA cache_size = -200000');
  for (const [table, names] of Object.entries(NAMES)) {
    const isName = new Set(
      names.map((name) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)),
    );
    const columns = database
      .prepare("SELECT name FROM pragma_table_xinfo(:table) WHERE hidden = 0 AND name <> 'sequence'")
      .all({ table })
      .map((row) => String(row['name']));
    const copied = columns.map((name) => (isName.has(name) ? `${name} || '~' || :copy` : name));
    database.exec(`CREATE TEMP TABLE first_${table} AS SELECT * FROM ${table}`);
    const copy = database.prepare(
      `INSERT INTO ${table} (${columns.join(', ')}) SELECT ${copied.join(', ')} FROM first_${table}`,
    );
    database.exec('BEGIN');
    for (let number = 1; number <= copies; number += 1) copy.run({ copy: String(number) });
    database.exec('COMMIT');
    database.exec(`DROP TABLE first_${table}`);
  }
  database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  database.close();
}

async function copyInMongo(url: string, copies: number): Promise<void> {
  const connection = await createConnection(url).asPromise();
  const db = connection.db as mongo.Db;
  for (const [collection, names] of Object.entries(NAMES)) {
    await db
      .collection(collection)
      .aggregate([{ $out: `first_${collection}` }])
      .toArray();
    for (let number = 1; number <= copies; number += 1) {
      const renamed = names.map((name) => [name, { $concat: [`$${name}`, '~', String(number)] }]);
      await db
        .collection(`first_${collection}`)
        .aggregate([
          { $set: Object.fromEntries(renamed) },
          { $unset: '_id' },
          { $merge: { into: collection, whenMatched: 'fail' } },
        ])
        .toArray();
    }
    await db.collection(`first_${collection}`).drop();
  }
  await connection.close();
}
