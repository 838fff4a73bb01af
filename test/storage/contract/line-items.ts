import { expect, test } from 'vitest';
import { HOUR, MINUTE, NOW, SECOND } from '../../support/build.ts';
import type { Open } from '../store-contract.ts';
import { classOf } from './graded-class.ts';

const UNTIL = NOW + MINUTE;
const ADDRESS = 'https://lms.example.test/lineitems/1';
const unsettled = { activityId: 'activity-1', url: null, settledAt: null };
const settled = { activityId: 'activity-1', url: ADDRESS, settledAt: NOW + SECOND };

export function lineItemContract(open: Open): void {
  test('an activity that nobody looked up has no line item', async () => {
    const store = await classOf(open, []);
    expect(await store.lineItem('activity-1')).toBeNull();
  });

  test('the holder of the lock settles the address and gives the lock back', async () => {
    const store = await classOf(open, []);
    expect(await store.lockLineItem('activity-1', 'worker-1', NOW, UNTIL)).toBe(true);
    expect(await store.lineItem('activity-1')).toEqual(unsettled);
    expect(await store.settleLineItem('activity-1', 'worker-1', ADDRESS, NOW + SECOND)).toBe(true);
    expect(await store.lineItem('activity-1')).toEqual(settled);
    expect(await store.lockLineItem('activity-1', 'worker-2', NOW, UNTIL)).toBe(true);
    expect(await store.lineItem('activity-1')).toEqual(settled);
  });

  test('one of many gets the lock', async () => {
    const stores = [await classOf(open, []), await open()];
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, n) =>
        stores[n % 2]?.lockLineItem('activity-1', `worker-${n}`, NOW, UNTIL),
      ),
    );
    expect(answers.filter((answer) => answer === true)).toHaveLength(1);
  });

  test('the holder may lock again for longer', async () => {
    const store = await classOf(open, []);
    await store.lockLineItem('activity-1', 'worker-1', NOW, UNTIL);
    expect(await store.lockLineItem('activity-1', 'worker-1', NOW, UNTIL + HOUR)).toBe(true);
    expect(await store.lockLineItem('activity-1', 'worker-2', UNTIL, UNTIL + HOUR)).toBe(false);
  });

  test('a lock that ran out is taken by another, and the late one settles nothing', async () => {
    const store = await classOf(open, []);
    await store.lockLineItem('activity-1', 'late', NOW, UNTIL);
    expect(await store.lockLineItem('activity-1', 'worker-2', UNTIL - 1, UNTIL + HOUR)).toBe(false);
    expect(await store.lockLineItem('activity-1', 'worker-2', UNTIL, UNTIL + HOUR)).toBe(true);
    expect(await store.settleLineItem('activity-1', 'late', 'https://lms.example.test/twin', NOW)).toBe(
      false,
    );
    await store.unlockLineItem('activity-1', 'late');
    expect(await store.lockLineItem('activity-1', 'worker-3', UNTIL, UNTIL + HOUR)).toBe(false);
    expect(await store.settleLineItem('activity-1', 'worker-2', ADDRESS, NOW + SECOND)).toBe(true);
    expect(await store.lineItem('activity-1')).toEqual(settled);
  });

  test('nothing is settled without the lock', async () => {
    const store = await classOf(open, []);
    expect(await store.settleLineItem('activity-1', 'worker-1', ADDRESS, NOW)).toBe(false);
    expect(await store.lineItem('activity-1')).toBeNull();
  });

  test('a lock that is given back is free', async () => {
    const store = await classOf(open, []);
    await store.lockLineItem('activity-1', 'worker-1', NOW, UNTIL);
    await store.unlockLineItem('activity-1', 'worker-1');
    expect(await store.lockLineItem('activity-1', 'worker-2', NOW, UNTIL)).toBe(true);
    expect(await store.settleLineItem('activity-1', 'worker-1', ADDRESS, NOW)).toBe(false);
  });

  test('an address that is gone is forgotten, and looked up under the same lock', async () => {
    const store = await classOf(open, []);
    await store.lockLineItem('activity-1', 'worker-1', NOW, UNTIL);
    await store.settleLineItem('activity-1', 'worker-1', ADDRESS, NOW);
    await store.lockLineItem('activity-1', 'worker-1', NOW, UNTIL);
    await store.unsettleLineItem('activity-1');
    await store.unsettleLineItem('activity-2');
    expect(await store.lineItem('activity-1')).toEqual(unsettled);
    expect(await store.lockLineItem('activity-1', 'worker-2', NOW, UNTIL)).toBe(false);
  });
}
