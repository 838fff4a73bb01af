import { createConnection } from 'mongoose';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { StoreOpenError } from '../../src/domain/errors.ts';
import { openMongoStore } from '../../src/storage/mongo/open.ts';
import {
  aChange,
  aDesiredScore,
  aMember,
  anActivity,
  anAuditEvent,
  NOW,
  someEvidence,
} from '../support/build.ts';
import { describeWithMongo, freshDatabase } from '../support/mongo.ts';
import { startLoneServer } from '../support/mongod.ts';

const problem = (url: string) =>
  openMongoStore({ url, patienceMs: 500 }).then(
    () => null,
    (error: unknown) => (error instanceof StoreOpenError ? [error.reason, error.message] : error),
  );

await describeWithMongo('opening a MongoDB store', (mongo) => {
  const { url, drop } = freshDatabase(mongo);
  const raw = createConnection();
  beforeAll(async () => {
    await raw.openUri(url);
  });
  afterAll(async () => {
    await raw.close();
    await drop();
  });

  test('many processes at once open a new database', async () => {
    const stores = await Promise.all(Array.from({ length: 4 }, () => openMongoStore({ url })));
    for (const store of stores) {
      await store.ping();
      await store.close();
    }
    const steps = await raw.collection('migrations').find().toArray();
    expect(steps.map((step) => step._id)).toEqual(steps.map((_, at) => at + 1));
  });

  test('every collection has a key that no two records share', async () => {
    const collections = (await raw.db?.collections()) ?? [];
    const without: string[] = [];
    for (const collection of collections) {
      const indexes = await collection.indexes();
      if (!indexes.some((index) => index.unique === true)) without.push(collection.collectionName);
    }
    expect(without.sort()).toEqual(['launch_notes', 'migrations']);
  });

  test('a store without a server says so, and never repeats the password', async () => {
    expect(await problem('mongodb://person:hidden@127.0.0.1:1/shsm?authSource=admin')).toEqual([
      'unreachable',
      'Cannot open the database mongodb://127.0.0.1:1/shsm: no primary server answers; check the addresses, the network, the state of the replica set, and whether the servers want tls=true in the address.',
    ]);
  });

  test.each(['mongodb://', 'mongodb://host:port', 'mongodb://host/?w=x&replicaSet='])(
    'an address that cannot be used is refused: %s',
    async (wrong) => {
      expect(await problem(wrong)).toEqual(['not-a-database', expect.stringContaining('cannot be used')]);
    },
  );

  test.skipIf(mongo.binary === null)('a lone server is refused, with what to do', async () => {
    const lone = await startLoneServer(mongo.binary ?? '');
    try {
      expect(await problem(lone.getUri())).toEqual([
        'standalone',
        expect.stringMatching(/standalone server.*--replSet rs0.*rs\.initiate\(\)/),
      ]);
    } finally {
      await lone.stop();
    }
  });

  test('a database that a newer version was at work on is refused', async () => {
    await raw.collection<{ _id: number }>('migrations').insertOne({ _id: 900 });
    expect(await problem(url)).toEqual(['newer', expect.stringContaining('step 900')]);
    await raw.collection<{ _id: number }>('migrations').deleteOne({ _id: 900 });
  });

  test.each<[string, (name: string) => Promise<unknown>]>([
    ['records of its own', (name) => raw.useDb(name).collection('users').insertOne({ name: 'x' })],
    ['steps of its own', (name) => raw.useDb(name).collection('migrations').insertOne({ name: 'x' })],
    [
      'steps that look like ours',
      (name) =>
        raw
          .useDb(name)
          .collection<{ _id: number }>('migrations')
          .insertOne({ _id: 1, ...{ name: 'x' } }),
    ],
  ])('a database of another program, with %s, is refused and left alone', async (_, fill) => {
    const other = new URL(url);
    other.pathname += '-o';
    const db = raw.useDb(other.pathname.slice(1)).db;
    await fill(other.pathname.slice(1));
    const before = (await db?.collections())?.map((one) => one.collectionName);
    expect(await problem(other.href)).toEqual([
      'not-a-database',
      expect.stringContaining('it holds records of another program; nothing was changed.'),
    ]);
    expect((await db?.collections())?.map((one) => one.collectionName)).toEqual(before);
    await db?.dropDatabase();
  });

  test('a change that fails at its last line leaves nothing behind, and its bytes are swept once they are old', async () => {
    const store = await openMongoStore({ url });
    await store.recordLaunch(anActivity(), aMember());
    await store.appendAudit(anAuditEvent({ id: 'taken' }));
    const change = aChange({
      evidence: someEvidence(),
      score: { desired: aDesiredScore(), fromVersion: 0 },
      audit: anAuditEvent({ id: 'taken', subject: 'another' }),
    });
    await expect(store.saveSubmission(change, NOW)).rejects.toThrow();
    expect(await store.submission('submission-1')).toBeNull();
    expect(await store.evidenceMeta('evidence-1')).toBeNull();
    expect(await store.cells({})).toEqual([]);

    const files = raw.collection('evidence.files');
    const chunks = raw.collection('evidence.chunks');
    expect(await files.countDocuments()).toBe(1);
    await (await openMongoStore({ url })).close();
    expect(await files.countDocuments()).toBe(1);
    await files.updateMany({}, { $set: { uploadDate: new Date(Date.now() - 2 * 60 * 60_000) } });
    await (await openMongoStore({ url })).close();
    expect([await files.countDocuments(), await chunks.countDocuments()]).toEqual([0, 0]);

    const { audit, ...rest } = change;
    expect(await store.saveSubmission({ ...rest, audit: null }, NOW)).toBe('saved');
    expect(await store.evidence('evidence-1')).toEqual(change.evidence);
    await store.close();
  });
});
