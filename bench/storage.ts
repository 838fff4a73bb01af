import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { createConnection } from 'mongoose';
import type { Store } from '../src/domain/ports/store.ts';
import { openStore } from '../src/open-store.ts';
import {
  aDesiredScore,
  aMember,
  anActivity,
  anAuditEvent,
  aSubmission,
  MINUTE,
  NOW,
} from '../test/support/build.ts';
import { load, sized } from './figures.ts';
import { onBoth, type Place } from './places.ts';

/** So many people decide at once in the second figure. */
const AT_ONCE = 16;

/**
 * Decisions and deliveries a second, one after the other and many at once, beside the same database used plainly: three
 * records of the same size in one durable transaction, by the driver alone, on the same disk.
 */
export async function storageBench(): Promise<string> {
  return onBoth(async (place) => {
    const plain = await (place.database.kind === 'sqlite' ? plainSqlite(place) : plainMongo(place));
    const alone = await perSecond(1, (n) => plain.insert(`one-${n}`));
    const manyPlain = await perSecond(AT_ONCE, (n) => plain.insert(`many-${n}`));
    await plain.close();
    const store = await openStore(place.database);
    await store.recordLaunch(anActivity(), aMember());
    const decisions = await perSecond(1, decide(store, 'one'));
    const manyDecisions = await perSecond(AT_ONCE, decide(store, 'many'));
    const deliveries = await perSecond(1, () => deliver(store), sized(1_000, 200));
    const manyDeliveries = AT_ONCE * (await perSecond(1, () => deliver(store, AT_ONCE), sized(100, 20)));
    await store.close();
    const line = (what: string, figure: number, beside: number) =>
      `${place.kind}: ${what.padEnd(36)} ${figure.toFixed(0).padStart(6)} /s   ${(figure / beside).toFixed(2)} of plain`;
    return [
      `${place.kind}: plain, one after the other ${alone.toFixed(0)} /s, ${AT_ONCE} at once ${manyPlain.toFixed(0)} /s (${load()})`,
      line('decisions, one after the other', decisions, alone),
      line(`decisions, ${AT_ONCE} at once`, manyDecisions, manyPlain),
      line('claim and finish, one after the other', deliveries, alone),
      line(`claim and finish, ${AT_ONCE} at once`, manyDeliveries, manyPlain),
    ];
  });
}

type Work = (n: number) => Promise<unknown>;

function decide(store: Store, round: string): Work {
  return async (n) => {
    const saved = await store.saveSubmission(
      {
        submission: aSubmission({ id: `submission-${round}-${n}`, userId: `student-${round}-${n}` }),
        fromVersion: 0,
        evidence: null,
        score: { desired: aDesiredScore(), fromVersion: 0 },
        audit: anAuditEvent({ id: `audit-${round}-${n}` }),
      },
      NOW,
    );
    if (saved !== 'saved') throw new Error(saved);
  };
}

/** As a lane of the worker does it: one claim, and what was sent is written down as it ends. */
async function deliver(store: Store, count = 1): Promise<void> {
  const cells = await store.claimDue('platform-1', NOW, NOW + MINUTE, 'bench', count);
  const marks = await Promise.all(cells.map((cell) => store.markDelivered(cell, 'bench', 1, NOW)));
  if (marks.length !== count || marks.includes(false)) throw new Error('not claimed');
}

const PARTS = ['submission', 'cell', 'audit'];
const body = aSubmission();

type Plain = {
  readonly insert: (id: string) => Promise<unknown>;
  readonly close: () => Promise<void>;
};

async function plainSqlite(place: Place): Promise<Plain> {
  const database = new DatabaseSync(join(place.folder, 'plain.db'));
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL');
  database.exec('CREATE TABLE a (id TEXT PRIMARY KEY, body TEXT) STRICT');
  const insert = database.prepare('INSERT INTO a (id, body) VALUES (?, ?)');
  return {
    insert: async (id) => {
      database.exec('BEGIN IMMEDIATE');
      for (const part of PARTS) insert.run(`${part}-${id}`, JSON.stringify(body));
      database.exec('COMMIT');
    },
    close: async () => database.close(),
  };
}

async function plainMongo(place: Place): Promise<Plain> {
  const connection = await createConnection(place.variable).asPromise();
  const client = connection.getClient();
  const collection = client.db('plain').collection('a');
  await collection.createIndex({ id: 1 }, { unique: true });
  return {
    insert: (id) =>
      client.withSession((session) =>
        session.withTransaction(
          async () => {
            for (const part of PARTS) await collection.insertOne({ id: `${part}-${id}`, body }, { session });
          },
          { writeConcern: { w: 'majority', journal: true } },
        ),
      ),
    close: () => connection.close(),
  };
}

async function perSecond(atOnce: number, work: Work, times = sized(2_000, 400)): Promise<number> {
  let next = 0;
  const began = performance.now();
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      while (next < times) {
        next += 1;
        await work(next);
      }
    }),
  );
  return (times * 1000) / (performance.now() - began);
}
