import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { SendScore } from '../../../src/domain/ports/lms-gradebook.ts';
import type { Store } from '../../../src/domain/ports/store.ts';
import { createWorker } from '../../../src/passback/worker.ts';
import { openMongoStore } from '../../../src/storage/mongo/open.ts';
import { openSqliteStore } from '../../../src/storage/sqlite/open.ts';
import { DAY, HOUR, MINUTE, SECOND } from '../../support/build.ts';
import { createClock } from '../../support/clock.ts';
import type { Manner } from '../../support/grade-book.ts';
import { type GradePlatform, startGradePlatform } from '../../support/grade-platform.ts';
import { createMemoryLog } from '../../support/memory-log.ts';
import { describeWithMongo, freshDatabase } from '../../support/mongo.ts';
import { createPassbackRig } from '../../support/passback-rig.ts';

let clock: ReturnType<typeof createClock>;
const cleanUp: (() => Promise<unknown>)[] = [];
beforeEach(() => {
  clock = createClock();
});
afterEach(async () => {
  for (const end of cleanUp.splice(0).reverse()) await end();
});

async function wire(
  store: Store,
  ids: readonly string[],
  options: { manner?: Manner; timeoutMs?: number } = {},
) {
  const platforms: Record<string, GradePlatform> = {};
  for (const id of ids) {
    const platform = await startGradePlatform({ now: clock.now, manner: options.manner ?? 'silent' });
    platforms[id] = platform;
    cleanUp.push(platform.close);
  }
  const rig = createPassbackRig(platforms, { now: clock.now, timeoutMs: options.timeoutMs ?? 10_000, store });
  cleanUp.push(() => rig.store.close());
  await rig.addPlatforms();
  const { log } = createMemoryLog();
  const workerOf = (owner: string, sendScore: SendScore = rig.sendScore) =>
    createWorker({ store: rig.store, sendScore, now: clock.now, log, owner, random: () => 1 });
  const platformOf = (id: string): GradePlatform => {
    const platform = platforms[id];
    if (platform === undefined) throw new Error(`no platform ${id}`);
    return platform;
  };
  return { ...rig, workerOf, platformOf };
}

/** Times of one student's scores in the order they arrived. */
function timesOf(platform: GradePlatform, userId: string): readonly number[] {
  return platform.book.received.filter((score) => score.userId === userId).map((score) => score.timestamp);
}

faults('SQLite', async () => openSqliteStore({ path: ':memory:' }));

await describeWithMongo('MongoDB', (mongo) => {
  const { url, empty, drop } = freshDatabase(mongo);
  afterAll(drop);
  faults('a real server', async () => {
    await empty();
    return openMongoStore({ url });
  });
});

function faults(name: string, newStore: () => Promise<Store>): void {
  describe(name, () => {
    test.each<Manner>(['silent', 'moodle', 'canvas'])(
      'a clock that steps back an hour (%s): the last decision is shown, times rise',
      async (manner) => {
        const rig = await wire(await newStore(), ['p'], { manner });
        const platform = rig.platformOf('p');
        const activity = await rig.launch('p');
        const worker = rig.workerOf('one');
        for (const [at, step] of [0, -HOUR, MINUTE, -HOUR, SECOND].entries()) {
          clock.advance(step);
          await rig.decide(activity, 'student-1', { scoreGiven: at + 1, comment: `decision ${at + 1}` });
          await worker.runOnce();
        }
        expect(platform.book.shown('student-1')).toMatchObject({ scoreGiven: 5, comment: 'decision 5' });
        expect(await rig.cell(activity, 'student-1')).toMatchObject({
          status: 'delivered',
          deliveredVersion: 5,
        });
        const times = timesOf(platform, 'student-1');
        expect(times.every((time, at) => at === 0 || time > (times[at - 1] ?? time))).toBe(true);
        expect(platform.book.columns).toHaveLength(1);
      },
    );

    test('a worker that stalls past its lease cannot undo what another has sent since', async () => {
      const rig = await wire(await newStore(), ['p']);
      const platform = rig.platformOf('p');
      const activity = await rig.launch('p');
      await rig.decide(activity, 'student-1', { scoreGiven: 4, comment: 'decision 1' });
      let goOn: () => void = () => {};
      const stall = new Promise<void>((resolve) => {
        goOn = resolve;
      });
      const begun = Promise.withResolvers<void>();
      const stalled = rig.workerOf('stalled', async (cell) => {
        begun.resolve();
        await stall;
        return rig.sendScore(cell);
      });
      const late = stalled.runOnce();
      await begun.promise;

      clock.advance(61 * SECOND);
      await rig.decide(activity, 'student-1', { scoreGiven: 9, comment: 'decision 2' });
      expect(await rig.workerOf('awake').runOnce()).toBe(1);
      goOn();
      await late;
      expect(platform.book.shown('student-1')).toMatchObject({ scoreGiven: 9, comment: 'decision 2' });
      expect(await rig.cell(activity, 'student-1')).toMatchObject({
        status: 'delivered',
        desiredVersion: 2,
        deliveredVersion: 2,
      });
      expect(platform.book.columns).toHaveLength(1);
    });

    test('an LMS that is down for a day gets everything within the hour after it is back', async () => {
      const rig = await wire(await newStore(), ['p']);
      const platform = rig.platformOf('p');
      const activity = await rig.launch('p');
      const worker = rig.workerOf('one');
      const students = Array.from({ length: 30 }, (_, at) => `student-${at + 1}`);
      for (const student of students)
        await rig.decide(activity, student, { scoreGiven: 3, comment: 'before' });
      platform.fail('token', ...Array.from({ length: 10_000 }, () => ({ status: 503 })));
      for (let minutes = 0; minutes < DAY / MINUTE; minutes += 10) {
        if (minutes === 720)
          for (const student of students.slice(0, 10))
            await rig.decide(activity, student, { scoreGiven: 8, comment: 'while it was down' });
        await worker.runOnce();
        clock.advance(10 * MINUTE);
      }
      expect(platform.book.received).toEqual([]);
      expect((await rig.store.cells({})).map((cell) => cell.status)).toEqual(students.map(() => 'pending'));

      platform.recover();
      for (let minutes = 0; minutes <= 60; minutes += 10) {
        await worker.runOnce();
        clock.advance(10 * MINUTE);
      }
      expect((await rig.store.cells({})).map((cell) => cell.status)).toEqual(students.map(() => 'delivered'));
      for (const [at, student] of students.entries())
        expect(platform.book.shown(student)).toMatchObject(
          at < 10 ? { scoreGiven: 8, comment: 'while it was down' } : { scoreGiven: 3, comment: 'before' },
        );
      expect(platform.book.received).toHaveLength(students.length);
      expect(platform.book.columns).toHaveLength(1);
    });

    test('of 40 LMSs one hangs for ever: the other 39 get every score, once, while it hangs', async () => {
      const ids = Array.from({ length: 40 }, (_, at) => `p-${at + 1}`);
      const [hanging = '', ...well] = ids;
      const perPlatform = 6;
      const rig = await wire(await newStore(), ids, { timeoutMs: 60_000 });
      for (const id of ids) {
        const activity = await rig.launch(id);
        for (let at = 0; at < perPlatform; at += 1) await rig.decide(activity, `${id} student-${at}`);
      }
      const silent = rig.platformOf(hanging);
      silent.fail('token', ...Array.from({ length: 100 }, () => 'hang' as const));
      const round = rig.workerOf('one').runOnce();
      const isThere = (id: string) => rig.platformOf(id).book.received.length >= perPlatform;
      while (!well.every(isThere)) await new Promise((resolve) => setImmediate(resolve));
      expect((await rig.store.cells({})).filter((cell) => cell.lastError !== null)).toEqual([]);
      expect(silent.book.received).toEqual([]);

      // Its connections break at last, so that the round can end.
      await silent.close();
      cleanUp.splice(cleanUp.indexOf(silent.close), 1);
      await round;
      expect(well.map((id) => rig.platformOf(id).book.received.length)).toEqual(well.map(() => perPlatform));
      expect(well.map((id) => rig.platformOf(id).book.columns.length)).toEqual(well.map(() => 1));
    });
  });
}
