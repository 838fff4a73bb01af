import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Store } from '../src/domain/ports/store.ts';
import { openSqliteStore } from '../src/storage/sqlite/open.ts';
import { createVitalSigns } from '../src/vital-signs.ts';
import { classOf } from './storage/contract/graded-class.ts';
import { aDeliveryError, MINUTE, NOW } from './support/build.ts';

let store: Store;
beforeEach(async () => {
  store = await classOf(async () => openSqliteStore({ path: ':memory:' }), ['student-1', 'student-2']);
});
afterEach(() => store.close());

const signsAt = (now: number, onHold: readonly string[] = []) =>
  createVitalSigns(
    store,
    () => now,
    () => onHold,
  );

test('a grade that is due for more than fifteen minutes makes it degraded, and its delivery well again', async () => {
  expect(await signsAt(NOW + 15 * MINUTE).ready()).toEqual({ ok: true, problems: [] });
  const late = NOW + 15 * MINUTE + 1;
  expect(await signsAt(late).ready()).toEqual({ ok: false, problems: ['passback-late'] });
  for (const cell of await store.claimDue('platform-1', late, late + MINUTE, 'worker-1', 10))
    await store.markDelivered(cell, 'worker-1', 1, late);
  expect(await signsAt(late).ready()).toEqual({ ok: true, problems: [] });
});

test('a grade that waits for its next attempt, or for a person, does not', async () => {
  const [one, two] = await store.claimDue('platform-1', NOW, NOW + MINUTE, 'worker-1', 10);
  if (one === undefined || two === undefined) throw new Error('nothing was due');
  const error = aDeliveryError();
  await store.markRetry(one, 'worker-1', { nextAttemptAt: NOW + 60 * MINUTE, error, timestamp: null });
  await store.markParked(two, 'worker-1', error);
  expect(await signsAt(NOW + 59 * MINUTE).ready()).toEqual({ ok: true, problems: [] });
});

test('a storage that is out of reach is said', async () => {
  const closed = openSqliteStore({ path: ':memory:' });
  await closed.close();
  const signs = createVitalSigns(
    closed,
    () => NOW,
    () => [],
  );
  expect(await signs.ready()).toEqual({ ok: false, problems: ['storage-unreachable'] });
});

test('the figures are told for all and for each platform, with ids only', async () => {
  const [one] = await store.claimDue('platform-1', NOW, NOW + MINUTE, 'worker-1', 1);
  if (one === undefined) throw new Error('nothing was due');
  await store.markParked(one, 'worker-1', aDeliveryError());
  const lines = (await signsAt(NOW + MINUTE, ['platform-1']).metrics()).split('\n');
  expect(lines.filter((line) => line.startsWith('shsm_'))).toEqual([
    'shsm_gradebook_cells{status="pending"} 1',
    'shsm_gradebook_cells{status="parked"} 1',
    'shsm_gradebook_cells{status="delivered"} 0',
    'shsm_gradebook_oldest_due_seconds 60',
    'shsm_platform_pending{platform="platform-1"} 1',
    'shsm_platform_parked{platform="platform-1"} 1',
    'shsm_platform_attempts{platform="platform-1"} 0',
    'shsm_platform_oldest_due_seconds{platform="platform-1"} 60',
    'shsm_platform_on_hold{platform="platform-1"} 1',
  ]);
});
