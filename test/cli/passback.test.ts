import { afterAll, beforeAll, expect, test } from 'vitest';
import { passbackList, passbackReconcile, passbackRetry } from '../../src/cli/passback.ts';
import type { Activity } from '../../src/domain/activity.ts';
import { aDesiredScore, aSubmission } from '../support/build.ts';
import { openActivity } from '../support/in-course.ts';
import { runCommand } from '../support/run-command.ts';
import { until } from '../support/until.ts';
import { startWholeTool, type WholeTool } from '../support/whole-tool.ts';

let tool: WholeTool;
let activity: Activity;
const users = { a: '', b: '' };

beforeAll(async () => {
  tool = await startWholeTool();
  for (const [name, person] of [
    ['a', 'student-1'],
    ['b', 'student-2'],
  ] as const) {
    await openActivity(tool.lms, person);
    users[name] = person;
  }
  const [platform] = await tool.app.store.platforms();
  const [found] = await tool.app.store.activitiesIn({
    platformId: platform?.id ?? '',
    deploymentId: tool.lms.registration.deploymentId,
    contextId: tool.lms.course.id,
  });
  if (found === undefined) throw new Error('nobody opened the activity');
  activity = found;
});
afterAll(() => tool.stop());

/** A teacher's decision, as the pages write it. */
async function decide(userId: string, scoreGiven: number): Promise<void> {
  const { platformId, deploymentId, contextId, id: activityId } = activity;
  const cell = await tool.app.store.cell({ activityId, userId });
  await tool.app.store.saveSubmission(
    {
      submission: aSubmission({
        id: crypto.randomUUID(),
        activityId,
        platformId,
        deploymentId,
        contextId,
        userId,
      }),
      fromVersion: 0,
      evidence: null,
      score: {
        desired: aDesiredScore({ scoreGiven, scoringUserId: null }),
        fromVersion: cell?.desiredVersion ?? 0,
      },
      audit: null,
    },
    Date.now(),
  );
}

const list = () => passbackList(tool.config, {});
const retry = (activityId?: string, userId?: string) => passbackRetry(tool.config, activityId, userId, {});
const reconcile = () => passbackReconcile(tool.config, {});

test('an empty queue says so, and everything agrees', async () => {
  expect(await list()).toEqual({ code: 0, data: [], text: 'Nothing waits: every grade was delivered.' });
  expect(await reconcile()).toMatchObject({ code: 0, data: { agreeing: 0, differences: [] } });
});

test('what needs attention is listed in plain words, and sent again beside the running server', async () => {
  const { lms } = tool;
  lms.faults.set({ scores: { status: 422 } });
  await decide(users.a, 7);
  await until(async () => (await tool.app.store.cells({ status: 'parked' })).length === 1);

  const listed = await list();
  expect(listed).toMatchObject({
    code: 0,
    data: [
      {
        activity: activity.id,
        user: users.a,
        state: 'parked',
        score: 7,
        attempts: 1,
        nextAttemptAt: null,
        lastError: { status: 422, text: 'This person’s role does not get grades.' },
      },
    ],
  });
  expect(listed.text).toMatch(/needs attention for \d+ s, 1 attempts\n {2}This person’s role/);
  expect(await reconcile()).toMatchObject({ code: 1, data: { differences: [{ finding: 'failed' }] } });

  lms.faults.clear();
  expect(await retry(activity.id, users.a)).toMatchObject({
    code: 0,
    data: { retried: [{ activity: activity.id, user: users.a }] },
  });
  await lms.gradebook.until((cells) => cells.some((cell) => cell.points === 7));
  await until(async () => (await tool.app.store.cells({ status: 'delivered' })).length === 1);
});

test('a retry of nothing is said, and one that names half a grade is wrong use', async () => {
  expect(await retry(activity.id, 'nobody')).toMatchObject({ code: 1, data: { retried: [] } });
  expect(await retry(activity.id)).toMatchObject({ code: 2 });
  expect(await retry()).toMatchObject({ code: 2 });
  expect(await passbackRetry(tool.config, undefined, undefined, { all: true })).toMatchObject({
    code: 0,
    data: { retried: [] },
  });
});

test('a teacher’s change in the LMS is shown and kept; a score the LMS lost is sent again on request', async () => {
  const { lms } = tool;
  await decide(users.b, 9);
  await until(async () => (await tool.app.store.cells({ status: 'delivered' })).length === 2);
  const [column] = lms.gradebook.lineItems();
  lms.gradebook.override(column?.id ?? '', users.a, 3);
  lms.gradebook.forget(column?.id ?? '', users.b);

  const { code, stdout } = await runCommand(['passback', 'reconcile', '--resend', '--json'], tool.env);
  expect({ code, data: JSON.parse(stdout) }).toMatchObject({
    code: 1,
    data: {
      agreeing: 0,
      differences: [
        { user: users.a, finding: 'changed', expected: { score: 7 }, shown: { score: 3 }, resent: false },
        { user: users.b, finding: 'missing', expected: { score: 9 }, shown: null, resent: true },
      ],
    },
  });
  await lms.gradebook.until((cells) => cells.some((cell) => cell.userId === users.b && cell.points === 9));
  await until(async () => (await tool.app.store.cells({ status: 'delivered' })).length === 2);
  const { text } = await reconcile();
  expect(text).toContain('changed in the LMS: it shows 3/10, here it is 7/10');
  expect(text).toContain('1 agree with the gradebook, 1 listed above');
});
