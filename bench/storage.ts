import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Store } from '../src/domain/ports.ts';
import { openMongoStore } from '../src/storage/mongo/open.ts';
import { openSqliteStore } from '../src/storage/sqlite/open.ts';
import {
  aDesiredScore,
  aMember,
  anActivity,
  anAuditEvent,
  aSubmission,
  MINUTE,
  NOW,
} from '../test/support/build.ts';
import { findMongod, startReplicaSet } from '../test/support/mongod.ts';

type Figures = { readonly saves: number; readonly deliveries: number };

const SAVES = 400;

/** Decisions and deliveries a second of both stores, beside inserts of the same rows by SQLite alone on the same disk. */
export async function storageBench(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'shsm-bench-'));
  try {
    const plain = plainInserts(join(folder, 'plain.db'));
    const sqlite = await measure(openSqliteStore({ path: join(folder, 'shsm.db') }));
    const mongo = await measureMongo();
    const line = (what: string, perSecond: number) =>
      `${what.padEnd(34)} ${perSecond.toFixed(0).padStart(6)} /s   ${(perSecond / plain).toFixed(2)} of plain`;
    return [
      `${'plain node:sqlite, 3 inserts'.padEnd(34)} ${plain.toFixed(0).padStart(6)} /s`,
      line('SQLite: decision', sqlite.saves),
      line('SQLite: claim and finish', sqlite.deliveries),
      ...(typeof mongo === 'string'
        ? [`MongoDB: not measured (${mongo})`]
        : [line('MongoDB: decision', mongo.saves), line('MongoDB: claim and finish', mongo.deliveries)]),
    ].join('\n');
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function measureMongo(): Promise<Figures | string> {
  const found = await findMongod();
  if ('problem' in found) return found.problem;
  const servers = await startReplicaSet(found.path, 1, 'disk');
  try {
    return await measure(await openMongoStore({ url: servers.getUri('bench') }));
  } finally {
    await servers.stop({ doCleanup: true, force: true });
  }
}

async function measure(store: Store): Promise<Figures> {
  await store.recordLaunch(anActivity(), aMember());
  const saves = await perSecond(async (n) => {
    const saved = await store.saveSubmission(
      {
        submission: aSubmission({ id: `submission-${n}`, userId: `student-${n}` }),
        fromVersion: 0,
        evidence: null,
        score: { desired: aDesiredScore(), fromVersion: 0 },
        audit: anAuditEvent({ id: `audit-${n}` }),
      },
      NOW,
    );
    if (saved !== 'saved') throw new Error(saved);
  });
  const deliveries = await perSecond(async () => {
    const [cell] = await store.claimDue('platform-1', NOW, NOW + MINUTE, 'bench', 1);
    if (cell === undefined || !(await store.markDelivered(cell, 'bench', 1, NOW)))
      throw new Error('not claimed');
  });
  await store.close();
  return { saves, deliveries };
}

function plainInserts(path: string): number {
  const database = new DatabaseSync(path);
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL');
  database.exec('CREATE TABLE a (id TEXT PRIMARY KEY, body TEXT) STRICT');
  const insert = database.prepare('INSERT INTO a (id, body) VALUES (?, ?)');
  const body = JSON.stringify(aSubmission());
  const began = performance.now();
  for (let n = 0; n < SAVES; n += 1) {
    database.exec('BEGIN IMMEDIATE');
    for (const part of ['submission', 'cell', 'audit']) insert.run(`${part}-${n}`, body);
    database.exec('COMMIT');
  }
  const took = performance.now() - began;
  database.close();
  return (SAVES * 1000) / took;
}

async function perSecond(work: (n: number) => Promise<void>): Promise<number> {
  const began = performance.now();
  for (let n = 0; n < SAVES; n += 1) await work(n);
  return (SAVES * 1000) / (performance.now() - began);
}
