import { createRemoteJWKSet, type JWTPayload, jwtVerify } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type DemoLms, startDemoLms } from '../../src/demo/demo-lms.ts';
import { ACTIVITY, type Fields, readForm, signIn } from '../support/demo-visitor.ts';

const TOOL = 'http://localhost:4999';
const CLAIM = 'https://purl.imsglobal.org/spec/lti/claim';
const NOW = Date.parse('2026-11-23T12:00:00Z');
let lms: DemoLms;

beforeAll(async () => {
  lms = await startDemoLms({ port: 0, toolUrl: TOOL, samplesDir: null, now: () => NOW });
});
afterAll(() => lms.close());
beforeEach(() => {
  Object.assign(lms.settings, { privacy: 'everything', sendContext: true, platformStorage: true });
});

/** The authentication request that a well-made tool answers a login with. */
function requestFor(login: Fields): Fields {
  return {
    scope: 'openid',
    response_type: 'id_token',
    response_mode: 'form_post',
    prompt: 'none',
    client_id: login['client_id'] ?? '',
    redirect_uri: `${TOOL}/lti/launch`,
    login_hint: login['login_hint'] ?? '',
    lti_message_hint: login['lti_message_hint'] ?? '',
    state: 'state-1',
    nonce: 'nonce-1',
  };
}

async function verified(idToken: string | undefined): Promise<JWTPayload> {
  const keys = createRemoteJWKSet(new URL(lms.registration.jwksUrl));
  const { payload } = await jwtVerify(idToken ?? '', keys, {
    algorithms: ['RS256'],
    issuer: lms.registration.issuer,
    audience: lms.registration.clientId,
    currentDate: new Date(NOW),
  });
  return payload;
}

async function launch(personId: string, path = ACTIVITY, locale: 'en' | 'fr' = 'en'): Promise<JWTPayload> {
  const visitor = await signIn(lms, personId, locale);
  const { fields } = await visitor.authenticate(requestFor(await visitor.startLogin(path)));
  return verified(fields['id_token']);
}

describe('login', () => {
  test('starts the tool’s login with all that Brightspace sends', async () => {
    const visitor = await signIn(lms, 'student-1');
    const response = await visitor.get(ACTIVITY);
    const location = new URL(response.headers.get('location') ?? '');
    const { lti_message_hint: hint, ...login } = Object.fromEntries(location.searchParams);
    expect(location.origin + location.pathname).toBe(`${TOOL}/lti/login`);
    expect(hint).toMatch(/^[\w-]{36}$/);
    expect(login).toEqual({
      iss: lms.url,
      login_hint: 'student-1',
      target_link_uri: `${TOOL}/lti/launch`,
      client_id: lms.registration.clientId,
      lti_deployment_id: lms.registration.deploymentId,
      lti_storage_target: '_parent',
    });
  });

  test('offers no platform storage when that is switched off', async () => {
    lms.settings.platformStorage = false;
    const visitor = await signIn(lms, 'student-1');
    expect(await visitor.startLogin(ACTIVITY)).not.toHaveProperty('lti_storage_target');
  });

  test.each([
    ['nobody', ACTIVITY, 401],
    ['student-1', '/launch/link/activity-99', 404],
    ['student-1', '/launch/picker', 403],
    ['student-1', '/launch/review/activity-1/student-2', 403],
    ['teacher-1', '/launch/review/activity-1/student-99', 404],
  ])('%s opening %s is answered %i', async (person, path, status) => {
    const visitor = await signIn(lms, person);
    expect((await visitor.get(path)).status).toBe(status);
  });
});

describe('a launch', () => {
  test('tells the tool all about a student’s link', async () => {
    const visitor = await signIn(lms, 'student-1');
    const { action, fields } = await visitor.authenticate(requestFor(await visitor.startLogin(ACTIVITY)));
    expect({ action, state: fields['state'] }).toEqual({ action: `${TOOL}/lti/launch`, state: 'state-1' });
    expect(await verified(fields['id_token'])).toEqual({
      iss: lms.url,
      aud: lms.registration.clientId,
      sub: 'student-1',
      nonce: 'nonce-1',
      iat: NOW / 1000,
      nbf: NOW / 1000,
      exp: NOW / 1000 + 1800,
      locale: 'en-CA',
      name: 'Student One',
      given_name: 'Student',
      family_name: 'One',
      email: 'student.one@demo.invalid',
      [`${CLAIM}/message_type`]: 'LtiResourceLinkRequest',
      [`${CLAIM}/version`]: '1.3.0',
      [`${CLAIM}/deployment_id`]: lms.registration.deploymentId,
      [`${CLAIM}/target_link_uri`]: `${TOOL}/lti/launch`,
      [`${CLAIM}/resource_link`]: {
        id: 'activity-1',
        title: 'My certifications and badges',
        description: expect.stringContaining('certification'),
      },
      [`${CLAIM}/context`]: {
        id: 'course-1',
        label: 'SHSM-HW',
        title: 'SHSM Health and Wellness',
        type: ['http://purl.imsglobal.org/vocab/lis/v2/course#CourseOffering'],
      },
      [`${CLAIM}/roles`]: [
        'http://purl.imsglobal.org/vocab/lis/v2/membership#Learner',
        'http://purl.imsglobal.org/vocab/lis/v2/institution/person#Student',
      ],
      [`${CLAIM}/custom`]: { sector: 'health-wellness', kind: 'record', points: '10', scoring: 'rubric' },
      [`${CLAIM}/tool_platform`]: expect.objectContaining({ product_family_code: 'demo-lms' }),
      [`${CLAIM}/launch_presentation`]: {
        document_target: 'iframe',
        locale: 'en-CA',
        return_url: `${lms.url}/course/return`,
      },
      'https://purl.imsglobal.org/spec/lti-ags/claim/endpoint': {
        scope: [
          'https://purl.imsglobal.org/spec/lti-ags/scope/lineitem',
          'https://purl.imsglobal.org/spec/lti-ags/scope/lineitem.readonly',
          'https://purl.imsglobal.org/spec/lti-ags/scope/result.readonly',
          'https://purl.imsglobal.org/spec/lti-ags/scope/score',
        ],
        lineitems: `${lms.url}/lti/courses/course-1/line-items?type_id=1`,
        lineitem: `${lms.url}/lti/courses/course-1/line-items/column-1?type_id=1`,
      },
      'https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice': {
        context_memberships_url: `${lms.url}/lti/courses/course-1/members`,
        service_versions: ['2.0'],
      },
    });
  });

  test('follows the language that was chosen', async () => {
    const claims = await launch('student-1', ACTIVITY, 'fr');
    expect([claims['locale'], claims['name'], claims[`${CLAIM}/context`]]).toEqual([
      'fr-CA',
      'Élève Un',
      expect.objectContaining({ title: 'MHS Santé et bien-être' }),
    ]);
  });

  test('of a teacher carries the roles of one', async () => {
    expect((await launch('teacher-1'))[`${CLAIM}/roles`]).toEqual([
      'http://purl.imsglobal.org/vocab/lis/v2/membership#Instructor',
      'http://purl.imsglobal.org/vocab/lis/v2/institution/person#Faculty',
    ]);
  });

  test.each([
    ['everything', ['email', 'family_name', 'given_name', 'name']],
    ['names-only', ['family_name', 'given_name', 'name']],
    ['email-only', ['email']],
    ['nothing', []],
  ] as const)('with privacy “%s” tells only %j of a person', async (privacy, told) => {
    lms.settings.privacy = privacy;
    const personal = ['email', 'family_name', 'given_name', 'name'];
    expect(
      Object.keys(await launch('student-1'))
        .filter((claim) => personal.includes(claim))
        .sort(),
    ).toEqual(told);
  });

  test('can come without a course, as where Brightspace’s Org Unit Information is off', async () => {
    lms.settings.sendContext = false;
    const claims = await launch('student-1');
    expect(Object.keys(claims).filter((name) => /context|namesrole/.test(name))).toEqual([]);
  });

  test('for a submission review names the student', async () => {
    const claims = await launch('teacher-1', '/launch/review/activity-1/student-2');
    expect([claims['sub'], claims[`${CLAIM}/message_type`], claims[`${CLAIM}/for_user`]]).toEqual([
      'teacher-1',
      'LtiSubmissionReviewRequest',
      {
        user_id: 'student-2',
        name: 'Student Two',
        roles: [
          'http://purl.imsglobal.org/vocab/lis/v2/membership#Learner',
          'http://purl.imsglobal.org/vocab/lis/v2/institution/person#Student',
        ],
      },
    ]);
  });

  test('is signed with the newest key after a rotation, and the old key stays published', async () => {
    const keySet = async () =>
      ((await (await fetch(lms.registration.jwksUrl)).json()) as { keys: { kid: string }[] }).keys.map(
        ({ kid }) => kid,
      );
    const before = await keySet();
    await lms.keys.rotate();
    expect(await keySet()).toEqual([...before, lms.keys.current().kid]);
    expect(await launch('student-1')).toMatchObject({ sub: 'student-1' });
  });
});

describe('the authentication endpoint', () => {
  test.each([
    ['scope', 'openid email'],
    ['response_type', 'code'],
    ['response_mode', 'query'],
    ['prompt', 'login'],
    ['nonce', ''],
    ['login_hint', ''],
    ['lti_message_hint', ''],
  ])('answers invalid_request to the tool when %s is “%s”', async (name, value) => {
    const visitor = await signIn(lms, 'student-1');
    const request = requestFor(await visitor.startLogin(ACTIVITY));
    expect(await visitor.authenticate({ ...request, [name]: value })).toEqual({
      action: `${TOOL}/lti/launch`,
      fields: { error: 'invalid_request', error_description: `missing or wrong: ${name}`, state: 'state-1' },
    });
  });

  test.each([
    'scope',
    'response_type',
    'response_mode',
    'prompt',
    'nonce',
    'state',
    'login_hint',
    'lti_message_hint',
  ])('answers invalid_request when %s is missing or comes twice', async (name) => {
    const visitor = await signIn(lms, 'student-1');
    const { [name]: value = '', ...rest } = requestFor(await visitor.startLogin(ACTIVITY));
    const without = await visitor.authenticate(rest);
    const query = `${new URLSearchParams(rest)}&${name}=${value}&${name}=${value}`;
    const twice = await readForm(await visitor.get(`/lti/auth?${query}`));
    expect([without.fields['error'], twice.fields['error']]).toEqual(['invalid_request', 'invalid_request']);
  });

  test.each([
    ['client_id', 'another-tool'],
    ['redirect_uri', `${TOOL}/lti/launch/`],
    ['redirect_uri', `${TOOL}/lti/launch?a=b`],
    ['redirect_uri', 'http://localhost:4998/lti/launch'],
  ])('answers nobody when %s is %s', async (name, value) => {
    const visitor = await signIn(lms, 'student-1');
    const request = requestFor(await visitor.startLogin(ACTIVITY));
    const response = await visitor.get(`/lti/auth?${new URLSearchParams({ ...request, [name]: value })}`);
    expect([response.status, await response.text()]).toEqual([400, expect.not.stringContaining('<form')]);
  });

  test('takes only the hints that it gave out, unaltered and for that person', async () => {
    const visitor = await signIn(lms, 'student-1');
    const request = requestFor(await visitor.startLogin(ACTIVITY));
    const altered = await visitor.authenticate({
      ...request,
      lti_message_hint: `${request['lti_message_hint']}x`,
    });
    const another = await visitor.authenticate({ ...request, login_hint: 'teacher-1' });
    expect([altered.fields['error'], another.fields['error']]).toEqual([
      'invalid_request',
      'invalid_request',
    ]);
  });

  test('asks for a new login when someone else sits at the browser', async () => {
    const student = await signIn(lms, 'student-1');
    const request = requestFor(await student.startLogin(ACTIVITY));
    const teacher = await signIn(lms, 'teacher-1');
    expect((await teacher.authenticate(request)).fields['error']).toBe('login_required');
  });

  test('takes a POST as well', async () => {
    const visitor = await signIn(lms, 'student-1');
    const request = requestFor(await visitor.startLogin(ACTIVITY));
    const { fields } = await readForm(await visitor.post('/lti/auth', request));
    expect(await verified(fields['id_token'])).toMatchObject({ sub: 'student-1' });
  });
});
