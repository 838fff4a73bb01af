import type { JWTPayload } from 'jose';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { aSubmission, DAY } from '../support/build.ts';
import { launchFrom, openActivity } from '../support/in-course.ts';
import { startWholeTool, type WholeTool } from '../support/whole-tool.ts';

const LTI = 'https://purl.imsglobal.org/spec/lti/claim';
const GRADES = 'https://purl.imsglobal.org/spec/lti-ags/claim/endpoint';
const MEMBERSHIP = 'http://purl.imsglobal.org/vocab/lis/v2/membership';

let tool: WholeTool;
let place: { platformId: string; deploymentId: string; contextId: string };
let activityId: string;

beforeAll(async () => {
  tool = await startWholeTool();
  await openActivity(tool.lms, 'teacher-1');
  const platformId = (await tool.app.store.platforms())[0]?.id ?? '';
  place = { platformId, deploymentId: 'demo-deployment', contextId: 'course-1' };
  activityId = (await tool.app.store.activitiesIn(place))[0]?.id ?? '';
  const now = Date.now();
  await put('older', { submittedAt: now - 2 * DAY, state: 'accepted' });
  await put('newer', { submittedAt: now - DAY, state: 'submitted', updatedAt: now - DAY });
  await put('a draft', { submittedAt: null, state: 'draft', updatedAt: now });
});
afterAll(() => tool.stop());

async function put(id: string, over: Partial<Parameters<typeof aSubmission>[0]>): Promise<void> {
  const submission = aSubmission({ id, ...place, activityId, userId: 'student-1', ...over });
  const change = { submission, fromVersion: 0, evidence: null, score: null, audit: null };
  expect(await tool.app.store.saveSubmission(change, Date.now())).toBe('saved');
}

const review = (student: string, claims?: (usual: JWTPayload) => JWTPayload) =>
  launchFrom(tool.lms, 'teacher-1', `/launch/review/activity-1/${student}`, claims && { claims });

test('a teacher gets from the gradebook to what the student handed in last', async () => {
  const { page } = await review('student-1');
  expect([page.status, new URL(page.url).pathname]).toEqual([
    200,
    `/a/${activityId}/teacher/submissions/newer`,
  ]);
});

test('a student who has handed in nothing leads to the queue, with words', async () => {
  const { page } = await review('student-2');
  expect(new URL(page.url).pathname).toBe(`/a/${activityId}/teacher`);
  expect(page.html.querySelector('.banner')?.text).toContain('nothing handed in');
});

test('the column tells the activity where the launch names no link', async () => {
  const { page } = await review('student-1', (usual) => ({ ...usual, [`${LTI}/resource_link`]: undefined }));
  expect(new URL(page.url).pathname).toBe(`/a/${activityId}/teacher/submissions/newer`);
});

test('a column that is not ours is told apart', async () => {
  const { page } = await review('student-1', (usual) => ({
    ...usual,
    [`${LTI}/resource_link`]: undefined,
    [GRADES]: { ...(usual[GRADES] as object), lineitem: `${tool.lms.url}/lti/courses/course-1/line-items/x` },
  }));
  expect([page.status, page.text]).toEqual([200, expect.stringContaining('This link is not an activity')]);
});

test('a student is told where their own badges are', async () => {
  const { page } = await review('student-1', (usual) => ({
    ...usual,
    [`${LTI}/roles`]: [`${MEMBERSHIP}#Learner`],
  }));
  expect([page.status, page.text]).toEqual([403, expect.stringContaining('Only teachers open reviews')]);
});
