import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { SendScore } from '../../src/domain/ports/lms-gradebook.ts';
import type { Timers } from '../../src/passback/timers.ts';
import { createWorker } from '../../src/passback/worker.ts';
import { anAuditEvent, DAY, HOUR, MINUTE, NOW, SECOND } from '../support/build.ts';
import { createClock } from '../support/clock.ts';
import type { Manner } from '../support/grade-book.ts';
import { type GradePlatform, startGradePlatform } from '../support/grade-platform.ts';
import { createMemoryLog } from '../support/memory-log.ts';
import { createPassbackRig } from '../support/passback-rig.ts';

let clock: ReturnType<typeof createClock>;
let memory: ReturnType<typeof createMemoryLog>;
const cleanUp: (() => Promise<unknown>)[] = [];
beforeEach(() => {
  clock = createClock();
  memory = createMemoryLog();
});
afterEach(async () => {
  for (const end of cleanUp.splice(0).reverse()) await end();
});

async function startPlatform(manner: Manner = 'silent'): Promise<GradePlatform> {
  const platform = await startGradePlatform({ now: clock.now, manner });
  cleanUp.push(platform.close);
  return platform;
}

async function wire(platforms: Readonly<Record<string, GradePlatform>>, timeoutMs?: number) {
  const rig = createPassbackRig(platforms, { now: clock.now, ...(timeoutMs && { timeoutMs }) });
  cleanUp.push(() => rig.store.close());
  await rig.addPlatforms();
  const workerOf = (owner: string, over: { sendScore?: SendScore; timers?: Timers } = {}) =>
    createWorker({
      store: rig.store,
      sendScore: rig.sendScore,
      now: clock.now,
      log: memory.log,
      owner,
      random: () => 1,
      ...over,
    });
  return { ...rig, workerOf, worker: workerOf('worker-1') };
}

const students = (count: number) => Array.from({ length: count }, (_, n) => `student-${n + 1}`);

/** Resolves when `condition` holds; the test's own time limit is the only one. */
async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setImmediate(resolve));
}

/** Timers that fire only when the test says so. */
function handTimers() {
  const waiting = new Map<number, () => void>();
  let next = 1;
  const timers: Timers = {
    set: (run) => {
      waiting.set(next, run);
      next += 1;
      return next - 1;
    },
    clear: (timer) => {
      waiting.delete(Number(timer));
    },
  };
  const fire = () => {
    const runs = [...waiting.values()];
    waiting.clear();
    for (const run of runs) run();
  };
  return { timers, fire, count: () => waiting.size };
}

describe('a decision', () => {
  test('arrives in the gradebook, and that is written down', async () => {
    const platform = await startPlatform();
    const rig = await wire({ p: platform });
    const activity = await rig.launch('p');
    const decided = await rig.decide(activity, 'student-1');
    clock.advance(SECOND);
    expect(await rig.worker.runOnce()).toBe(1);
    expect(platform.book.shown('student-1')).toMatchObject({
      scoreGiven: 10,
      timestamp: '2026-03-02T15:00:00.000Z',
    });
    expect(await rig.cell(activity, 'student-1')).toEqual({
      ...decided,
      status: 'delivered',
      deliveredVersion: 1,
      deliveredAt: NOW + SECOND,
      attempts: 1,
    });
    expect(memory.lines).toEqual([
      {
        level: 'info',
        message: 'score delivered',
        activityId: activity.id,
        userId: 'student-1',
        version: 1,
        attempts: 1,
      },
    ]);
    expect(await rig.worker.runOnce()).toBe(0);
  });

  test('that comes while an earlier one is on its way is sent after it, with a later time', async () => {
    const platform = await startPlatform();
    const rig = await wire({ p: platform });
    const activity = await rig.launch('p');
    await rig.decide(activity, 'student-1', { scoreGiven: 4 });
    let isFirst = true;
    const worker = rig.workerOf('worker-1', {
      sendScore: async (cell) => {
        if (isFirst) {
          isFirst = false;
          await rig.decide(activity, 'student-1', { scoreGiven: 5 });
          await rig.decide(activity, 'student-1', { scoreGiven: 6 });
        }
        return rig.sendScore(cell);
      },
    });
    expect(await worker.runOnce()).toBe(2);
    expect(
      platform.book.received.map(({ timestamp, body }) => [timestamp - NOW, body['scoreGiven']]),
    ).toEqual([
      [0, 4],
      [2 * SECOND, 6],
    ]);
    expect(await rig.cell(activity, 'student-1')).toMatchObject({ status: 'delivered', deliveredVersion: 3 });
  });
});

describe('an LMS that has trouble', () => {
  test('is tried again later and later, each time with the same score to the letter', async () => {
    const platform = await startPlatform();
    const rig = await wire({ p: platform });
    const activity = await rig.launch('p');
    await rig.decide(activity, 'student-1');
    platform.fail('score', { status: 500, body: '<h1>Oops</h1>' }, 'reset', 'lost');
    const waits: number[] = [];
    for (let tries = 0; tries < 4; tries += 1) {
      await rig.worker.runOnce();
      const { status, nextAttemptAt } = await rig.cell(activity, 'student-1');
      if (status === 'delivered') break;
      waits.push((nextAttemptAt - clock.now()) / SECOND);
      clock.advance(nextAttemptAt - clock.now() - 1);
      expect(await rig.worker.runOnce()).toBe(0);
      clock.advance(1);
    }
    expect(waits).toEqual([5, 10, 20]);
    expect(await rig.cell(activity, 'student-1')).toMatchObject({
      status: 'delivered',
      attempts: 4,
      lastError: null,
    });
    const bodies = platform.seen
      .filter((request) => request.route === 'score')
      .map((request) => request.body);
    expect(new Set(bodies).size).toBe(1);
    expect(memory.lines.map(({ level, reason, status }) => [level, reason, status])).toEqual([
      ['warn', 'lms-unavailable', 500],
      ['warn', 'lms-unavailable', null],
      ['warn', 'lms-unavailable', null],
      ['info', undefined, undefined],
    ]);
  });

  test('and asks to wait is left alone for that long, for every student', async () => {
    const platform = await startPlatform();
    const rig = await wire({ p: platform });
    const activity = await rig.launch('p');
    for (const student of students(3)) await rig.decide(activity, student);
    platform.fail('score', { status: 429, headers: { 'retry-after': '90' } });
    expect(await rig.worker.runOnce()).toBe(1);
    clock.advance(89 * SECOND);
    expect(await rig.worker.runOnce()).toBe(0);
    clock.advance(SECOND);
    expect(await rig.worker.runOnce()).toBe(3);
    expect(memory.lines.filter((line) => line.message === 'platform on hold').length).toBe(1);
  });

  test('is probed once a minute after five failures, then everything goes at once', async () => {
    const platform = await startPlatform();
    const rig = await wire({ p: platform });
    const activity = await rig.launch('p');
    for (const student of students(8)) await rig.decide(activity, student);
    platform.fail('score', ...Array(6).fill({ status: 503 }));
    expect(await rig.worker.runOnce()).toBe(5);
    clock.advance(MINUTE - 1);
    expect(await rig.worker.runOnce()).toBe(0);
    clock.advance(1);
    expect(await rig.worker.runOnce()).toBe(1);
    clock.advance(MINUTE);
    expect(await rig.worker.runOnce()).toBe(8);
    expect((await rig.store.cells({ status: 'delivered' })).length).toBe(8);
  });

  test('for three days becomes a person’s turn, and the person can send it again', async () => {
    const platform = await startPlatform();
    const rig = await wire({ p: platform });
    const activity = await rig.launch('p');
    await rig.decide(activity, 'student-1');
    platform.fail('score', ...Array(200).fill({ status: 503 }));
    while ((await rig.cell(activity, 'student-1')).status === 'pending') {
      await rig.worker.runOnce();
      clock.advance(HOUR);
    }
    const parked = await rig.cell(activity, 'student-1');
    expect(parked).toMatchObject({ status: 'parked', lastError: { key: 'lms-unavailable', status: 503 } });
    expect((clock.now() - NOW) / DAY).toBeCloseTo(3, 0);
    expect(memory.lines.at(-1)).toMatchObject({ level: 'error', reason: 'lms-unavailable' });

    platform.recover();
    await rig.store.retryNow(parked, clock.now());
    clock.advance(MINUTE);
    expect(await rig.worker.runOnce()).toBe(1);
    expect(platform.book.shown('student-1')).toMatchObject({ timestamp: '2026-03-02T15:00:00.000Z' });
  });

  test('does not slow another LMS, however long it hangs', async () => {
    const [dead, well] = [await startPlatform(), await startPlatform()];
    const rig = await wire({ dead, well }, 60_000);
    const atDead = await rig.launch('dead');
    for (const student of students(30)) await rig.decide(atDead, student);
    clock.advance(1);
    const atWell = await rig.launch('well');
    for (const student of students(20)) await rig.decide(atWell, student);
    dead.fail('token', ...Array(30).fill('hang'));
    const { timers, fire } = handTimers();
    const worker = rig.workerOf('worker-1', { timers });
    worker.start();
    await until(() => well.book.received.length === 20);
    expect(dead.book.received).toEqual([]);
    const stopping = worker.stop();
    fire();
    await stopping;
  });
});

describe('a person’s turn', () => {
  test.each<[number, string, string]>([
    [422, 'role cannot be graded', 'not-gradeable'],
    [403, 'User in requested score is not enrolled in the org unit', 'not-enrolled'],
    [404, 'User in requested score does not exist', 'unknown-student'],
    [400, 'Bad Request', 'score-refused'],
  ])('%i %s is one student’s trouble: %s', async (status, body, key) => {
    const platform = await startPlatform();
    const rig = await wire({ p: platform });
    const activity = await rig.launch('p');
    for (const student of students(3)) await rig.decide(activity, student);
    platform.book.refusedUsers.set('student-1', { status, body });
    expect(await rig.worker.runOnce()).toBe(3);
    expect(await rig.cell(activity, 'student-1')).toMatchObject({
      status: 'parked',
      lastError: { key, status, excerpt: body },
    });
    expect((await rig.store.cells({ status: 'delivered' })).length).toBe(2);
    clock.advance(DAY);
    expect(await rig.worker.runOnce()).toBe(0);
    await rig.decide(activity, 'student-1', { scoreGiven: 1 });
    platform.book.refusedUsers.clear();
    expect(await rig.worker.runOnce()).toBe(1);
  });

  test('a platform that is switched off gets nothing until it is on again', async () => {
    const platform = await startPlatform();
    const rig = await wire({ p: platform });
    const activity = await rig.launch('p');
    await rig.decide(activity, 'student-1');
    const audit = anAuditEvent({ id: 'a', action: 'platform.status' });
    await rig.store.setPlatformStatus('p', 'disabled', audit);
    await rig.worker.runOnce();
    expect(platform.seen).toEqual([]);
    await rig.store.setPlatformStatus('p', 'active', { ...audit, id: 'b' });
    clock.advance(5 * SECOND);
    await rig.worker.runOnce();
    expect(platform.book.received.length).toBe(1);
  });
});

describe('a timestamp that the LMS does not accept', () => {
  test.each<Manner>(['moodle', 'canvas'])('%s: it is sent at once with a later one', async (manner) => {
    const platform = await startPlatform(manner);
    const rig = await wire({ p: platform });
    const activity = await rig.launch('p');
    const cell = await rig.decide(activity, 'student-1', { scoreGiven: 4 });
    // Someone else wrote to the cell a moment ago, by a clock that is ahead.
    await rig.sendScore({
      ...cell,
      timestamp: NOW + 3 * SECOND,
      desired: { ...cell.desired, comment: 'other' },
    });
    expect(await rig.worker.runOnce()).toBe(2);
    for (let tries = 0; tries < 2; tries += 1) {
      const { status, nextAttemptAt } = await rig.cell(activity, 'student-1');
      if (status === 'delivered') break;
      clock.advance(nextAttemptAt - clock.now());
      await rig.worker.runOnce();
    }
    expect(platform.book.shown('student-1')).toMatchObject({ comment: cell.desired.comment });
    const { timestamp, status } = await rig.cell(activity, 'student-1');
    expect(status).toBe('delivered');
    const next = await rig.decide(activity, 'student-1', { scoreGiven: 5 });
    expect(next.timestamp).toBeGreaterThanOrEqual(timestamp + SECOND);
  });
});

describe('one after the other', () => {
  test('the first score of a column goes alone, then more and more at a time', async () => {
    const platform = await startPlatform();
    const rig = await wire({ p: platform });
    const activity = await rig.launch('p');
    for (const student of students(20)) await rig.decide(activity, student);
    const order: string[] = [];
    let atOnce = 0;
    let most = 0;
    const worker = rig.workerOf('worker-1', {
      sendScore: async (cell) => {
        order.push('begin');
        atOnce += 1;
        most = Math.max(most, atOnce);
        const result = await rig.sendScore(cell);
        atOnce -= 1;
        order.push('end');
        return result;
      },
    });
    expect(await worker.runOnce()).toBe(20);
    expect(order.slice(0, 2)).toEqual(['begin', 'end']);
    expect(most).toBeGreaterThan(4);
    expect(most).toBeLessThanOrEqual(16);
    expect(platform.book.columns.length).toBe(1);
  });

  test('two workers on one store share the work and send nothing twice', async () => {
    const platform = await startPlatform();
    const rig = await wire({ p: platform });
    const activity = await rig.launch('p');
    for (const student of students(20)) await rig.decide(activity, student);
    const [one, two] = [rig.workerOf('worker-1'), rig.workerOf('worker-2')];
    const tried = await Promise.all([one.runOnce(), two.runOnce()]);
    expect(tried[0] + tried[1]).toBe(20);
    expect(platform.book.received.map((score) => score.userId).sort()).toEqual(students(20).sort());
    expect(platform.book.columns.length).toBe(1);
  });
});

describe('starting and stopping', () => {
  test('what becomes due is found by a look each second, or at once when woken', async () => {
    const platform = await startPlatform();
    const rig = await wire({ p: platform });
    const activity = await rig.launch('p');
    const { timers, fire, count } = handTimers();
    const worker = rig.workerOf('worker-1', { timers });
    worker.start();
    await until(() => count() === 1);
    await rig.decide(activity, 'student-1');
    fire();
    await until(() => platform.book.received.length === 1);
    await rig.decide(activity, 'student-2');
    worker.wake();
    await until(() => platform.book.received.length === 2);
    await worker.stop();
    expect(count()).toBe(0);
  });

  test('a stop lets what is on its way arrive and begins nothing more', async () => {
    const platform = await startPlatform();
    const rig = await wire({ p: platform });
    const activity = await rig.launch('p');
    for (const student of students(3)) await rig.decide(activity, student);
    const worker = rig.workerOf('worker-1', {
      sendScore: async (cell) => {
        stopped ??= worker.stop();
        return rig.sendScore(cell);
      },
    });
    let stopped: Promise<void> | undefined;
    worker.start();
    await until(() => stopped !== undefined);
    await stopped;
    expect(platform.book.received.length).toBe(1);
    const cells = await rig.store.cells({});
    expect(cells.map((cell) => [cell.status, cell.leaseOwner]).sort()).toEqual([
      ['delivered', null],
      ['pending', null],
      ['pending', null],
    ]);
  });

  test('a stop does not wait for an LMS that hangs, and the next worker sends the same score', async () => {
    const platform = await startPlatform();
    const rig = await wire({ p: platform }, 60_000);
    const activity = await rig.launch('p');
    await rig.decide(activity, 'student-1');
    platform.fail('score', 'hang');
    const { timers, fire } = handTimers();
    const worker = rig.workerOf('worker-1', { timers });
    worker.start();
    await until(() => platform.count('score') === 1);
    const stopped = worker.stop();
    fire();
    await stopped;
    clock.advance(SECOND);
    expect(await rig.workerOf('worker-2').runOnce()).toBe(1);
    expect(platform.book.shown('student-1')).toMatchObject({ timestamp: '2026-03-02T15:00:00.000Z' });
  });

  test('a worker that dies in the middle is followed by another after a minute, and its late word counts for nothing', async () => {
    const platform = await startPlatform();
    const rig = await wire({ p: platform });
    const activity = await rig.launch('p');
    await rig.decide(activity, 'student-1');
    const late = Promise.withResolvers<Awaited<ReturnType<SendScore>>>();
    const dying = rig.workerOf('worker-1', { sendScore: () => late.promise });
    const died = dying.runOnce();
    await until(async () => (await rig.cell(activity, 'student-1')).leaseOwner === 'worker-1');

    const next = rig.workerOf('worker-2');
    clock.advance(MINUTE - 1);
    expect(await next.runOnce()).toBe(0);
    clock.advance(1);
    expect(await next.runOnce()).toBe(1);
    late.resolve({ kind: 'park', error: { key: 'score-refused', status: 400, excerpt: '' } });
    await died;
    expect(await rig.cell(activity, 'student-1')).toMatchObject({ status: 'delivered', lastError: null });
  });

  test('a store that fails for a moment is asked again', async () => {
    const platform = await startPlatform();
    const rig = await wire({ p: platform });
    const activity = await rig.launch('p');
    await rig.decide(activity, 'student-1');
    let failures = 2;
    const flaky = <A extends unknown[], R>(method: (...args: A) => Promise<R>) => {
      return async (...args: A): Promise<R> => {
        if (failures > 0) {
          failures -= 1;
          throw new Error('busy');
        }
        return method(...args);
      };
    };
    const worker = createWorker({
      store: {
        ...rig.store,
        platformsDue: flaky(rig.store.platformsDue),
        claimDue: flaky(rig.store.claimDue),
      },
      sendScore: rig.sendScore,
      now: clock.now,
      log: memory.log,
      owner: 'worker-1',
    });
    expect([await worker.runOnce(), await worker.runOnce(), await worker.runOnce()]).toEqual([0, 0, 1]);
    expect(memory.lines.map((line) => line.level)).toEqual(['warn', 'warn', 'info']);
  });
});
