import { expect, test } from 'vitest';
import type { GradebookCell } from '../../../src/domain/gradebook.ts';
import {
  aCell,
  aDeliveryError,
  aDesiredScore,
  aMember,
  anActivity,
  HOUR,
  MINUTE,
  NOW,
  SECOND,
} from '../../support/build.ts';
import type { Open } from '../store-contract.ts';
import { CELL, classOf, decide } from './graded-class.ts';

const UNTIL = NOW + 2 * MINUTE;
const error = aDeliveryError();
const newer = aDesiredScore({ scoreGiven: 7, comment: 'Looked at again.' });

export function cellContract(open: Open): void {
  const withCell = () => classOf(open, ['student-1']);
  const inFlight = async () => {
    const store = await withCell();
    await store.claimDue('platform-1', NOW, UNTIL, 'worker-1', 10);
    return store;
  };

  test('a cell that nobody decided on does not exist', async () => {
    const store = await withCell();
    expect(await store.cell({ ...CELL, userId: 'student-2' })).toBeNull();
    expect(await store.cell({ ...CELL, activityId: 'activity-2' })).toBeNull();
  });

  test('a score that is cleared is kept as cleared', async () => {
    const store = await withCell();
    const cleared = aDesiredScore({ scoreGiven: null, submittedAt: null, scoringUserId: null });
    await decide(store, 'student-1', cleared, NOW);
    expect((await store.cell(CELL))?.desired).toEqual(cleared);
  });

  test.each([
    ['goes on', NOW + HOUR, NOW + HOUR],
    ['stands still', NOW, NOW + SECOND],
    ['goes on by less than a second', NOW + 999, NOW + SECOND],
    ['steps back', NOW - HOUR, NOW + SECOND],
  ])('a newer state is due at once and its timestamp rises when the clock %s', async (_, at, timestamp) => {
    const store = await withCell();
    await decide(store, 'student-1', newer, at);
    expect(await store.cell(CELL)).toEqual(
      aCell({ desired: newer, desiredVersion: 2, timestamp, nextAttemptAt: at }),
    );
  });

  test('versions rise by one and timestamps by a second, however many states follow each other', async () => {
    const store = await withCell();
    const states = [];
    for (const at of [NOW, NOW - HOUR, NOW + 1, NOW + 2]) {
      await decide(store, 'student-1', newer, at);
      const cell = await store.cell(CELL);
      states.push({ version: cell?.desiredVersion, timestamp: cell?.timestamp });
    }
    expect(states).toEqual([1, 2, 3, 4].map((n) => ({ version: 1 + n, timestamp: NOW + n * SECOND })));
  });

  test('a delivered cell says so and is left alone', async () => {
    const store = await inFlight();
    expect(await store.markDelivered(CELL, 'worker-1', 1, NOW + SECOND)).toBe(true);
    expect(await store.cell(CELL)).toEqual(
      aCell({ status: 'delivered', deliveredVersion: 1, deliveredAt: NOW + SECOND, attempts: 1 }),
    );
    expect(await store.platformsDue(NOW + HOUR)).toEqual([]);
    expect(await store.claimDue('platform-1', NOW + HOUR, NOW + 2 * HOUR, 'worker-1', 10)).toEqual([]);
  });

  test('a delivery that failed waits, with the reason and one attempt more', async () => {
    const store = await inFlight();
    const retry = { nextAttemptAt: NOW + MINUTE, error, timestamp: null };
    expect(await store.markRetry(CELL, 'worker-1', retry)).toBe(true);
    expect(await store.cell(CELL)).toEqual(
      aCell({ attempts: 1, nextAttemptAt: NOW + MINUTE, lastError: error }),
    );
    await store.claimDue('platform-1', NOW + MINUTE, NOW + HOUR, 'worker-2', 10);
    const again = aDeliveryError({ status: null, excerpt: 'timed out' });
    await store.markRetry(CELL, 'worker-2', { nextAttemptAt: NOW + HOUR, error: again, timestamp: null });
    expect(await store.cell(CELL)).toEqual(
      aCell({ attempts: 2, nextAttemptAt: NOW + HOUR, lastError: again }),
    );
  });

  test('a delivery after failures forgets the failure', async () => {
    const store = await inFlight();
    await store.markRetry(CELL, 'worker-1', { nextAttemptAt: NOW, error, timestamp: null });
    await store.claimDue('platform-1', NOW, UNTIL, 'worker-1', 10);
    await store.markDelivered(CELL, 'worker-1', 1, NOW + SECOND);
    expect(await store.cell(CELL)).toEqual(
      aCell({ status: 'delivered', deliveredVersion: 1, deliveredAt: NOW + SECOND, attempts: 2 }),
    );
  });

  test.each([
    ['later', NOW + HOUR, NOW + HOUR],
    ['earlier', NOW - HOUR, NOW],
  ])('a timestamp that the LMS asked for never moves the cell back: %s', async (_, timestamp, expected) => {
    const store = await inFlight();
    await store.markRetry(CELL, 'worker-1', { nextAttemptAt: NOW + SECOND, error, timestamp });
    expect((await store.cell(CELL))?.timestamp).toBe(expected);
    await decide(store, 'student-1', newer, NOW);
    expect((await store.cell(CELL))?.timestamp).toBe(expected + SECOND);
  });

  test('a parked cell waits for a person', async () => {
    const store = await inFlight();
    expect(await store.markParked(CELL, 'worker-1', error)).toBe(true);
    expect(await store.cell(CELL)).toEqual(aCell({ status: 'parked', attempts: 1, lastError: error }));
    expect(await store.claimDue('platform-1', NOW + HOUR, NOW + 2 * HOUR, 'worker-1', 10)).toEqual([]);
  });

  test.each<GradebookCell['status']>(['pending', 'parked', 'delivered'])(
    'a newer state makes a %s cell pending and new again',
    async (status) => {
      const store = await inFlight();
      if (status === 'pending')
        await store.markRetry(CELL, 'worker-1', { nextAttemptAt: NOW + HOUR, error, timestamp: null });
      if (status === 'parked') await store.markParked(CELL, 'worker-1', error);
      if (status === 'delivered') await store.markDelivered(CELL, 'worker-1', 1, NOW);
      await decide(store, 'student-1', newer, NOW + MINUTE);
      expect(await store.cell(CELL)).toEqual(
        aCell({
          desired: newer,
          desiredVersion: 2,
          timestamp: NOW + MINUTE,
          nextAttemptAt: NOW + MINUTE,
          ...(status === 'delivered' ? { deliveredVersion: 1, deliveredAt: NOW } : {}),
        }),
      );
    },
  );

  const overtaken = aCell({
    desired: newer,
    desiredVersion: 2,
    timestamp: NOW + SECOND,
    nextAttemptAt: NOW + SECOND,
  });

  test('a newer state leaves the lease of a delivery in flight with its owner', async () => {
    const store = await inFlight();
    await decide(store, 'student-1', newer, NOW + SECOND);
    expect(await store.cell(CELL)).toEqual({ ...overtaken, leaseOwner: 'worker-1', leaseUntil: UNTIL });
    expect(await store.claimDue('platform-1', NOW + MINUTE, NOW + HOUR, 'worker-2', 10)).toEqual([]);
  });

  test('a delivery that was overtaken is noted, and the newer state stays due', async () => {
    const store = await inFlight();
    await decide(store, 'student-1', newer, NOW + SECOND);
    expect(await store.markDelivered(CELL, 'worker-1', 1, NOW + MINUTE)).toBe(true);
    expect(await store.cell(CELL)).toEqual({
      ...overtaken,
      deliveredVersion: 1,
      deliveredAt: NOW + MINUTE,
    });
    expect(await store.claimDue('platform-1', NOW + SECOND, UNTIL, 'worker-2', 10)).toHaveLength(1);
  });

  test('a failure that was overtaken says nothing about the newer state', async () => {
    const store = await inFlight();
    await decide(store, 'student-1', newer, NOW + SECOND);
    const retry = { nextAttemptAt: NOW + HOUR, error, timestamp: null };
    expect(await store.markRetry(CELL, 'worker-1', retry)).toBe(true);
    expect(await store.cell(CELL)).toEqual(overtaken);
  });

  test('a refusal that was overtaken does not park the newer state', async () => {
    const store = await inFlight();
    await decide(store, 'student-1', newer, NOW + SECOND);
    expect(await store.markParked(CELL, 'worker-1', error)).toBe(true);
    expect(await store.cell(CELL)).toEqual(overtaken);
  });

  test('a later timestamp that the LMS asked an overtaken delivery for holds for the newer state too', async () => {
    const store = await inFlight();
    await decide(store, 'student-1', newer, NOW + SECOND);
    const retry = { nextAttemptAt: NOW, error, timestamp: NOW + HOUR };
    await store.markRetry(CELL, 'worker-1', retry);
    expect(await store.cell(CELL)).toEqual({ ...overtaken, timestamp: NOW + HOUR });
  });

  test.each(['parked', 'waiting'] as const)('a %s cell can be made due now', async (state) => {
    const store = await inFlight();
    if (state === 'parked') await store.markParked(CELL, 'worker-1', error);
    else await store.markRetry(CELL, 'worker-1', { nextAttemptAt: NOW + HOUR, error, timestamp: null });
    expect(await store.retryNow(CELL, NOW + MINUTE)).toBe(true);
    const due = await store.claimDue('platform-1', NOW + MINUTE, NOW + HOUR, 'worker-2', 10);
    expect(due.map((cell) => [cell.status, cell.attempts, cell.lastError])).toEqual([['pending', 0, error]]);
  });

  test('a delivered cell or one that is not there cannot be made due', async () => {
    const store = await inFlight();
    await store.markDelivered(CELL, 'worker-1', 1, NOW);
    const before = await store.cell(CELL);
    expect(await store.retryNow(CELL, NOW)).toBe(false);
    expect(await store.retryNow({ ...CELL, userId: 'student-2' }, NOW)).toBe(false);
    expect(await store.cell(CELL)).toEqual(before);
  });

  test('cells are found by activity and by status', async () => {
    const store = await classOf(open, ['student-1', 'student-2', 'student-3']);
    const [first] = await store.claimDue('platform-1', NOW, UNTIL, 'worker-1', 1);
    if (first !== undefined) await store.markParked(first, 'worker-1', error);
    const users = (cells: readonly GradebookCell[]) => cells.map((cell) => cell.userId).sort();
    expect(users(await store.cells({}))).toEqual(['student-1', 'student-2', 'student-3']);
    expect(users(await store.cells({ status: 'parked' }))).toEqual([first?.userId]);
    expect(users(await store.cells({ status: 'pending', activityIds: ['activity-1'] }))).toHaveLength(2);
    expect(await store.cells({ status: 'delivered' })).toEqual([]);
    expect(await store.cells({ activityIds: ['activity-2'] })).toEqual([]);
    expect(await store.cells({ activityIds: [] })).toEqual([]);
    const people = {
      activityIds: ['activity-1', 'activity-2'],
      userIds: ['student-3', 'student-2', 'nobody'],
    };
    expect(users(await store.cells(people))).toEqual(['student-2', 'student-3']);
    expect(await store.cells({ ...people, userIds: [] })).toEqual([]);
    expect(await store.cells({ status: 'parked' })).toEqual([await store.cell(first ?? CELL)]);
  });

  test('the oldest due time is that of the pending cell that is overdue the longest', async () => {
    const store = await classOf(open, ['student-1']);
    await decide(store, 'student-2', newer, NOW + MINUTE);
    expect(await store.oldestDue(NOW - 1)).toBeNull();
    expect(await store.oldestDue(NOW + HOUR)).toBe(NOW);
    await store.claimDue('platform-1', NOW, UNTIL, 'worker-1', 1);
    expect(await store.oldestDue(NOW + HOUR)).toBe(NOW);
    await store.markParked(CELL, 'worker-1', error);
    expect(await store.oldestDue(NOW + HOUR)).toBe(NOW + MINUTE);
    expect(await store.oldestDue(NOW + SECOND)).toBeNull();
  });

  test('a delivered state that is sent again is a newer one, due at once, with a later time', async () => {
    const store = await inFlight();
    await store.markDelivered(CELL, 'worker-1', 1, NOW + SECOND);
    expect(await store.sendAgain(CELL, 1, NOW - HOUR)).toBe(true);
    expect(await store.cell(CELL)).toEqual(
      aCell({
        desiredVersion: 2,
        timestamp: NOW + SECOND,
        nextAttemptAt: NOW - HOUR,
        deliveredVersion: 1,
        deliveredAt: NOW + SECOND,
      }),
    );
    expect(await store.platformsDue(NOW)).toEqual(['platform-1']);
  });

  test('what waits, or is not that version, is not sent again', async () => {
    const store = await inFlight();
    expect(await store.sendAgain(CELL, 1, NOW)).toBe(false);
    await store.markDelivered(CELL, 'worker-1', 1, NOW + SECOND);
    expect(await store.sendAgain(CELL, 2, NOW)).toBe(false);
    expect(await store.sendAgain({ ...CELL, userId: 'student-2' }, 1, NOW)).toBe(false);
    expect((await store.cell(CELL))?.status).toBe('delivered');
  });

  test('the figures of each platform say what waits, since when, and after how many attempts', async () => {
    const store = await classOf(open, ['student-1', 'student-2', 'student-3']);
    const elsewhere = anActivity({ id: 'activity-2', platformId: 'platform-2' });
    await store.recordLaunch(elsewhere, aMember({ platformId: 'platform-2' }));
    await decide(store, 'student-1', newer, NOW + HOUR, elsewhere);
    await store.claimDue('platform-1', NOW, UNTIL, 'worker-1', 10);
    await store.markDelivered(CELL, 'worker-1', 1, NOW);
    await store.markParked({ ...CELL, userId: 'student-2' }, 'worker-1', error);
    const retry = { nextAttemptAt: NOW + SECOND, error, timestamp: null };
    await store.markRetry({ ...CELL, userId: 'student-3' }, 'worker-1', retry);
    const figures = { pending: 1, parked: 1, delivered: 1, attempts: 1, oldestDue: NOW + SECOND };
    expect(await store.deliveryFigures(NOW + MINUTE)).toEqual([
      { platformId: 'platform-1', ...figures },
      { platformId: 'platform-2', pending: 1, parked: 0, delivered: 0, attempts: 0, oldestDue: null },
    ]);
  });
}
