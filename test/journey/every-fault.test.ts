import { expect, test } from 'vitest';
import type { Faults } from '../../src/demo/faults.ts';
import { aDesiredScore, aSubmission, MINUTE } from '../support/build.ts';
import { openActivity } from '../support/in-course.ts';
import { brokenTimes, trailOf } from '../support/score-trail.ts';
import { until } from '../support/until.ts';
import { startWholeTool } from '../support/whole-tool.ts';

const TROUBLE: readonly (readonly [string, Faults])[] = [
  [
    'the creation of the column is carried out and its answer lost',
    { 'line-items': { hangUp: 'after', times: 2 } },
  ],
  ['three times 500', { scores: { status: 500, times: 3 } }],
  ['429 with a wait', { scores: { status: 429, retryAfterSeconds: 30, times: 1 } }],
  ['the connection is reset', { scores: { hangUp: 'before', times: 1 } }],
  ['the score is taken and the answer lost', { scores: { hangUp: 'after', times: 1 } }],
  [
    'taken, lost, and compared in whole seconds',
    { scores: { hangUp: 'after', times: 1 }, scoreClock: 'seconds' },
  ],
  ['dead access tokens', { scores: { status: 401, times: 2 } }],
  ['no token', { token: { status: 503, times: 2 } }],
  ['everything busy now and then', { busy: { share: 0.4, seed: 7 } }],
];

test('whatever an LMS does for a while, the whole tool brings the last decision, into one column', async () => {
  let ahead = 0;
  const tool = await startWholeTool({
    now: () => Date.now() + ahead,
    studentCount: TROUBLE.length,
    seedColumn: false,
  });
  const { lms, app } = tool;
  const trail = trailOf(lms.gradebook);
  await openActivity(lms, 'teacher-1');
  const [platform] = await app.store.platforms();
  const course = {
    platformId: platform?.id ?? '',
    deploymentId: lms.registration.deploymentId,
    contextId: lms.course.id,
  };
  const [activity] = await app.store.activitiesIn(course);
  if (activity === undefined) throw new Error('not launched');

  const decide = async (userId: string, comment: string, scoreGiven: number) => {
    const cell = await app.store.cell({ activityId: activity.id, userId });
    const submission = aSubmission({ ...course, id: crypto.randomUUID(), activityId: activity.id, userId });
    const desired = aDesiredScore({ scoreGiven, comment, scoringUserId: null });
    const score = { desired, fromVersion: cell?.desiredVersion ?? 0 };
    await app.store.saveSubmission(
      { submission, fromVersion: 0, evidence: null, score, audit: null },
      Date.now() + ahead,
    );
  };
  for (const [at, [name, faults]] of TROUBLE.entries()) {
    const userId = `student-${at + 1}`;
    lms.faults.set(faults);
    await decide(userId, `first: ${name}`, 4);
    await until(async () => (await app.store.cell({ activityId: activity.id, userId }))?.attempts !== 0);
    await decide(userId, name, 8);
    await until(async () => {
      const cell = await app.store.cell({ activityId: activity.id, userId });
      // Time passes ten times as fast, and waits for a next attempt are skipped.
      ahead += 200;
      if (cell?.status === 'pending' && cell.nextAttemptAt > Date.now() + ahead) ahead += 2 * MINUTE;
      return cell?.status === 'delivered';
    });
  }

  const shown = lms.gradebook.cells().map(({ userId, points, score }) => [userId, points, score.comment]);
  expect(shown.toSorted()).toEqual(TROUBLE.map(([name], at) => [`student-${at + 1}`, 8, name]).toSorted());
  expect(lms.gradebook.lineItems()).toHaveLength(1);
  expect(brokenTimes(trail)).toEqual([]);
  await tool.stop();
}, 120_000);
