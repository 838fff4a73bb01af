import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Launch } from '../../src/domain/launch.ts';
import { MINUTE, NOW, SECOND } from '../support/build.ts';
import {
  aPlatformKey,
  type Claims,
  type FakePlatform,
  INSTRUCTOR,
  LEARNER,
  lti,
  signed,
  startPlatform,
} from '../support/lti-platform.ts';
import {
  answeringClaims,
  ask,
  type LtiTool,
  launchWith,
  login,
  loginParameters,
  ordinaryLaunch,
  post,
  startRegisteredTool,
} from '../support/lti-tool.ts';

const GRADES = 'https://purl.imsglobal.org/spec/lti-ags/claim/endpoint';
const MEMBERS = 'https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice';
const PICKER = 'https://purl.imsglobal.org/spec/lti-dl/claim/deep_linking_settings';

const key = await aPlatformKey('key-1');
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

const expectedLaunch = (over: Partial<Launch> = {}) => ordinaryLaunch({ platform, tool }, over);

async function opened(over: Claims): Promise<Launch | undefined> {
  const done = await launchWith(tool, over, (claims) => signed(claims, key));
  expect([done.status, done.headers.get('location'), done.headers.get('cache-control')]).toEqual([
    303,
    '/opened',
    'no-store',
  ]);
  return done.launch;
}

test.each<[string, Claims, Partial<Launch>]>([
  ['nbf five seconds ahead', { nbf: NOW / 1000 + 5 }, {}],
  ['a clock that is 59 s ahead', { iat: NOW / 1000 + 59, nbf: NOW / 1000 + 59 }, {}],
  ['a token that ended 59 s ago', { iat: NOW / 1000 - 1800, nbf: undefined, exp: NOW / 1000 - 59 }, {}],
  ['a token that lives 24 h', { exp: NOW / 1000 + 24 * 3600 }, {}],
  ['an audience in a list of one', { aud: ['client-1'] }, {}],
  ['azp naming this tool', { azp: 'client-1' }, {}],
  [
    'ids of 255 characters',
    { sub: 'u'.repeat(255), [lti('resource_link')]: { id: 'l'.repeat(255) } },
    { userId: 'u'.repeat(255), resourceLink: { id: 'l'.repeat(255), title: null } },
  ],
  ['claims it does not know', { 'https://example.test/claim': { deep: [{}] } }, {}],
  [
    'the Brightspace claim',
    { 'http://www.brightspace.com': { username: 'x', org_defined_id: 7 } },
    { studentNumber: '7' },
  ],
  [
    'the number of the registry',
    { [lti('lis')]: { person_sourcedid: ' 12-34 ' } },
    { studentNumber: '12-34' },
  ],
  [
    'a number that the board named, before the registry’s',
    { [lti('lis')]: { person_sourcedid: 'x' }, [lti('custom')]: { student_number: '98765' } },
    { studentNumber: '98765', custom: { student_number: '98765' } },
  ],
  [
    'a number that the platform did not fill in',
    { [lti('custom')]: { student_number: '$Person.sourcedId' } },
    { studentNumber: null, custom: { student_number: '$Person.sourcedId' } },
  ],
  [
    'display claims of the wrong type',
    { email: 7, [lti('resource_link')]: { id: 'link-1', title: {} } },
    { email: null, resourceLink: { id: 'link-1', title: null } },
  ],
  ['empty names', { name: ' ', given_name: '', family_name: null }, { name: null }],
  ['given and family name only', { name: undefined }, { name: 'Student One' }],
  ['locale fr-CA', { locale: 'fr-CA' }, { locale: 'fr' }],
  ['locale EN_us', { locale: 'EN_us' }, { locale: 'en' }],
  ['a locale of neither language', { locale: 'frr' }, {}],
  [
    'the locale of the presentation',
    { locale: 'de', [lti('launch_presentation')]: { locale: 'fr' } },
    { locale: 'fr' },
  ],
  [
    'custom values, some unresolved',
    {
      [lti('custom')]: {
        sector: 'health-wellness',
        due: '$ResourceLink.submission.endDateTime',
        points: 10,
        odd: {},
      },
    },
    { custom: { sector: 'health-wellness', due: '$ResourceLink.submission.endDateTime', points: '10' } },
  ],
  ['a custom claim of the wrong type', { [lti('custom')]: 'sector=x' }, {}],
  [
    'a page of the tool as target',
    { [lti('target_link_uri')]: 'TOOL/lti/launch?x=1#y' },
    { targetLinkUri: 'TOOL/lti/launch?x=1#y' },
  ],
  [
    'where to go back to',
    { [lti('launch_presentation')]: { return_url: 'https://lms.example.test/back' } },
    { returnUrl: 'https://lms.example.test/back' },
  ],
  [
    'a script as address to go back to',
    { [lti('launch_presentation')]: { return_url: 'javascript:alert(1)' } },
    {},
  ],
])('a launch is accepted with %s', async (_name, over, expected) => {
  const here = <T>(value: T): T => JSON.parse(JSON.stringify(value).replaceAll('TOOL', tool.url));
  const defined = Object.fromEntries(Object.entries(over).filter(([, value]) => value !== undefined));
  const claims = { ...over, ...here(defined) };
  expect(await opened(claims)).toEqual(expectedLaunch(here(expected)));
});

test('services are taken as offered, without addresses the tool may not call', async () => {
  const scope = ['https://purl.imsglobal.org/spec/lti-ags/scope/score'];
  const launch = await opened({
    [GRADES]: {
      scope,
      lineitems: 'https://lms.example.test/lineitems',
      lineitem: 'http://intranet.example.test/1',
    },
    [MEMBERS]: { context_memberships_url: 'https://lms.example.test/members', service_versions: ['2.0'] },
  });
  expect(launch).toEqual(
    expectedLaunch({
      grades: { lineItemsUrl: 'https://lms.example.test/lineitems', lineItemUrl: null, scopes: scope },
      membershipsUrl: 'https://lms.example.test/members',
    }),
  );
});

test('a deep-linking request is verified and handed on with its settings', async () => {
  const settings = {
    deep_link_return_url: 'https://lms.example.test/dl',
    accept_types: ['ltiResourceLink'],
    data: 'x',
  };
  const launch = await opened({
    [lti('message_type')]: 'LtiDeepLinkingRequest',
    [lti('roles')]: [INSTRUCTOR],
    [lti('resource_link')]: undefined,
    [lti('target_link_uri')]: undefined,
    [PICKER]: settings,
  });
  expect(launch).toEqual(
    expectedLaunch({
      messageType: 'deep-linking',
      role: 'teacher',
      resourceLink: null,
      deepLinking: {
        returnUrl: 'https://lms.example.test/dl',
        acceptTypes: ['ltiResourceLink'],
        documentTargets: [],
        acceptLineItem: true,
        title: null,
        text: null,
        data: 'x',
      },
    }),
  );
});

test('a submission review is verified and names the student', async () => {
  const launch = await opened({
    [lti('message_type')]: 'LtiSubmissionReviewRequest',
    [lti('roles')]: [INSTRUCTOR],
    [lti('for_user')]: { user_id: 'student-2', roles: [LEARNER] },
  });
  expect(launch).toEqual(
    expectedLaunch({ messageType: 'submission-review', role: 'teacher', forUserId: 'student-2' }),
  );
});

test('a platform with several keys, some of other kinds, is understood', async () => {
  const other = await aPlatformKey('key-2');
  platform.keySet = (res) => {
    const odd = [null, { kty: 'EC', kid: 'ec' }, { kty: 'RSA' }, { ...other.jwk, use: 'enc', kid: 'key-9' }];
    res.end(JSON.stringify({ keys: [...odd, other.jwk, key.jwk] }));
  };
  tool.clock.now = NOW + 11 * MINUTE;
  const at = { iat: tool.clock.now / SECOND, nbf: undefined, exp: tool.clock.now / SECOND + 600 };
  const done = await launchWith(tool, at, (claims) => signed(claims, other));
  expect(done.status).toBe(303);
  tool.clock.now = NOW;
});

test('login by POST works as by GET', async () => {
  const answer = await ask(`${tool.url}/lti/login`, {
    method: 'POST',
    body: new URLSearchParams(loginParameters(tool)),
  });
  expect(answer.status).toBe(302);
  expect(new URL(answer.headers.get('location') ?? '').origin).toBe(platform.url);
});

test('the log line of a launch names the checks and nobody', async () => {
  const before = tool.lines.length;
  await opened({});
  expect(tool.lines.slice(before)).toEqual([
    { message: 'lti login opened', requestId: 'request-1', platformId: 'platform-1' },
    {
      message: 'lti launch accepted',
      requestId: 'request-1',
      platformId: 'platform-1',
      deploymentId: 'deployment-1',
      messageType: 'LtiResourceLinkRequest',
      resourceLinkId: 'link-1',
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
    },
  ]);
});

test('what somebody added to the unsigned login is in no launch and no address after it', async () => {
  const opened = await login(tool, { role: 'Administrator', next: 'https://evil.example.test/' });
  const id_token = await signed(answeringClaims(tool, opened), key);
  const before = tool.launches.length;
  const done = await post(tool, { state: opened.state, id_token }, opened.cookie);
  expect([done.status, done.headers.get('location')]).toEqual([303, '/opened']);
  expect(tool.launches[before]).toEqual(expectedLaunch());
});

test('a launch in French speaks French from then on', async () => {
  const done = await launchWith(tool, { locale: 'fr-CA' }, (claims) => signed(claims, key));
  expect(done.headers.get('content-language')).toBe('fr');
});
