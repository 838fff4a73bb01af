import { expect, test } from 'vitest';
import type { GradebookCell } from '../../../src/domain/gradebook.ts';
import type { Store } from '../../../src/domain/ports/store.ts';
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

const UNTIL = NOW + MINUTE;
const error = aDeliveryError();
const users = (cells: readonly GradebookCell[]) => cells.map((cell) => cell.userId);

const marks: readonly [string, (store: Store, owner: string) => Promise<boolean>][] = [
  ['delivered', (store, owner) => store.markDelivered(CELL, owner, 1, NOW + SECOND)],
  [
    'to be tried again',
    (store, owner) =>
      store.markRetry(CELL, owner, { nextAttemptAt: NOW + HOUR, error, timestamp: NOW + HOUR }),
  ],
  ['parked', (store, owner) => store.markParked(CELL, owner, error)],
];

export function leaseContract(open: Open): void {
  test('a claimed cell carries its owner and the end of the lease', async () => {
    const store = await classOf(open, ['student-1']);
    const leased = aCell({ leaseOwner: 'worker-1', leaseUntil: UNTIL });
    expect(await store.claimDue('platform-1', NOW, UNTIL, 'worker-1', 10)).toEqual([leased]);
    expect(await store.cell(CELL)).toEqual(leased);
  });

  test('a cell that was not sent after all is due again as it was, for its owner’s word only', async () => {
    const store = await classOf(open, ['student-1']);
    await store.claimDue('platform-1', NOW, UNTIL, 'worker-1', 10);
    await store.unclaim(CELL, 'worker-2');
    expect(await store.platformsDue(NOW)).toEqual([]);
    await store.unclaim(CELL, 'worker-1');
    expect(await store.cell(CELL)).toEqual(aCell());
    expect(await store.platformsDue(NOW)).toEqual(['platform-1']);
  });

  test('two that claim at once share what is due', async () => {
    const names = Array.from({ length: 24 }, (_, n) => `student-${n}`);
    const one = await classOf(open, names);
    const two = await open();
    const claimed = await Promise.all([
      one.claimDue('platform-1', NOW, UNTIL, 'worker-1', 12),
      two.claimDue('platform-1', NOW, UNTIL, 'worker-2', 12),
    ]);
    expect(claimed.flatMap(users).sort()).toEqual(names.sort());
  });

  test('only cells that are due are claimed', async () => {
    const store = await classOf(open, ['student-1']);
    expect(await store.platformsDue(NOW - 1)).toEqual([]);
    expect(await store.claimDue('platform-1', NOW - 1, UNTIL, 'worker-1', 10)).toEqual([]);
    expect(await store.platformsDue(NOW)).toEqual(['platform-1']);
  });

  test('the longest due come first, up to the limit', async () => {
    const store = await classOf(open, []);
    for (const [userId, at] of [
      ['third', NOW - 1],
      ['first', NOW - 3],
      ['fourth', NOW],
      ['second', NOW - 2],
    ] as const)
      await decide(store, userId, aDesiredScore(), at);
    expect(users(await store.claimDue('platform-1', NOW, UNTIL, 'worker-1', 3))).toEqual([
      'first',
      'second',
      'third',
    ]);
    expect(users(await store.claimDue('platform-1', NOW, UNTIL, 'worker-1', 3))).toEqual(['fourth']);
    expect(await store.claimDue('platform-1', NOW, UNTIL, 'worker-1', 3)).toEqual([]);
  });

  test('each platform has a lane of its own', async () => {
    const store = await classOf(open, ['student-1']);
    const other = anActivity({ id: 'activity-2', platformId: 'platform-2' });
    await store.recordLaunch(other, aMember({ platformId: 'platform-2' }));
    await decide(store, 'student-1', aDesiredScore(), NOW, other);
    expect((await store.platformsDue(NOW)).toSorted()).toEqual(['platform-1', 'platform-2']);
    const claimed = await store.claimDue('platform-2', NOW, UNTIL, 'worker-1', 10);
    expect(claimed.map((cell) => cell.activityId)).toEqual(['activity-2']);
    expect(await store.platformsDue(NOW)).toEqual(['platform-1']);
    expect(await store.claimDue('platform-3', NOW, UNTIL, 'worker-1', 10)).toEqual([]);
  });

  test('no cell is claimed twice, whatever the race', async () => {
    const students = Array.from({ length: 30 }, (_, n) => `student-${n}`);
    const stores = [await classOf(open, students), await open()];
    const claims = await Promise.all(
      Array.from({ length: 12 }, (_, n) =>
        stores[n % 2]?.claimDue('platform-1', NOW, UNTIL, `worker-${n}`, 4),
      ),
    );
    const claimed = claims.flatMap((cells) => users(cells ?? []));
    expect(new Set(claimed).size).toBe(claimed.length);
    const rest = (await stores[0]?.claimDue('platform-1', NOW, UNTIL, 'worker-last', 100)) ?? [];
    expect([...claimed, ...users(rest)].toSorted()).toEqual(students.toSorted());
  });

  test('a lease that ran out is taken by another, and not a moment earlier', async () => {
    const store = await classOf(open, ['student-1']);
    await store.claimDue('platform-1', NOW, UNTIL, 'worker-1', 10);
    expect(await store.platformsDue(UNTIL - 1)).toEqual([]);
    expect(await store.claimDue('platform-1', UNTIL - 1, UNTIL + HOUR, 'worker-2', 10)).toEqual([]);
    expect(await store.platformsDue(UNTIL)).toEqual(['platform-1']);
    expect(await store.claimDue('platform-1', UNTIL, UNTIL + HOUR, 'worker-2', 10)).toEqual([
      aCell({ leaseOwner: 'worker-2', leaseUntil: UNTIL + HOUR }),
    ]);
  });

  test.each(marks)('a cell is not marked %s by one who never held it', async (_, mark) => {
    const store = await classOf(open, ['student-1']);
    expect(await mark(store, 'worker-1')).toBe(false);
    await store.claimDue('platform-1', NOW, UNTIL, 'worker-1', 10);
    expect(await mark(store, 'worker-2')).toBe(false);
    expect(await store.cell(CELL)).toEqual(aCell({ leaseOwner: 'worker-1', leaseUntil: UNTIL }));
  });

  test.each(marks)('a cell is not marked %s by a worker that stalled past its lease', async (_, mark) => {
    const store = await classOf(open, ['student-1']);
    await store.claimDue('platform-1', NOW, UNTIL, 'stalled', 10);
    await store.claimDue('platform-1', UNTIL, UNTIL + HOUR, 'worker-2', 10);
    expect(await mark(store, 'stalled')).toBe(false);
    expect(await store.cell(CELL)).toEqual(aCell({ leaseOwner: 'worker-2', leaseUntil: UNTIL + HOUR }));
    await store.markDelivered(CELL, 'worker-2', 1, UNTIL);
    const delivered = await store.cell(CELL);
    expect(await mark(store, 'stalled')).toBe(false);
    expect(await store.cell(CELL)).toEqual(delivered);
  });

  test.each(marks)('a cell is marked %s once: the mark gives the lease back', async (_, mark) => {
    const store = await classOf(open, ['student-1']);
    await store.claimDue('platform-1', NOW, UNTIL, 'worker-1', 10);
    expect(await mark(store, 'worker-1')).toBe(true);
    const marked = await store.cell(CELL);
    expect(marked).toMatchObject({ leaseOwner: null, leaseUntil: null });
    expect(await mark(store, 'worker-1')).toBe(false);
    expect(await store.cell(CELL)).toEqual(marked);
  });

  test.each(marks)('marking one cell %s leaves the others of the class alone', async (_, mark) => {
    const store = await classOf(open, ['student-1', 'student-2']);
    await store.claimDue('platform-1', NOW, UNTIL, 'worker-1', 10);
    await mark(store, 'worker-1');
    expect(await store.cell({ ...CELL, userId: 'student-2' })).toEqual(
      aCell({ userId: 'student-2', leaseOwner: 'worker-1', leaseUntil: UNTIL }),
    );
  });

  test('a worker that stops gives back all it holds, and nothing of another', async () => {
    const store = await classOf(open, ['student-1', 'student-2', 'student-3']);
    await store.claimDue('platform-1', NOW, UNTIL, 'stopping', 2);
    const [other] = await store.claimDue('platform-1', NOW, UNTIL, 'worker-2', 1);
    await store.lockLineItem('activity-1', 'stopping', NOW, UNTIL);
    await store.releaseLeases('stopping');
    expect(await store.claimDue('platform-1', NOW, UNTIL, 'worker-3', 10)).toHaveLength(2);
    expect((await store.cell(other ?? CELL))?.leaseOwner).toBe('worker-2');
    expect(await store.lockLineItem('activity-1', 'worker-3', NOW, UNTIL)).toBe(true);
  });
}
