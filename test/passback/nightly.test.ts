import { afterEach, describe, expect, test } from 'vitest';
import { createNightly, nextNight } from '../../src/passback/nightly.ts';
import type { Timers } from '../../src/passback/timers.ts';
import { openSqliteStore } from '../../src/storage/sqlite/open.ts';
import { DAY, HOUR, MINUTE, NOW } from '../support/build.ts';
import { createMemoryLog } from '../support/memory-log.ts';

const cleanUp: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of cleanUp.splice(0)) await end();
});

/** Processes on one store whose minutes pass when the test says so. */
function processes(count: number, run: (process: number) => Promise<void>) {
  let now = NOW;
  const store = openSqliteStore({ path: ':memory:' });
  cleanUp.push(store.close);
  const memory = createMemoryLog();
  const waiting = new Map<number, () => void>();
  let nextTimer = 1;
  const timers: Timers = {
    set: (fire) => {
      waiting.set(nextTimer, fire);
      nextTimer += 1;
      return nextTimer - 1;
    },
    clear: (timer) => {
      waiting.delete(Number(timer));
    },
  };
  const all = Array.from({ length: count }, (_, process) =>
    createNightly({
      store,
      job: 'reconcile',
      run: () => run(process),
      now: () => now,
      newId: () => crypto.randomUUID(),
      log: memory.log,
      timers,
    }),
  );
  for (const nightly of all) nightly.start();
  const pass = async (ms: number): Promise<void> => {
    now += ms;
    const fires = [...waiting.values()];
    waiting.clear();
    for (const fire of fires) fire();
    while (waiting.size < fires.length) await new Promise((resolve) => setImmediate(resolve));
  };
  return { all, pass, memory, waiting };
}

test('of many processes one does the job, once a night', async () => {
  const runs: number[] = [];
  const { pass } = processes(3, async (process) => {
    runs.push(process);
  });
  // A minute after the first start, and from then on every quarter of an hour for three days.
  await pass(MINUTE);
  expect(runs).toHaveLength(1);
  for (let quarters = 0; quarters < 3 * 96; quarters += 1) await pass(15 * MINUTE);
  expect(runs).toHaveLength(4);
});

test('a job that fails is tried again in an hour, and says so', async () => {
  let runs = 0;
  const { pass, memory } = processes(2, async () => {
    runs += 1;
    throw new Error('storage is away');
  });
  for (let minutes = 0; minutes < 60; minutes += 1) await pass(MINUTE);
  expect({ runs, warnings: memory.lines.map((line) => line.level) }).toEqual({ runs: 1, warnings: ['warn'] });
  await pass(MINUTE);
  expect(runs).toBe(2);
});

test('a stop ends the looks', async () => {
  const { all, waiting } = processes(1, async () => {});
  all[0]?.stop();
  expect(waiting.size).toBe(0);
});

describe('three at night in Ontario', () => {
  test.each([
    ['in winter', '2026-01-15T12:00:00Z', '2026-01-16T08:00:00.000Z'],
    ['in summer', '2026-07-15T12:00:00Z', '2026-07-16T07:00:00.000Z'],
    ['at that very moment: the night after', '2026-01-16T08:00:00Z', '2026-01-17T08:00:00.000Z'],
    ['when the clocks go forward', '2026-03-08T05:00:00Z', '2026-03-08T07:00:00.000Z'],
    ['when the clocks go back', '2026-11-01T04:00:00Z', '2026-11-01T08:00:00.000Z'],
  ])('%s', (_name, now, night) => {
    expect(new Date(nextNight(Date.parse(now))).toISOString()).toBe(night);
  });

  test('is never more than 25 hours away', () => {
    for (let at = NOW; at < NOW + 370 * DAY; at += HOUR) {
      const wait = nextNight(at) - at;
      expect(wait > 0 && wait <= 25 * HOUR).toBe(true);
    }
  });
});
