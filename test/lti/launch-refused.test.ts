import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { anAuditEvent, HOUR, MINUTE, NOW } from '../support/build.ts';
import {
  aPlatformKey,
  type Claims,
  type FakePlatform,
  lti,
  signed,
  startPlatform,
} from '../support/lti-platform.ts';
import {
  answeringClaims,
  type LtiTool,
  launchWith,
  login,
  post,
  startRegisteredTool,
} from '../support/lti-tool.ts';

const key = await aPlatformKey('key-1');
const now = NOW / 1000;
let platform: FakePlatform;
let tool: LtiTool;

beforeAll(async () => {
  platform = await startPlatform(key);
  tool = await startRegisteredTool(platform);
});
afterAll(async () => {
  await tool.stop();
  await platform.stop();
});

const withKey = (claims: Claims) => signed(claims, key);

describe('claims that the platform signed but the tool refuses', () => {
  test.each<[string, Claims, string]>([
    ['another issuer', { iss: 'https://other.example.test' }, 'issuer'],
    ['an issuer with a slash more', { iss: 'https://lms.example.test/' }, 'issuer'],
    ['an issuer that is an object', { iss: { $ne: '' } }, 'issuer'],
    ['another audience', { aud: 'client-2' }, 'audience'],
    ['an audience that is an object', { aud: { $ne: '' } }, 'audience'],
    ['no audience', { aud: [] }, 'audience'],
    ['a second audience', { aud: ['client-1', 'client-2'] }, 'audience'],
    ['a second audience with azp', { aud: ['client-1', 'client-2'], azp: 'client-1' }, 'audience'],
    ['the same audience twice', { aud: ['client-1', 'client-1'] }, 'audience'],
    ['another azp', { azp: 'client-2' }, 'audience'],
    ['an azp that is an object', { azp: { $ne: '' } }, 'audience'],
    ['no exp', { exp: undefined }, 'token-times'],
    ['no iat', { iat: undefined }, 'token-times'],
    ['an exp that is a text', { exp: `${now + 60}` }, 'token-times'],
    ['an end before its beginning', { iat: now + 30, nbf: undefined, exp: now + 20 }, 'token-times'],
    ['an end 61 s ago', { iat: now - 600, nbf: undefined, exp: now - 61 }, 'token-expired'],
    ['an end 60 s ago', { iat: now - 600, nbf: undefined, exp: now - 60 }, 'token-expired'],
    ['iat 61 s ahead', { iat: now + 61 }, 'token-early'],
    ['iat an hour ahead', { iat: now + 3600, exp: now + 7200 }, 'token-early'],
    ['nbf five minutes ahead', { nbf: now + 300 }, 'token-early'],
    ['a life of more than 24 h', { exp: now + 24 * 3600 + 1 }, 'token-lifetime'],
    ['a life of ten years', { exp: now + 315_360_000 }, 'token-lifetime'],
    ['no nonce', { nonce: undefined }, 'nonce'],
    ['the nonce of another login', { nonce: 'nonce-of-another-login' }, 'nonce'],
    ['a nonce that is a list', { nonce: ['x'] }, 'nonce'],
    ['a message type of another kind', { [lti('message_type')]: 'LtiStartProctoring' }, 'message-type'],
    ['an empty deployment id', { [lti('deployment_id')]: '' }, 'deployment-missing'],
    ['a deployment id of 256 characters', { [lti('deployment_id')]: 'd'.repeat(256) }, 'deployment-missing'],
    ['a user id of 256 characters', { sub: 'u'.repeat(256) }, 'user-missing'],
    ['a user id that is a number', { sub: 7 }, 'user-missing'],
    ['a user id that is not Unicode', { sub: 'u\ud800' }, 'user-missing'],
    ['a link id of 256 characters', { [lti('resource_link')]: { id: 'l'.repeat(256) } }, 'link-missing'],
    ['a link without id', { [lti('resource_link')]: { title: 'x' } }, 'link-missing'],
    ['a context id of 256 characters', { [lti('context')]: { id: 'c'.repeat(256) } }, 'claims'],
    ['a context without id', { [lti('context')]: { title: 'x' } }, 'claims'],
    ['roles that are one text', { [lti('roles')]: 'Instructor' }, 'roles-missing'],
    ['roles that are objects', { [lti('roles')]: [{ role: 'Instructor' }] }, 'roles-missing'],
    ['no target', { [lti('target_link_uri')]: undefined }, 'target-elsewhere'],
    ['a deep link without settings', { [lti('message_type')]: 'LtiDeepLinkingRequest' }, 'deep-linking'],
    ['a review of nobody', { [lti('message_type')]: 'LtiSubmissionReviewRequest' }, 'claims'],
  ])('%s', async (_name, over, refusal) => {
    expect(await launchWith(tool, over, withKey)).toMatchObject({
      status: 401 + (refusal === 'target-elsewhere' ? 2 : 0),
      text: `lti-errors.${refusal}`,
      launch: undefined,
    });
  });

  test.each([
    'https://evil.example.test/lti/launch',
    'http://127.0.0.1.evil.example.test/lti/launch',
    'javascript:alert(1)',
    '//evil.example.test/',
    '/lti/launch',
    'data:text/html,x',
  ])('the target %s', async (target) => {
    expect(await launchWith(tool, { [lti('target_link_uri')]: target }, withKey)).toMatchObject({
      status: 403,
      text: 'lti-errors.target-elsewhere',
      launch: undefined,
    });
  });
});

test('a deployment that nobody approved is written down, waits, and works once it is approved', async () => {
  const over = { [lti('deployment_id')]: 'deployment-2', locale: 'fr' };
  const refused = await launchWith(tool, over, withKey);
  expect([refused.status, refused.text, refused.headers.get('content-language')]).toEqual([
    403,
    'lti-errors.deployment-waits',
    'fr',
  ]);
  expect(await tool.store.deployments('platform-1')).toContainEqual({
    platformId: 'platform-1',
    deploymentId: 'deployment-2',
    status: 'pending',
    firstSeenAt: NOW,
  });
  await tool.store.approveDeployment('platform-1', 'deployment-2', anAuditEvent({ id: 'approved' }));
  expect((await launchWith(tool, over, withKey)).status).toBe(303);
});

test('a platform that is disabled between login and launch is refused', async () => {
  const opened = await login(tool);
  await tool.store.setPlatformStatus('platform-1', 'disabled', anAuditEvent({ id: 'off' }));
  const id_token = await withKey(answeringClaims(tool, opened));
  const answer = await post(tool, { state: opened.state, id_token }, opened.cookie);
  await tool.store.setPlatformStatus('platform-1', 'active', anAuditEvent({ id: 'on' }));
  expect([answer.status, answer.text]).toEqual([403, 'lti-errors.platform-disabled']);
});

test('a refused launch does not spend the state: the true one still works', async () => {
  const opened = await login(tool);
  const wrong = await withKey(answeringClaims(tool, opened, { exp: now - HOUR }));
  const right = await withKey(answeringClaims(tool, opened));
  expect((await post(tool, { state: opened.state, id_token: wrong }, opened.cookie)).status).toBe(401);
  expect((await post(tool, { state: opened.state, id_token: right }, opened.cookie)).status).toBe(303);
});

test("the platform's own refusal is told as one", async () => {
  const { state, cookie } = await login(tool);
  const answer = await post(tool, { state, error: 'login_required' }, cookie);
  expect([answer.status, answer.text]).toEqual([401, 'lti-errors.platform-refused']);
});

test('a refusal leaves no cookie and says which check failed', async () => {
  const before = tool.lines.length;
  const answer = await launchWith(tool, { nonce: 'another' }, withKey);
  expect(answer.headers.get('set-cookie')).toBeNull();
  expect(tool.lines.slice(before + 1)).toEqual([
    {
      message: 'lti launch refused',
      requestId: 'request-1',
      key: 'lti-errors.nonce',
      platformId: 'platform-1',
      deploymentId: 'deployment-1',
      messageType: 'LtiResourceLinkRequest',
      resourceLinkId: 'link-1',
      passed: [
        'form',
        'state',
        'login',
        'browser',
        'platform',
        'token',
        'signature',
        'claims',
        'audience',
        'time',
      ],
      failed: 'nonce',
    },
  ]);
});

test('no log line of all this carries a name, an address or a token', () => {
  const log = JSON.stringify(tool.lines);
  expect(log).not.toMatch(/Student One|example\.test|eyJ|@/);
  expect(tool.lines.length).toBeGreaterThan(100);
});

test('a login that is older than its life is refused', async () => {
  const opened = await login(tool);
  const id_token = await withKey(answeringClaims(tool, opened));
  tool.clock.now = NOW + 15 * MINUTE;
  const answer = await post(tool, { state: opened.state, id_token }, opened.cookie);
  tool.clock.now = NOW;
  expect([answer.status, answer.text]).toEqual([401, 'lti-errors.state-expired']);
});

test('while the keys of the platform are out of reach a launch waits, and works when they are back', async () => {
  const silent = await startPlatform(key);
  const fresh = await startRegisteredTool(silent);
  silent.keySet = (res) => res.writeHead(500).end();
  const opened = await login(fresh);
  const form = { state: opened.state, id_token: await withKey(answeringClaims(fresh, opened)) };
  const refused = await post(fresh, form, opened.cookie);
  silent.publish(key);
  const accepted = await post(fresh, form, opened.cookie);
  await fresh.stop();
  await silent.stop();
  expect([refused.status, refused.text, accepted.status]).toEqual([503, 'lti-errors.keys-unreachable', 303]);
});
