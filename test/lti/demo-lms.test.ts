import { afterAll, beforeAll, expect, test } from 'vitest';
import { type DemoLms, startDemoLms } from '../../src/demo/demo-lms.ts';
import { aDeployment, anAuditEvent, aPlatform, NOW } from '../support/build.ts';
import { ACTIVITY, signIn } from '../support/demo-visitor.ts';
import { ask, type LtiTool, post, startLtiTool } from '../support/lti-tool.ts';

// Two parts that were written apart and share nothing but the standard.

let tool: LtiTool;
let lms: DemoLms;

beforeAll(async () => {
  tool = await startLtiTool();
  lms = await startDemoLms({ port: 0, toolUrl: tool.url, samplesDir: null, now: () => NOW });
  const { deploymentId, ...registration } = lms.registration;
  await tool.store.addPlatform(aPlatform(registration), anAuditEvent({ id: 'added' }));
  await tool.store.seeDeployment(aDeployment({ deploymentId }), anAuditEvent({ id: 'approved' }));
});
afterAll(async () => {
  await lms.close();
  await tool.stop();
});

test.each([
  ['student-1', ACTIVITY, 'resource-link', 'student'],
  ['teacher-1', ACTIVITY, 'resource-link', 'teacher'],
  ['teacher-1', '/launch/picker', 'deep-linking', 'teacher'],
  ['teacher-1', '/launch/review/activity-1/student-1', 'submission-review', 'teacher'],
])('%s opens %s', async (person, path, messageType, role) => {
  const visitor = await signIn(lms, person, 'fr');
  const login = await ask(`${tool.url}/lti/login?${new URLSearchParams(await visitor.startLogin(path))}`);
  const request = Object.fromEntries(new URL(login.headers.get('location') ?? '').searchParams);
  const { action, fields } = await visitor.authenticate(request);
  expect(action).toBe(`${tool.url}/lti/launch`);
  const answer = await post(tool, fields, login.headers.get('set-cookie')?.split(';')[0] ?? '');
  expect([answer.status, answer.text]).toEqual([303, expect.stringContaining('/opened')]);
  expect(tool.launches.at(-1)).toMatchObject({ messageType, role, userId: person, locale: 'fr' });
});
