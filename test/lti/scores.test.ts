import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Activity } from '../../src/domain/activity.ts';
import type { DeliveryResult } from '../../src/domain/gradebook.ts';
import { createReadResults } from '../../src/lti/results.ts';
import { aDesiredScore, anAuditEvent, NOW, SECOND } from '../support/build.ts';
import { createClock } from '../support/clock.ts';
import type { Manner } from '../support/grade-book.ts';
import { ALL_SCOPES, type GradePlatform, startGradePlatform } from '../support/grade-platform.ts';
import { createPassbackRig } from '../support/passback-rig.ts';

const [, , SCORE = '', RESULT = ''] = ALL_SCOPES;

let clock: ReturnType<typeof createClock>;
let platform: GradePlatform;
let rig: ReturnType<typeof createPassbackRig>;
async function start(manner: Manner = 'silent'): Promise<void> {
  clock = createClock();
  platform = await startGradePlatform({ now: clock.now, manner });
  rig = createPassbackRig({ p: platform }, clock);
  await rig.addPlatforms();
}
beforeEach(() => start());
afterEach(async () => {
  await rig.store.close();
  await platform.close();
});

const send = async (activity: Activity, userId = 'student-1') =>
  rig.sendScore(await rig.cell(activity, userId));
const shortly = (result: DeliveryResult) =>
  'error' in result ? `${result.kind} ${result.error.key}` : result.kind;
const routes = () => platform.seen.map((request) => request.route).filter((route) => route !== 'token');

describe('a score as it is sent', () => {
  test('has everything that holds, below the column’s path, with its query', async () => {
    const activity = await rig.launch('p');
    await rig.decide(activity, 'student-1', { scoreGiven: 7.5, comment: 'Clear and complete.' });
    expect(await send(activity)).toEqual({ kind: 'delivered' });
    expect(platform.seen.at(-1)?.url).toBe(`${platform.origin}/lineitems/1/lineitem/scores?type_id=7`);
    expect(platform.book.shown('student-1')).toEqual({
      userId: 'student-1',
      activityProgress: 'Completed',
      gradingProgress: 'FullyGraded',
      timestamp: '2026-03-02T15:00:00.000Z',
      comment: 'Clear and complete.',
      scoreGiven: 7.5,
      scoreMaximum: 10,
      submission: { submittedAt: '2026-03-02T15:00:00.000Z' },
      scoringUserId: 'teacher-1',
    });
  });

  test('a zero is a score', async () => {
    const activity = await rig.launch('p');
    await rig.decide(activity, 'student-1', { scoreGiven: 0 });
    expect(await send(activity)).toEqual({ kind: 'delivered' });
    expect(platform.book.shown('student-1')).toMatchObject({ scoreGiven: 0, scoreMaximum: 10 });
  });

  test('without a score there is no maximum either, and the comment is said again', async () => {
    const activity = await rig.launch('p');
    await rig.decide(activity, 'student-1', {
      scoreGiven: null,
      activityProgress: 'Initialized',
      gradingProgress: 'NotReady',
      comment: '',
      submittedAt: null,
      scoringUserId: null,
    });
    expect(await send(activity)).toEqual({ kind: 'delivered' });
    expect(platform.book.shown('student-1')).toEqual({
      userId: 'student-1',
      activityProgress: 'Initialized',
      gradingProgress: 'NotReady',
      timestamp: '2026-03-02T15:00:00.000Z',
      comment: '',
    });
  });

  test('a retry is the same score to the letter', async () => {
    const activity = await rig.launch('p');
    await rig.decide(activity, 'student-1');
    platform.fail('score', { status: 503 });
    await send(activity);
    clock.advance(60 * SECOND);
    await send(activity);
    const bodies = platform.seen
      .filter((request) => request.route === 'score')
      .map((request) => request.body);
    expect(bodies[1]).toBe(bodies[0]);
  });
});

describe('tokens', () => {
  test('a dead one is replaced at once', async () => {
    const activity = await rig.launch('p');
    await rig.decide(activity, 'student-1');
    await rig.decide(activity, 'student-2');
    await send(activity);
    platform.expireTokens();
    expect(await send(activity, 'student-2')).toEqual({ kind: 'delivered' });
    expect(routes().slice(-2)).toEqual(['score', 'score']);
  });

  test('a second refusal waits', async () => {
    const activity = await rig.launch('p');
    await rig.decide(activity, 'student-1');
    platform.fail('score', { status: 401 }, { status: 401 });
    expect(shortly(await send(activity))).toBe('retry token-refused');
    expect(platform.count('score')).toBe(2);
  });

  test('scores are sent with the scope for scores alone', async () => {
    const activity = await rig.launch('p', {
      lineItemUrl: platform.book.add({ label: 'x', scoreMaximum: 1 }).id,
    });
    await rig.decide(activity, 'student-1');
    await send(activity);
    expect(new URLSearchParams(platform.seen[0]?.body).get('scope')).toBe(SCORE);
  });
});

describe('nothing is sent', () => {
  test.each<[string, Partial<Activity>, string]>([
    ['without a gradebook service', { lineItemsUrl: null, scopes: [] }, 'park no-grade-service'],
    ['without the scope for scores', { scopes: [RESULT] }, 'park service-not-allowed'],
  ])('%s', async (_, over, expected) => {
    const activity = await rig.launch('p', over);
    await rig.decide(activity, 'student-1');
    expect(shortly(await send(activity))).toBe(expected);
    expect(platform.seen).toEqual([]);
  });

  test('to a platform that is switched off; it waits', async () => {
    const activity = await rig.launch('p');
    await rig.decide(activity, 'student-1');
    await rig.store.setPlatformStatus(
      'p',
      'disabled',
      anAuditEvent({ id: 'off', action: 'platform.status' }),
    );
    expect(shortly(await send(activity))).toBe('retry platform-disabled');
    expect(platform.seen).toEqual([]);
  });
});

describe('a column that is gone', () => {
  test('is made again, once, when the LMS says that it is not there', async () => {
    const activity = await rig.launch('p');
    await rig.decide(activity, 'student-1');
    await send(activity);
    platform.book.columns.splice(0);
    expect(await send(activity)).toEqual({ kind: 'delivered' });
    expect(platform.book.columns.length).toBe(1);
    expect((await rig.store.lineItem(activity.id))?.url).toBe(platform.book.columns[0]?.id);
  });

  test('that the launch named is looked for, not believed again', async () => {
    const old = platform.book.add({ label: 'x', scoreMaximum: 1 });
    const activity = await rig.launch('p', { lineItemUrl: old.id });
    await rig.decide(activity, 'student-1');
    await send(activity);
    platform.book.columns.splice(0);
    platform.book.add({ label: 'moved', scoreMaximum: 1, resourceLinkId: activity.resourceLinkId });
    expect(await send(activity)).toEqual({ kind: 'delivered' });
    expect(platform.book.shown('student-1')).not.toBeNull();
    expect(platform.count('create')).toBe(0);
  });

  test('is a student that is gone when the column is still there', async () => {
    const activity = await rig.launch('p');
    await rig.decide(activity, 'student-1');
    platform.fail('score', { status: 404 });
    expect(shortly(await send(activity))).toBe('park unknown-student');
    expect(platform.book.columns.length).toBe(1);
  });

  test('is not made again where the LMS does not let us look: it may be there', async () => {
    const offered = platform.book.add({ label: 'x', scoreMaximum: 1 });
    const activity = await rig.launch('p', { lineItemUrl: offered.id });
    await rig.decide(activity, 'student-1');
    platform.fail('score', { status: 404 });
    platform.fail('item', { status: 403 });
    expect(shortly(await send(activity))).toBe('park column-missing');
    expect(platform.book.columns.length).toBe(1);
  });

  test('twice in a row is a person’s turn', async () => {
    const activity = await rig.launch('p');
    await rig.decide(activity, 'student-1');
    platform.fail('score', { status: 404 }, { status: 404 });
    platform.fail('item', { status: 404 });
    expect(shortly(await send(activity))).toBe('park column-not-found');
    expect(platform.count('score')).toBe(2);
    expect(platform.book.columns.length).toBe(1);
  });
});

describe('a timestamp that the LMS does not like', () => {
  test('Moodle refuses what it holds already: that is delivered', async () => {
    await platform.close();
    await rig.store.close();
    await start('moodle');
    const activity = await rig.launch('p');
    await rig.decide(activity, 'student-1');
    platform.fail('score', 'lost');
    expect(shortly(await send(activity))).toBe('retry lms-unavailable');
    expect(await send(activity)).toEqual({ kind: 'delivered' });
    expect(routes().slice(-2)).toEqual(['score', 'results']);
  });

  test('Moodle holds something else: stale', async () => {
    await platform.close();
    await rig.store.close();
    await start('moodle');
    const activity = await rig.launch('p');
    const cell = await rig.decide(activity, 'student-1');
    await rig.sendScore({ ...cell, desired: aDesiredScore({ scoreGiven: 3 }) });
    expect(await rig.sendScore(cell)).toEqual({
      kind: 'stale',
      error: {
        key: 'newer-score',
        status: 409,
        excerpt: '{"reason":"Refusing score with an earlier timestamp for item 1 and user 2"}',
      },
      after: NOW,
    });
  });

  test('Canvas says what it holds: stale after that', async () => {
    await platform.close();
    await rig.store.close();
    await start('canvas');
    const activity = await rig.launch('p');
    const cell = await rig.decide(activity, 'student-1');
    await rig.sendScore({ ...cell, timestamp: NOW + 5 * SECOND, desired: aDesiredScore({ scoreGiven: 3 }) });
    expect(await rig.sendScore(cell)).toMatchObject({ kind: 'stale', after: NOW + 5 * SECOND });
  });
});

describe('results', () => {
  test('come from all pages', async () => {
    const activity = await rig.launch('p');
    for (const user of ['a', 'b', 'c']) {
      await rig.decide(activity, user, { scoreGiven: user === 'b' ? 4 : 10, comment: user });
      await send(activity, user);
    }
    await rig.decide(activity, 'd', { scoreGiven: null, gradingProgress: 'PendingManual', comment: '' });
    await send(activity, 'd');
    const readResults = createReadResults({ store: rig.store, call: rig.call, now: clock.now });
    expect(await readResults(activity)).toEqual({
      kind: 'list',
      isComplete: true,
      items: [
        { userId: 'a', score: 10, maximum: 10, comment: 'a' },
        { userId: 'b', score: 4, maximum: 10, comment: 'b' },
        { userId: 'c', score: 10, maximum: 10, comment: 'c' },
        { userId: 'd', score: null, maximum: null, comment: '' },
      ],
    });
    expect(platform.count('results')).toBe(2);
  });

  test.each<[string, Partial<Activity>, string]>([
    ['not without the scope', { scopes: [SCORE] }, 'service-not-allowed'],
    ['not before there is a column', {}, 'column-missing'],
  ])('%s', async (_, over, key) => {
    const readResults = createReadResults({ store: rig.store, call: rig.call, now: clock.now });
    expect(await readResults(await rig.launch('p', over))).toMatchObject({ kind: 'problem', error: { key } });
  });
});
