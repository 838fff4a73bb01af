import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Launch } from '../../src/domain/launch.ts';
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
import { type LtiTool, launchWith, ordinaryLaunch, startRegisteredTool } from '../support/lti-tool.ts';

// The launches of the LTI Advantage certification suite (Conformance Certification Guide 1.3, §6.1), by their names there.

const INSTITUTION = 'http://purl.imsglobal.org/vocab/lis/v2/institution/person';
const MENTOR = 'http://purl.imsglobal.org/vocab/lis/v2/membership#Mentor';
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

const withKey = (claims: Claims) => signed(claims, key);

/** Everything but the envelope gone, as the suite's "Missing LTI Claims". */
const NO_LTI_CLAIMS: Claims = {
  aud: undefined,
  iss: undefined,
  sub: undefined,
  [lti('deployment_id')]: undefined,
  [lti('roles')]: undefined,
};

describe('the known bad payloads of the certification suite', () => {
  test.each<[string, Claims, (claims: Claims) => Promise<string>, string]>([
    ['B1 no kid in the header', {}, (claims) => signed(claims, key, { kid: undefined }), 'token-without-kid'],
    ['B2 an incorrect kid', {}, (claims) => signed(claims, key, { kid: 'key-none' }), 'key-unknown'],
    ['B3 a wrong LTI version', { [lti('version')]: '11.3' }, withKey, 'version'],
    ['B4 no LTI version', { [lti('version')]: undefined }, withKey, 'version'],
    ['B5 no LTI message at all', {}, () => signed({ name: 'badltilaunch' }, key), 'issuer'],
    ['B6 several claims missing', NO_LTI_CLAIMS, withKey, 'issuer'],
    ['B7 nonsense times', { iat: 11_111, nbf: undefined, exp: 22_222 }, withKey, 'token-expired'],
    ['B8 no message type', { [lti('message_type')]: undefined }, withKey, 'message-type'],
    ['B9 no roles', { [lti('roles')]: undefined }, withKey, 'roles-missing'],
    ['B10 no deployment id', { [lti('deployment_id')]: undefined }, withKey, 'deployment-missing'],
    ['B11 no resource link', { [lti('resource_link')]: undefined }, withKey, 'link-missing'],
    ['B12 no user', { sub: undefined }, withKey, 'user-missing'],
  ])('%s', async (_name, over, made, refusal) => {
    expect(await launchWith(tool, over, made)).toMatchObject({
      status: 401,
      text: `lti-errors.${refusal}`,
      launch: undefined,
    });
  });
});

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
    const done = await launchWith(tool, over, withKey);
    expect([done.status, done.headers.get('location')]).toEqual([303, '/opened']);
    expect(done.launch).toEqual(ordinaryLaunch({ platform, tool }, expected));
  });
});
