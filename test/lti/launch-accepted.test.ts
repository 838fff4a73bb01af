import { afterAll, beforeAll, describe, expect, test } from 'vitest';
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
import { ask, type LtiTool, launchWith, loginParameters, startRegisteredTool } from '../support/lti-tool.ts';

const INSTITUTION = 'http://purl.imsglobal.org/vocab/lis/v2/institution/person';
const MENTOR = 'http://purl.imsglobal.org/vocab/lis/v2/membership#Mentor';
const GRADES = 'https://purl.imsglobal.org/spec/lti-ags/claim/endpoint';
const MEMBERS = 'https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice';
const PICKER = 'https://purl.imsglobal.org/spec/lti-dl/claim/deep_linking_settings';
const NO_NAMES = { name: undefined, given_name: undefined, family_name: undefined };

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

async function opened(over: Claims): Promise<Launch | undefined> {
  const done = await launchWith(tool, over, (claims) => signed(claims, key));
  expect([done.status, done.headers.get('location'), done.headers.get('cache-control')]).toEqual([
    303,
    '/opened',
    'no-store',
  ]);
  return done.launch;
}

/** What `launchClaims` turns into. */
function ordinaryLaunch(over: Partial<Launch> = {}): Launch {
  return {
    messageType: 'resource-link',
    platform: platform.registration,
    deploymentId: 'deployment-1',
    userId: 'student-1',
    role: 'student',
    name: 'Student One',
    email: 'student.one@example.test',
    locale: null,
    context: { id: 'context-1', title: 'Health and Wellness SHSM', label: 'SHSM-HW' },
    resourceLink: { id: 'link-1', title: 'SHSM certifications' },
    custom: {},
    grades: null,
    membershipsUrl: null,
    returnUrl: null,
    deepLinking: null,
    forUserId: null,
    targetLinkUri: `${tool.url}/lti/launch`,
    ...over,
  };
}

describe.each([
  ['teacher', INSTRUCTOR, [INSTRUCTOR, `${INSTITUTION}#Staff`, `${INSTITUTION}#Other`], 'Instructor'],
  ['student', LEARNER, [LEARNER, `${INSTITUTION}#Student`, MENTOR], 'Learner'],
] as const)('the valid launches of the certification suite, %s', (role, uri, several, short) => {
  const noRole: Launch['role'] = null;
  test.each<[string, Claims, Partial<Launch>]>([
    ['V1 plain', { [lti('roles')]: [uri] }, { role }],
    ['V2 with multiple roles', { [lti('roles')]: several }, { role }],
    ['V3 with a short role', { [lti('roles')]: [short] }, { role }],
    ['V4 with an unknown role', { [lti('roles')]: [`${uri}Of.Nothing`] }, { role: noRole }],
    ['V4 with an unknown role beside the known', { [lti('roles')]: ['urn:made-up', uri] }, { role }],
    ['V5 with no role', { [lti('roles')]: [''] }, { role: noRole }],
    ['V5 with an empty list of roles', { [lti('roles')]: [] }, { role: noRole }],
    ['V6 with an e-mail address only', { [lti('roles')]: [uri], ...NO_NAMES }, { role, name: null }],
    ['V7 with names only', { [lti('roles')]: [uri], email: undefined }, { role, email: null }],
    [
      'V8 with nothing personal',
      { [lti('roles')]: [uri], ...NO_NAMES, email: undefined },
      { role, name: null, email: null },
    ],
    [
      'V9 without a context',
      { [lti('roles')]: [uri], ...NO_NAMES, [lti('context')]: undefined },
      { role, name: null, context: null },
    ],
    [
      'V10 from a link seen for the first time',
      { [lti('roles')]: [uri], [lti('resource_link')]: { id: 'link-new' } },
      { role, resourceLink: { id: 'link-new', title: null } },
    ],
  ])('%s', async (_name, over, expected) => {
    expect(await opened(over)).toEqual(ordinaryLaunch(expected));
  });
});

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
  ['the Brightspace claim', { 'http://www.brightspace.com': { username: 'x', org_defined_id: 7 } }, {}],
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
  expect(await opened(claims)).toEqual(ordinaryLaunch(here(expected)));
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
    ordinaryLaunch({
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
    ordinaryLaunch({
      messageType: 'deep-linking',
      role: 'teacher',
      resourceLink: null,
      deepLinking: settings,
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
    ordinaryLaunch({ messageType: 'submission-review', role: 'teacher', forUserId: 'student-2' }),
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

test('a launch in French speaks French from then on', async () => {
  const done = await launchWith(tool, { locale: 'fr-CA' }, (claims) => signed(claims, key));
  expect(done.headers.get('content-language')).toBe('fr');
});
