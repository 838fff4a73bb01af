import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadMessages } from '../../src/catalogue/load-messages.ts';
import type { ProbeServices, ProbeStep } from '../../src/domain/service-probe.ts';
import { inviteHash } from '../../src/lti/invites.ts';
import { aDeployment, anAuditEvent, aPlatform, aTeacher, aViewer, HOUR, NOW } from '../support/build.ts';
import { startWebTool, type Visitor, type WebTool } from '../support/web-tool.ts';

const ADMIN = '/a/activity-1/admin';
const anAdministrator = (over = {}) => aViewer({ role: 'administrator', userId: 'admin-1', ...over });

const asked: (string | null)[] = [];
const step = (over: Partial<ProbeStep>): ProbeStep => ({
  id: 'list-columns',
  result: 'pass',
  problem: null,
  status: null,
  count: null,
  ...over,
});
const probeServices: ProbeServices = async (_activity, { scoreFor }) => {
  asked.push(scoreFor);
  return [
    step({ count: 3 }),
    step({ id: 'send-score', result: 'fail', problem: 'not-gradeable', status: 422 }),
    step({ id: 'read-score', result: 'skipped' }),
    step({ id: 'read-roster', result: 'fail', problem: 'never heard of' }),
  ];
};

let tool: WebTool;
let admin: Visitor;
beforeAll(async () => {
  tool = await startWebTool({ probeServices });
  await tool.store.addPlatform(
    aPlatform({ id: 'platform-2', clientId: 'client-2' }),
    anAuditEvent({ id: 'audit-platform-2', action: 'platform.added' }),
  );
  for (const [platformId, deploymentId] of [
    ['platform-1', 'new-1'],
    ['platform-2', 'new-2'],
  ] as const)
    await tool.store.seeDeployment(
      aDeployment({ platformId, deploymentId, status: 'pending' }),
      anAuditEvent({ id: `audit-${deploymentId}`, action: 'deployment.seen' }),
    );
  admin = await tool.signIn(anAdministrator());
});
afterAll(() => tool.stop());

const statusOf = async (platformId: string, deploymentId: string) =>
  (await tool.store.deployments(platformId)).find((one) => one.deploymentId === deploymentId)?.status;

test('a deployment that waits is approved with a button, and it is written down who did it', async () => {
  const page = await (await admin.get(ADMIN)).text();
  expect(page).toContain('new-1');
  expect(page).not.toContain('new-2');
  const answer = await admin.send(ADMIN, /deployments$/, { deployment: 'new-1' });
  expect([answer.status, answer.headers.get('location')]).toEqual([303, ADMIN]);
  expect(await statusOf('platform-1', 'new-1')).toBe('approved');
  expect(await tool.store.auditOf('new-1')).toMatchObject([
    { action: 'deployment.approved', actor: 'admin-1', platformId: 'platform-1' },
  ]);
});

test('a deployment of another platform, or of none, is not there', async () => {
  await tool.store.seeDeployment(
    aDeployment({ deploymentId: 'new-3', status: 'pending' }),
    anAuditEvent({ id: 'audit-new-3', action: 'deployment.seen' }),
  );
  for (const deployment of ['new-2', 'never seen', '']) {
    const answer = await admin.send(ADMIN, /deployments$/, { deployment });
    expect(answer.status, deployment).toBe(404);
  }
  expect(await statusOf('platform-2', 'new-2')).toBe('pending');
});

test.each([
  ['a student', aViewer()],
  ['a teacher', aTeacher()],
] as const)('%s gets none of these pages', async (_name, viewer) => {
  const visitor = await tool.signIn(viewer);
  for (const path of ['', '/launches', '/services', '/set-up'])
    expect((await visitor.get(ADMIN + path)).status, path).toBe(403);
  for (const path of ['/deployments', '/services', '/set-up']) {
    const answer = await fetch(tool.url + ADMIN + path, {
      method: 'POST',
      headers: { cookie: visitor.cookie },
      body: new URLSearchParams({ deployment: 'new-3' }),
    });
    expect(answer.status, path).toBe(403);
  }
  expect(await statusOf('platform-1', 'new-3')).toBe('pending');
});

test('a button press from another site does nothing', async () => {
  for (const path of ['/deployments', '/services', '/set-up']) {
    const answer = await fetch(tool.url + ADMIN + path, {
      method: 'POST',
      headers: { cookie: admin.cookie },
      body: new URLSearchParams({ deployment: 'new-3' }),
    });
    expect(answer.status, path).toBe(403);
  }
  expect(await statusOf('platform-1', 'new-3')).toBe('pending');
});

test('the launch log shows what failed, and the same as text to copy', async () => {
  const note = {
    at: NOW,
    platformId: 'platform-1',
    deploymentId: 'deployment-1',
    messageType: 'LtiResourceLinkRequest',
    role: null,
    passed: ['form', 'state'],
    failed: 'claims',
    refusal: 'lti-errors.user-missing',
    claim: 'sub',
  };
  await tool.store.noteLaunch({ ...note, requestId: 'request-a' });
  await tool.store.noteLaunch({ ...note, requestId: 'request-b', platformId: 'platform-2' });
  const page = (await (await admin.get(`${ADMIN}/launches`)).text()).replaceAll('&#x3D;', '=');
  expect(page).toContain('<code>request-a</code>');
  expect(page).toContain(
    `${new Date(NOW).toISOString()} request-a refused lti-errors.user-missing deployment=deployment-1 ` +
      'message=LtiResourceLinkRequest role=- passed=form,state failed=claims claim=sub',
  );
  expect(page).not.toContain('request-b');
});

test('each known error of a platform names the switch to flip, in both languages', () => {
  const switches: readonly (readonly [string, string])[] = [
    ['lti-errors.user-missing.fix', 'Anonymous'],
    ['lti-errors.roles-missing.fix', 'IMS'],
    ['lti-errors.deployment-missing.fix', 'Brightspace'],
    ['lti-errors.cookies-blocked.fix', 'Open as External Resource'],
    ['frame.blocked.fix', 'Open as External Resource'],
    ['public.no-course.fix', 'Org Unit Information'],
    ['public.no-role.fix', 'IMS'],
    ['admin.services.problem.not-gradeable.fix', 'Can be graded in Grades'],
    ['admin.services.problem.no-grade-service.fix', 'Extensions'],
    ['admin.services.problem.service-not-allowed.fix', 'Extensions'],
    ['admin.services.problem.token-refused.fix', 'https://api.brightspace.com/auth/token'],
    ['admin.services.problem.no-roster-service.fix', 'Org Unit Information'],
    ['admin.services.problem.roster-empty.fix', 'Classlist including users not known to this deployment'],
    ['admin.services.problem.roster-nameless.fix', 'User Information'],
    ['admin.services.problem.column-not-found.fix', 'Auto create Grade Items'],
    ['passback.not-gradeable.fix', 'Can be graded in Grades'],
    ['passback.no-grade-service.fix', 'Extensions'],
    ['passback.service-not-allowed.fix', 'Extensions'],
    ['passback.token-refused.fix', 'https://auth.brightspace.com/core/connect/token'],
    ['passback.no-roster-service.fix', 'Org Unit Information'],
    ['registration.done.brightspace-enable', 'LTI Advantage'],
    ['setup.brightspace.grades', 'Auto create Grade Items'],
  ];
  const { say } = loadMessages(join(import.meta.dirname, '../../config'));
  for (const locale of ['en', 'fr'] as const)
    for (const [key, name] of switches) expect(say(locale, key), `${key} ${locale}`).toContain(name);
});

test.each([
  ['without the tick', {}, null],
  ['with an id but without the tick', { user: 'student-9' }, null],
  ['with the tick but without an id', { withScore: 'yes' }, null],
  ['with both', { withScore: 'yes', user: ' student-9 ' }, 'student-9'],
])('the test of the services, %s', async (_name, fields, scoreFor) => {
  const answer = await admin.send(`${ADMIN}/services`, /services$/, fields);
  expect(answer.status).toBe(200);
  expect(asked.at(-1)).toBe(scoreFor);
});

test('each step is said in plain words, with the switch to look at', async () => {
  const inFrench = await tool.signIn(anAdministrator({ locale: 'fr' }));
  for (const [visitor, words] of [
    [admin, ['(3 found)', 'Not tried:', 'Can be graded in Grades', 'we do not know this answer']],
    [inFrench, ['(3 trouvés)', 'Pas essayé', 'Can be graded in Grades', 'nous ne connaissons pas']],
  ] as const) {
    const page = await (await visitor.send(`${ADMIN}/services`, /services$/, {})).text();
    for (const word of words) expect(page).toContain(word);
  }
  expect(tool.missingWords).toEqual([]);
});

test.each(['en', 'fr'])(
  'the set-up page is public, in %s, with this installation’s own addresses',
  async (lang) => {
    const page = await (await fetch(`${tool.url}/setup?lang=${lang}`)).text();
    for (const path of ['/lti/login', '/lti/launch', '/lti/keys']) expect(page).toContain(tool.url + path);
    expect(page).toContain('https://api.brightspace.com/auth/token');
    expect(await (await admin.get(`${ADMIN}/set-up`)).text()).toContain(`${tool.url}/lti/keys`);
    expect(tool.missingWords).toEqual([]);
  },
);

test('a registration link is made with a button, shown once, and what it brings waits for the operator', async () => {
  const page = await admin.send(`${ADMIN}/set-up`, /set-up$/, { name: ' Our test site ' });
  const [link = ''] = /http:[^<]*register\?code&#x3D;[\w-]{43}/.exec(await page.text()) ?? [];
  const code = link.split('code&#x3D;')[1] ?? '';
  expect(await tool.store.invite(inviteHash(code))).toMatchObject({
    name: 'Our test site',
    platformStatus: 'disabled',
    createdAt: NOW,
    expiresAt: NOW + 24 * HOUR,
    spentAt: null,
  });
  expect(await tool.store.auditOf(inviteHash(code))).toMatchObject([
    { action: 'platform.invited', actor: 'admin-1', platformId: 'platform-1' },
  ]);
  expect(await (await admin.get(`${ADMIN}/set-up`)).text()).not.toContain(code);
  expect(JSON.stringify(tool.lines)).not.toContain(code);
  expect(tool.missingWords).toEqual([]);
});
