import { expect, test } from 'vitest';
import type { PendingReading } from '../../../src/domain/pending-reading.ts';
import type { ClaimedReading } from '../../../src/domain/ports/reading-store.ts';
import type { Store } from '../../../src/domain/ports/store.ts';
import { aChange, aMember, anActivity, aSubmission, MINUTE, NOW, SECOND } from '../../support/build.ts';
import type { Open } from '../store-contract.ts';

const UNTIL = NOW + MINUTE;

function aReading(over: Partial<PendingReading> = {}): PendingReading {
  return {
    id: 'reading-1',
    since: NOW,
    pace: 'quick',
    before: { state: 'draft', decision: null, submittedAt: null },
    anyway: false,
    ...over,
  };
}

const unread = (id: string, over: Partial<PendingReading> = {}) =>
  aSubmission({
    id,
    credential: null,
    placement: null,
    reading: aReading({ id: `reading of ${id}`, ...over }),
  });

async function lineOf(open: Open, waiting: readonly ReturnType<typeof unread>[]): Promise<Store> {
  const store = await open();
  await store.recordLaunch(anActivity(), aMember());
  for (const submission of waiting) await store.saveSubmission(aChange({ submission }), NOW);
  return store;
}

const ids = (claimed: readonly ClaimedReading[]) => claimed.map(({ submission }) => submission.id);
const claim = (store: Store, owner: string, now = NOW, limit = 10) =>
  store.claimReadings('quick', now, now + MINUTE, owner, limit);

export function readingContract(open: Open): void {
  test('what waits comes back as it was written, with the try that is under way', async () => {
    const store = await lineOf(open, [unread('one')]);
    expect(await claim(store, 'worker-1')).toEqual([{ submission: unread('one'), tries: 1 }]);
    expect(await store.submission('one')).toEqual(unread('one'));
  });

  test('the longest waiting come first, up to the limit, each pace in its own line', async () => {
    const store = await lineOf(open, [
      unread('third', { since: NOW - 1 }),
      unread('first', { since: NOW - 3 }),
      unread('photo', { since: NOW - 9, pace: 'slow' }),
      unread('second', { since: NOW - 2 }),
    ]);
    expect(ids(await claim(store, 'worker-1', NOW, 2))).toEqual(['first', 'second']);
    expect(ids(await claim(store, 'worker-1', NOW, 2))).toEqual(['third']);
    expect(ids(await store.claimReadings('slow', NOW, UNTIL, 'worker-1', 2))).toEqual(['photo']);
    expect(await store.claimReadings('quick', NOW, UNTIL, 'worker-1', 0)).toEqual([]);
  });

  test('what does not wait is not taken', async () => {
    const store = await lineOf(open, [unread('later', { since: NOW + 1 })]);
    await store.saveSubmission(aChange({ submission: aSubmission({ id: 'read' }) }), NOW);
    expect(await claim(store, 'worker-1')).toEqual([]);
  });

  test('nobody takes what another is at, whatever the race, until its claim runs out', async () => {
    const store = await lineOf(open, [unread('one'), unread('two'), unread('three')]);
    const other = await open();
    const claims = await Promise.all([claim(store, 'worker-1', NOW, 2), claim(other, 'worker-2', NOW, 2)]);
    expect(claims.flatMap(ids).sort()).toEqual(['one', 'three', 'two']);
    expect(await claim(other, 'worker-3', UNTIL - 1)).toEqual([]);
    const taken = await claim(other, 'worker-3', UNTIL);
    expect(taken.map(({ tries }) => tries)).toEqual([2, 2, 2]);
  });

  test('an owner that says it is still at work keeps what it took, and only that', async () => {
    const store = await lineOf(open, [unread('one'), unread('two')]);
    await claim(store, 'worker-1', NOW, 1);
    await claim(store, 'worker-2', NOW, 1);
    await store.keepReadings('worker-1', UNTIL + MINUTE);
    expect(ids(await claim(store, 'worker-3', UNTIL))).toEqual(['two']);
  });

  test('what an owner gives back may be taken at once, and that try does not count', async () => {
    const store = await lineOf(open, [unread('one'), unread('two')]);
    await claim(store, 'worker-1', NOW, 1);
    await claim(store, 'worker-2', NOW, 1);
    await store.releaseReadings('worker-1');
    const taken = await claim(store, 'worker-3', NOW + SECOND);
    expect(taken.map(({ submission, tries }) => [submission.id, tries])).toEqual([['one', 1]]);
  });

  test('a decision meanwhile leaves whoever is at the reading alone', async () => {
    const store = await lineOf(open, [unread('one')]);
    await claim(store, 'worker-1');
    const accepted = { ...unread('one'), state: 'accepted' as const, version: 2 };
    await store.saveSubmission(aChange({ submission: accepted, fromVersion: 1 }), NOW);
    expect(await claim(store, 'worker-2', NOW + SECOND)).toEqual([]);
    expect(await claim(store, 'worker-2', UNTIL)).toEqual([{ submission: accepted, tries: 2 }]);
  });

  test('handing in again goes to the end of the line, whoever is at the older one', async () => {
    const store = await lineOf(open, [unread('one'), unread('two', { since: NOW + 1 })]);
    await claim(store, 'worker-1', NOW, 1);
    const again = {
      ...unread('one'),
      reading: aReading({ id: 'another', since: NOW + SECOND }),
      version: 2,
    };
    await store.saveSubmission(aChange({ submission: again, fromVersion: 1 }), NOW);
    await store.keepReadings('worker-1', UNTIL);
    const taken = await claim(store, 'worker-2', NOW + SECOND);
    expect(taken.map(({ submission, tries }) => [submission.id, tries])).toEqual([
      ['two', 1],
      ['one', 1],
    ]);
  });

  test('what was read leaves the line', async () => {
    const store = await lineOf(open, [unread('one')]);
    await claim(store, 'worker-1');
    const read = aSubmission({ id: 'one', version: 2 });
    await store.saveSubmission(aChange({ submission: read, fromVersion: 1 }), NOW);
    await store.keepReadings('worker-1', UNTIL);
    await store.releaseReadings('worker-1');
    expect(await claim(store, 'worker-2', UNTIL + MINUTE)).toEqual([]);
    expect(await store.submission('one')).toEqual(read);
  });

  test('how many stand before one is known, those under way included', async () => {
    const store = await lineOf(open, [
      unread('one', { since: NOW - 2 }),
      unread('two', { since: NOW - 1 }),
      unread('photo', { since: NOW - 3, pace: 'slow' }),
    ]);
    await claim(store, 'worker-1', NOW, 1);
    expect(await store.readingsBefore('quick', NOW)).toBe(2);
    expect(await store.readingsBefore('quick', NOW - 2)).toBe(0);
    expect(await store.readingsBefore('slow', NOW)).toBe(1);
  });
}
