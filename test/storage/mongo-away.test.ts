import { createConnection } from 'mongoose';
import { afterAll, expect, test } from 'vitest';
import { openMongoStore } from '../../src/storage/mongo/open.ts';
import { createVitalSigns } from '../../src/vital-signs.ts';
import { aChange, aDesiredScore, aMember, anActivity, aSubmission, NOW, SECOND } from '../support/build.ts';
import { describeWithMongo, freshDatabase } from '../support/mongo.ts';
import { openTcpGate } from '../support/tcp-gate.ts';

await describeWithMongo('a MongoDB store whose server goes away', (mongo) => {
  const { url, drop } = freshDatabase(mongo);
  afterAll(drop);

  test('says so on every call and to monitoring, and works again by itself', async () => {
    const real = new URL(url);
    const gate = await openTcpGate({ host: real.hostname, port: Number(real.port) });
    const store = await openMongoStore({
      url: `mongodb://127.0.0.1:${gate.port}${real.pathname}?directConnection=true`,
      patienceMs: 300,
    });
    const vitals = createVitalSigns(
      store,
      () => NOW,
      () => [],
    );
    await store.recordLaunch(anActivity(), aMember());
    expect(await vitals.ready()).toEqual({ ok: true, problems: [] });

    await gate.shut();
    const change = aChange({ score: { desired: aDesiredScore(), fromVersion: 0 } });
    const answers = await Promise.allSettled([
      store.saveSubmission(change, NOW),
      store.submission('submission-1'),
      store.claimDue('platform-1', NOW, NOW + SECOND, 'worker-1', 10),
      store.spendLogin('state-hash-1', NOW),
      store.evidence('evidence-1'),
    ]);
    for (const answer of answers)
      expect(answer).toMatchObject({
        status: 'rejected',
        reason: { code: 'unavailable', key: 'errors.unavailable' },
      });
    expect(await vitals.ready()).toEqual({ ok: false, problems: ['storage-unreachable'] });

    await gate.reopen();
    await expect.poll(() => vitals.ready(), { timeout: 20_000 }).toEqual({ ok: true, problems: [] });
    expect(await store.submission('submission-1')).toBeNull();
    expect(await store.saveSubmission(change, NOW)).toBe('saved');
    await store.close();
    await gate.shut();
  });

  test('a record that a killed process left in the middle of a change is waited for, but not for ever', async () => {
    const store = await openMongoStore({ url, patienceMs: 1_000 });
    await store.recordLaunch(anActivity(), aMember());
    const first = aChange({ submission: aSubmission({ id: 'held' }) });
    expect(await store.saveSubmission(first, NOW)).toBe('saved');
    const raw = await createConnection(url).asPromise();
    const left = await raw.startSession();
    left.startTransaction();
    await raw
      .collection('submissions')
      .updateOne({ id: 'held' }, { $set: { reflection: 'half' } }, { session: left });

    const change = aChange({ submission: aSubmission({ id: 'held', version: 2 }), fromVersion: 1 });
    await expect(store.saveSubmission(change, NOW)).rejects.toMatchObject({ code: 'unavailable' });
    await left.abortTransaction();
    expect(await store.saveSubmission(change, NOW)).toBe('saved');
    await left.endSession();
    await raw.close();
    await store.close();
  });

  test('a record that is held stops nobody who hands in at the same moment', async () => {
    const store = await openMongoStore({ url, patienceMs: 1_000 });
    const held = aChange({ submission: aSubmission({ id: 'held-2' }) });
    expect(await store.saveSubmission(held, NOW)).toBe('saved');
    const raw = await createConnection(url).asPromise();
    const left = await raw.startSession();
    left.startTransaction();
    await raw
      .collection('submissions')
      .updateOne({ id: 'held-2' }, { $set: { reflection: 'half' } }, { session: left });

    const again = aChange({ submission: aSubmission({ id: 'held-2', version: 2 }), fromVersion: 1 });
    const beside = aChange({ submission: aSubmission({ id: 'beside', userId: 'student-2' }) });
    const [, other] = await Promise.allSettled([again, beside].map((one) => store.saveSubmission(one, NOW)));
    expect(other).toEqual({ status: 'fulfilled', value: 'saved' });
    await left.abortTransaction();
    await left.endSession();
    await raw.close();
    await store.close();
  });
});
