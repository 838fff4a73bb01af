import { afterEach, describe, expect, test } from 'vitest';
import { unlimitedPace } from '../../src/domain/pace.ts';
import { createWorker } from '../../src/passback/worker.ts';
import { HOUR, SECOND } from '../support/build.ts';
import { createLimitedLms, type Limit, type Manners } from '../support/limited-lms.ts';
import { createMemoryLog } from '../support/memory-log.ts';
import { createPassbackRig } from '../support/passback-rig.ts';
import { createVirtualTime } from '../support/virtual-time.ts';

const LATENCY_MS = 20;
const cleanUp: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of cleanUp.splice(0).reverse()) await end();
});

/** So many decisions wait for an LMS with this limit. */
async function wire(limit: Limit, manners: Manners, scores: number) {
  const time = createVirtualTime();
  const rig = createPassbackRig({}, { now: time.now });
  cleanUp.push(() => rig.store.close());
  const activity = await rig.launch('p');
  for (let at = 0; at < scores; at += 1) await rig.decide(activity, `student-${at}`);
  const lms = createLimitedLms(limit, manners, time.now);

  const startWorker = (owner: string) => {
    let seed = 7;
    const worker = createWorker({
      store: rig.store,
      sendScore: async () => {
        await time.sleep(LATENCY_MS);
        return lms.answer();
      },
      now: time.now,
      timers: time.timers,
      log: createMemoryLog().log,
      owner,
      random: () => {
        seed = (seed * 16_807) % 2_147_483_647;
        return seed / 2_147_483_647;
      },
    });
    worker.start();
    cleanUp.push(async () => {
      const stopped = worker.stop();
      await time.pass(() => false, 5 * SECOND);
      await stopped;
    });
  };
  /** Brings all of them, and returns how many a second it were after the first `learning` milliseconds. */
  const drain = async (learning = 0): Promise<number> => {
    if (learning > 0) await time.pass(() => false, learning);
    const before = lms.counts.taken;
    const ms = await time.pass(() => lms.counts.taken >= scores, HOUR);
    expect(lms.counts.taken).toBe(scores);
    return ((scores - before) * 1000) / ms;
  };
  return { ...rig, time, lms, startWorker, drain };
}

const EACH_SECOND: Limit = { kind: 'window', requests: 50, ms: SECOND };
const BUCKET: Limit = { kind: 'bucket', perSecond: 50, holds: 50 };
const SMALL_BUCKET: Limit = { kind: 'bucket', perSecond: 50, holds: 5 };
const BIG_BUCKET: Limit = { kind: 'bucket', perSecond: 50, holds: 700 };
/** As Brightspace counts, with a shorter window. */
const LONG_WINDOW: Limit = { kind: 'window', requests: 1_000, ms: 20 * SECOND };
const NO_LIMIT: Limit = { kind: 'bucket', perSecond: 10_000, holds: 10_000 };

/** In that time the worker finds out what the LMS takes. */
const LEARNING_MS = 10 * SECOND;

describe('an LMS with a limit of its own gets at least 95 % of what it takes, and few requests in vain:', () => {
  test.each<[string, Limit, Manners, number]>([
    ['so many each second, with a wait in whole seconds', EACH_SECOND, { saysWait: true }, LEARNING_MS],
    ['so many each second, and no word of a wait', EACH_SECOND, { saysWait: false }, LEARNING_MS],
    ['a bucket, with a wait', BUCKET, { saysWait: true }, LEARNING_MS],
    ['a small bucket, with a wait', SMALL_BUCKET, { saysWait: true }, LEARNING_MS],
    ['a big bucket, and no word of a wait', BIG_BUCKET, { saysWait: false }, 0],
    ['so many each 20 seconds, with a wait', LONG_WINDOW, { saysWait: true }, 0],
  ])('%s', async (_, limit, manners, learning) => {
    const { lms, startWorker, drain } = await wire(limit, manners, 2_000);
    startWorker('one');
    expect(await drain(learning)).toBeGreaterThanOrEqual(0.95 * 50);
    expect(lms.counts.refused).toBeLessThan(0.03 * lms.counts.taken);
  });

  test('that says what is left is never asked one time too often', async () => {
    const { lms, startWorker, drain } = await wire(LONG_WINDOW, { saysWait: true, saysLeft: true }, 2_000);
    startWorker('one');
    expect(await drain()).toBeGreaterThanOrEqual(0.95 * 50);
    expect(lms.counts.refused).toBe(0);
  });

  test('two processes share it', async () => {
    const { lms, startWorker, drain } = await wire(BUCKET, { saysWait: true }, 2_000);
    startWorker('one');
    startWorker('two');
    expect(await drain(LEARNING_MS)).toBeGreaterThanOrEqual(0.95 * 50);
    expect(lms.counts.refused).toBeLessThan(0.05 * lms.counts.taken);
  });
});

describe('a pace that the operator allows', () => {
  test.each([['one process', ['one']] as const, ['two processes', ['one', 'two']] as const])(
    'is kept by %s together, and used',
    async (_, owners) => {
      const { store, lms, startWorker, drain } = await wire(NO_LIMIT, { saysWait: true }, 400);
      await store.savePace({ ...unlimitedPace('p'), version: 1, allowed: 20 }, 0);
      for (const owner of owners) startWorker(owner);
      expect(await drain()).toBeGreaterThanOrEqual(0.95 * 20);
      expect(lms.counts.mostInASecond).toBeLessThanOrEqual(25);
    },
  );

  test('that changes is heeded within a second', async () => {
    const { store, time, lms, startWorker } = await wire(NO_LIMIT, { saysWait: true }, 400);
    await store.savePace({ ...unlimitedPace('p'), version: 1, allowed: 2 }, 0);
    startWorker('one');
    await time.pass(() => false, 10 * SECOND);
    expect(lms.counts.taken).toBeLessThanOrEqual(21);
    const known = (await store.pace('p')) ?? unlimitedPace('p');
    await store.savePace({ ...known, version: known.version + 1, allowed: null }, known.version);
    await time.pass(() => lms.counts.taken === 400, 5 * SECOND);
    expect(lms.counts.taken).toBe(400);
  });
});

test('an LMS without a limit is not slowed down', async () => {
  const { store, startWorker, drain } = await wire(NO_LIMIT, { saysWait: true }, 1_000);
  startWorker('one');
  // Sixteen at a time, 20 ms each.
  expect(await drain()).toBeGreaterThan(600);
  expect(await store.pace('p')).toBeNull();
});
