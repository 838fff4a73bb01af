import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  aPlatformKey,
  type Claims,
  type FakePlatform,
  lti,
  type PlatformKey,
  signed,
  startPlatform,
} from '../support/lti-platform.ts';
import { type LtiTool, launchWith, post, startRegisteredTool } from '../support/lti-tool.ts';

let key: PlatformKey;
let platform: FakePlatform;
let tool: LtiTool;
beforeAll(async () => {
  key = await aPlatformKey('key-1');
  platform = await startPlatform(key);
  tool = await startRegisteredTool(platform);
});
afterAll(() => Promise.all([tool.stop(), platform.stop()]));

const sign = (claims: Claims) => signed(claims, key);
const newest = async () => (await tool.store.launchNotes('platform-1', 1))[0];

test('a launch that is let in is noted with every check, and nothing about the person but the role', async () => {
  await launchWith(tool, {}, sign);
  expect(await newest()).toEqual({
    requestId: 'request-1',
    at: tool.clock.now,
    platformId: 'platform-1',
    deploymentId: 'deployment-1',
    messageType: 'LtiResourceLinkRequest',
    role: 'student',
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
      'nonce',
      'target',
      'deployment',
      'engine',
      'once',
    ],
    failed: null,
    refusal: null,
    claim: null,
  });
});

test.each<[string, Claims, string, string, string]>([
  ['no user', { sub: undefined }, 'claims', 'user-missing', 'sub'],
  [
    'a link without id',
    { [lti('resource_link')]: {} },
    'claims',
    'link-missing',
    `${lti('resource_link')}.id`,
  ],
  ['no link', { [lti('resource_link')]: undefined }, 'claims', 'link-missing', lti('resource_link')],
  ['roles as text', { [lti('roles')]: 'Learner' }, 'claims', 'roles-missing', lti('roles')],
  ['another nonce', { nonce: 'nonce-2' }, 'nonce', 'nonce', 'nonce'],
  ['another issuer', { iss: 'https://elsewhere.example' }, 'audience', 'issuer', 'iss'],
  [
    'another deployment',
    { [lti('deployment_id')]: 'd-9' },
    'deployment',
    'deployment-waits',
    lti('deployment_id'),
  ],
])('%s is noted with the name of the claim', async (_name, over, failed, refusal, claim) => {
  await launchWith(tool, over, sign);
  expect(await newest()).toMatchObject({ failed, refusal: `lti-errors.${refusal}`, claim });
});

test('a launch of nobody’s platform is noted nowhere', async () => {
  const before = await tool.store.launchNotes(null, 1000);
  await post(tool, { state: 'x'.repeat(43), id_token: 'a.b.c' }, '');
  expect(await tool.store.launchNotes(null, 1000)).toEqual(before);
});

test('no note holds a person’s id, name or e-mail', async () => {
  const notes = JSON.stringify(await tool.store.launchNotes(null, 1000));
  expect(notes).not.toMatch(/student-1|Student One|example\.test/);
});
