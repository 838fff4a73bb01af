import type { MongoMemoryReplSet } from 'mongodb-memory-server-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { AppError } from '../../src/domain/errors.ts';
import { createWorker } from '../../src/passback/worker.ts';
import { openMongoStore } from '../../src/storage/mongo/open.ts';
import { MINUTE } from '../support/build.ts';
import { createClock } from '../support/clock.ts';
import { startGradePlatform } from '../support/grade-platform.ts';
import { createMemoryLog } from '../support/memory-log.ts';
import { describeWithMongo } from '../support/mongo.ts';
import { killPrimary, stopQuietly } from '../support/mongo-replica-set.ts';
import { startReplicaSet } from '../support/mongod.ts';
import { createPassbackRig } from '../support/passback-rig.ts';

const STUDENTS = 50;
const DECISIONS_EACH = 20;
const KILL_AFTER = 300;
const AT_ONCE = 10;

await describeWithMongo('when the primary of three servers is killed', ({ binary }) => {
  let servers: MongoMemoryReplSet;
  beforeAll(async () => {
    if (binary === null) throw new Error('servers that may be killed need a mongod, not only an address');
    servers = await startReplicaSet(binary, 3);
  });
  afterAll(() => stopQuietly(servers));

  test('in the middle of 1,000 decisions and their deliveries, nothing that was answered is lost', async () => {
    const clock = createClock();
    const platform = await startGradePlatform({ now: clock.now });
    const store = await openMongoStore({ url: servers.getUri('failover') });
    const rig = createPassbackRig({ p: platform }, { now: clock.now, timeoutMs: 5_000, store });
    await rig.addPlatforms();
    const activity = await rig.launch('p');
    const { log } = createMemoryLog();
    const worker = createWorker({ store, sendScore: rig.sendScore, now: clock.now, log, owner: 'one' });

    const last = new Map<string, string>();
    let answered = 0;
    /** Decisions that were made again, and may be in the store twice. */
    const again = new Set<unknown>();
    /** As a teacher does: told to try again later, tries again. */
    async function decide(student: string, comment: string): Promise<void> {
      for (;;) {
        try {
          await rig.decide(activity, student, { comment });
          return;
        } catch (error) {
          if (!(error instanceof AppError) || error.code !== 'unavailable') throw error;
          again.add(comment);
        }
      }
    }
    async function decideAll(students: readonly number[]): Promise<void> {
      for (let round = 1; round <= DECISIONS_EACH; round += 1)
        for (const n of students) {
          const [student, comment] = [`student-${n}`, `decision ${round} on ${n}`];
          await decide(student, comment);
          last.set(student, comment);
          answered += 1;
          if (answered === KILL_AFTER) await killPrimary(servers);
        }
    }
    const all = Array.from({ length: STUDENTS }, (_, n) => n);
    const lanes = Array.from({ length: AT_ONCE }, (_, lane) => all.filter((n) => n % AT_ONCE === lane));
    let isDeciding = true;
    const delivering = (async () => {
      while (isDeciding) await worker.runOnce().catch(() => 0);
    })();
    await Promise.all(lanes.map(decideAll));
    isDeciding = false;
    await delivering;

    expect(answered).toBe(1000);
    const cells = await store.cells({});
    expect(Object.fromEntries(cells.map((cell) => [cell.userId, cell.desired.comment]))).toEqual(
      Object.fromEntries(last),
    );
    // A delivery whose outcome could not be written down waits for its lease to run out.
    for (let minutes = 0; minutes < 10; minutes += 1) {
      clock.advance(2 * MINUTE);
      await worker.runOnce();
    }
    expect(new Set((await store.cells({})).map((cell) => cell.status))).toEqual(new Set(['delivered']));
    expect(platform.book.columns).toHaveLength(1);
    for (const [student, comment] of last) {
      expect(platform.book.shown(student)).toMatchObject({ comment });
      const arrived = platform.book.received.filter((score) => score.userId === student);
      for (const [at, score] of arrived.entries()) {
        const before = arrived[at - 1];
        if (before === undefined) continue;
        const { comment: said } = score.body;
        if (said === before.body['comment'] && !again.has(said))
          expect(score.timestamp).toBe(before.timestamp);
        else if (score.timestamp === before.timestamp) expect(score.body).toEqual(before.body);
        else expect(score.timestamp).toBeGreaterThan(before.timestamp);
      }
    }
    await store.close();
    await platform.close();
  }, 120_000);
});
