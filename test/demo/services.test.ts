import { generateKeyPair } from 'jose';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { type DemoLms, startDemoLms } from '../../src/demo/demo-lms.ts';
import { startTrialTool, type TrialTool } from '../support/trial-tool.ts';

const NOW = Date.parse('2026-11-23T12:00:00Z');
const AGS = 'https://purl.imsglobal.org/spec/lti-ags/scope';
const SCORE = `${AGS}/score`;
const LINE_ITEM = `${AGS}/lineitem`;
const READ = `${AGS}/lineitem.readonly`;
const RESULTS = `${AGS}/result.readonly`;
const ROSTER = 'https://purl.imsglobal.org/spec/lti-nrps/scope/contextmembership.readonly';
const LINE_ITEM_JSON = 'application/vnd.ims.lis.v2.lineitem+json';
const SCORE_JSON = 'application/vnd.ims.lis.v1.score+json';

let tool: TrialTool;
let lms: DemoLms;
let lineItems: string;
let column: string;
let scores: string;

async function start(): Promise<() => Promise<void>> {
  lms = await startDemoLms({ port: 0, toolUrl: tool.url, samplesDir: null, now: () => NOW, studentCount: 5 });
  lineItems = `${lms.url}/lti/courses/course-1/line-items`;
  column = `${lineItems}/column-1?type_id=1`;
  scores = `${lineItems}/column-1/scores?type_id=1`;
  return lms.close;
}

beforeAll(async () => {
  tool = await startTrialTool(() => NOW);
});
afterAll(() => tool.close());

async function call(token: string, method: string, url: string, body?: unknown, type = LINE_ITEM_JSON) {
  const response = await fetch(url, {
    method,
    headers: { authorization: `Bearer ${token}`, ...(body !== undefined && { 'content-type': type }) },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: text === '' ? null : JSON.parse(text) };
}

describe('the token endpoint', () => {
  beforeAll(start);

  test('gives a bearer token for the scopes that were asked for', async () => {
    const response = await tool.askToken(lms, `${SCORE} ${ROSTER}`);
    expect([response.status, response.headers.get('cache-control'), await response.json()]).toEqual([
      200,
      'no-store',
      {
        access_token: expect.any(String),
        token_type: 'Bearer',
        expires_in: 3600,
        scope: `${SCORE} ${ROSTER}`,
      },
    ]);
  });

  test.each<[string, Record<string, unknown>]>([
    ['another issuer', { iss: 'another-tool' }],
    ['another subject', { sub: 'another-tool' }],
    ['another audience', { aud: 'https://lms.example/token' }],
    ['an expired assertion', { exp: NOW / 1000 - 120 }],
    ['an old assertion', { iat: NOW / 1000 - 3600 }],
    ['no jti', { jti: '' }],
    ['no exp', { exp: undefined }],
  ])('refuses %s', async (_name, different) => {
    const response = await tool.askToken(lms, SCORE, {
      client_assertion: await tool.assertion(lms, different),
    });
    expect([response.status, await response.json()]).toEqual([
      401,
      { error: 'invalid_client', error_description: expect.any(String) },
    ]);
  });

  test('refuses a list of audiences, as Brightspace does', async () => {
    const assertion = await tool.assertion(lms, { aud: [lms.registration.tokenUrl, lms.url] });
    expect((await tool.askToken(lms, SCORE, { client_assertion: assertion })).status).toBe(401);
  });

  test('refuses an assertion that was used before', async () => {
    const assertion = await tool.assertion(lms);
    const first = await tool.askToken(lms, SCORE, { client_assertion: assertion });
    const second = await tool.askToken(lms, SCORE, { client_assertion: assertion });
    expect([first.status, second.status]).toEqual([200, 401]);
  });

  test('refuses a signature of another key, and a key that the tool does not publish', async () => {
    const { privateKey } = await generateKeyPair('RS256');
    const claims = JSON.parse(
      Buffer.from((await tool.assertion(lms)).split('.')[1] ?? '', 'base64url').toString(),
    );
    const forged = await tool.askToken(lms, SCORE, { client_assertion: await tool.sign(claims, privateKey) });
    const unknown = await tool.askToken(lms, SCORE, {
      client_assertion: await tool.sign(claims, privateKey, 'k2'),
    });
    expect([forged.status, unknown.status]).toEqual([401, 401]);
  });

  test.each([
    ['grant_type', 'password', 'invalid_request'],
    ['client_assertion_type', 'saml', 'invalid_request'],
    ['scope', 'openid', 'invalid_scope'],
  ])('refuses %s “%s” with %s', async (name, value, error) => {
    const response = await tool.askToken(lms, SCORE, { [name]: value });
    expect([response.status, ((await response.json()) as { error: string }).error]).toEqual([400, error]);
  });
});

describe('every service', () => {
  beforeAll(start);
  afterEach(() => lms.faults.clear());

  const calls = [
    ['GET', () => lineItems, [READ, LINE_ITEM], SCORE],
    ['POST', () => lineItems, [LINE_ITEM], READ],
    ['GET', () => column, [READ, LINE_ITEM], SCORE],
    ['PUT', () => column, [LINE_ITEM], READ],
    ['POST', () => scores, [SCORE], LINE_ITEM],
    ['GET', () => scores.replace('scores', 'results'), [RESULTS], SCORE],
    ['GET', () => `${lms.url}/lti/courses/course-1/members`, [ROSTER], SCORE],
    ['DELETE', () => column, [LINE_ITEM], READ],
  ] as const;

  test.each(calls)('%s %s wants a live token with the right scope', async (method, url, right, wrong) => {
    const body = method === 'POST' || method === 'PUT' ? {} : undefined;
    const none = await call('made-up', method, url(), body);
    const other = await call(await tool.token(lms, wrong), method, url(), body);
    const fitting = await Promise.all(
      right.map(async (scope) => (await call(await tool.token(lms, scope), method, url(), body)).status),
    );
    expect([none.status, other.status]).toEqual([401, 403]);
    for (const status of fitting) expect([200, 204, 400, 415]).toContain(status);
  });

  test('refuses a token that has died', async () => {
    lms.faults.set({ tokenLifetimeSeconds: 0 });
    expect((await call(await tool.token(lms, READ), 'GET', lineItems)).status).toBe(401);
  });
});

describe('line items', () => {
  beforeEach(start);

  const wanted = {
    label: 'First aid',
    scoreMaximum: 5,
    resourceId: 'r-1',
    tag: 'badge',
    resourceLinkId: 'activity-1',
  };

  test('are created, read, changed and deleted', async () => {
    const token = await tool.token(lms, LINE_ITEM);
    const created = await call(token, 'POST', lineItems, wanted);
    const url = `${lineItems}/column-2?type_id=1`;
    expect([created.status, created.headers.get('content-type'), created.body]).toEqual([
      201,
      LINE_ITEM_JSON,
      { id: url, ...wanted },
    ]);
    expect((await call(token, 'GET', url)).body).toEqual({ id: url, ...wanted });
    const changed = await call(token, 'PUT', url, { ...wanted, label: 'CPR', scoreMaximum: 8 });
    expect([changed.status, changed.body]).toEqual([
      200,
      { id: url, ...wanted, label: 'CPR', scoreMaximum: 8 },
    ]);
    expect((await call(token, 'DELETE', url)).status).toBe(204);
    expect((await call(token, 'GET', url)).status).toBe(404);
  });

  test.each([
    ['resource_link_id=activity-1', ['column-1', 'column-2']],
    ['resource_id=r-1', ['column-2', 'column-3']],
    ['tag=badge', ['column-2']],
    ['resource_id=r-1&tag=other', ['column-3']],
    ['tag=none', []],
  ])('are found by %s', async (query, ids) => {
    const token = await tool.token(lms, LINE_ITEM);
    await call(token, 'POST', lineItems, wanted);
    await call(token, 'POST', lineItems, { label: 'CPR', scoreMaximum: 1, resourceId: 'r-1', tag: 'other' });
    const found = await call(token, 'GET', `${lineItems}?${query}`);
    expect(found.body.map((item: { id: string }) => new URL(item.id).pathname.split('/').at(-1))).toEqual(
      ids,
    );
  });

  test('come in pages, each naming the next', async () => {
    const token = await tool.token(lms, LINE_ITEM);
    for (const label of ['b', 'c']) await call(token, 'POST', lineItems, { label, scoreMaximum: 1 });
    const labels: string[] = [];
    let next: string | null = `${lineItems}?type_id=1&limit=2`;
    while (next !== null) {
      const page: Awaited<ReturnType<typeof call>> = await call(token, 'GET', next);
      labels.push(...page.body.map((item: { label: string }) => item.label));
      next = /<([^>]+)>; rel="next"/.exec(page.headers.get('link') ?? '')?.[1] ?? null;
    }
    expect(labels).toEqual(['My certifications and badges', 'b', 'c']);
  });

  test.each([
    ['no label', { scoreMaximum: 5 }, LINE_ITEM_JSON, 400],
    ['no maximum', { label: 'a' }, LINE_ITEM_JSON, 400],
    ['a maximum of 0', { label: 'a', scoreMaximum: 0 }, LINE_ITEM_JSON, 400],
    ['a link of another course', { ...wanted, resourceLinkId: 'elsewhere' }, LINE_ITEM_JSON, 404],
    ['plain JSON', wanted, 'application/json', 415],
  ])('with %s are refused', async (_name, body, type, status) => {
    const token = await tool.token(lms, LINE_ITEM);
    expect((await call(token, 'POST', lineItems, body, type)).status).toBe(status);
    expect(lms.gradebook.lineItems()).toHaveLength(1);
  });

  test('are not found when the query of their address is lost', async () => {
    const token = await tool.token(lms, LINE_ITEM);
    expect((await call(token, 'GET', `${lineItems}/column-1`)).status).toBe(404);
  });
});

describe('scores', () => {
  beforeEach(start);

  const score = {
    userId: 'student-1',
    scoreGiven: 4,
    scoreMaximum: 5,
    comment: 'Well done.',
    timestamp: '2026-11-23T11:59:00.500Z',
    activityProgress: 'Completed',
    gradingProgress: 'FullyGraded',
    submission: { submittedAt: '2026-11-23T11:00:00Z' },
    scoringUserId: 'teacher-1',
  };
  const at = (timestamp: string) => ({ ...score, timestamp });
  const post = async (body: unknown, type = SCORE_JSON) =>
    (await call(await tool.token(lms, SCORE), 'POST', scores, body, type)).status;

  test('land in the gradebook in the scale of the column, and in the results', async () => {
    expect(await post(score)).toBe(200);
    expect(lms.gradebook.cells()).toEqual([
      {
        lineItemId: 'column-1',
        userId: 'student-1',
        points: 8,
        score: {
          userId: 'student-1',
          scoreGiven: 4,
          scoreMaximum: 5,
          comment: 'Well done.',
          timestamp: Date.parse('2026-11-23T11:59:00.500Z'),
          activityProgress: 'Completed',
          gradingProgress: 'FullyGraded',
          submittedAt: Date.parse('2026-11-23T11:00:00Z'),
          scoringUserId: 'teacher-1',
        },
      },
    ]);
    const results = scores.replace('/scores', '/results');
    const answer = await call(await tool.token(lms, RESULTS), 'GET', results);
    expect(answer.body).toEqual([
      {
        id: `${results}&user_id=student-1`,
        scoreOf: column,
        userId: 'student-1',
        resultScore: 8,
        resultMaximum: 10,
        comment: 'Well done.',
        scoringUserId: 'teacher-1',
      },
    ]);
    const ofAnother = await call(await tool.token(lms, RESULTS), 'GET', `${results}&user_id=student-2`);
    expect(ofAnother.body).toEqual([]);
  });

  test('without points clear what was there', async () => {
    const { scoreGiven: _given, comment: _comment, ...rest } = score;
    await post(score);
    await post({ ...rest, timestamp: '2026-11-23T11:59:30Z', activityProgress: 'Submitted' });
    expect(lms.gradebook.cell('column-1', 'student-1')).toMatchObject({
      points: null,
      score: { comment: '' },
    });
  });

  test('change nothing unless their timestamp is later than the last', async () => {
    await post(score);
    const statuses = [
      await post({ ...at('2026-11-23T11:59:00.500Z'), scoreGiven: 1 }),
      await post({ ...at('2026-11-23T06:59:00.499-05:00'), scoreGiven: 2 }),
    ];
    expect([statuses, lms.gradebook.cell('column-1', 'student-1')?.points]).toEqual([[409, 409], 8]);
    expect(await post({ ...at('2026-11-23T11:59:00.501Z'), scoreGiven: 3 })).toBe(200);
  });

  test('are compared in whole seconds when asked to be like Moodle', async () => {
    lms.faults.set({ scoreClock: 'seconds' });
    await post(score);
    expect([await post(at('2026-11-23T11:59:00.900Z')), await post(at('2026-11-23T11:59:01.000Z'))]).toEqual([
      409, 200,
    ]);
  });

  test.each([
    ['no userId', { ...score, userId: undefined }, 400],
    ['no activityProgress', { ...score, activityProgress: undefined }, 400],
    ['no gradingProgress', { ...score, gradingProgress: undefined }, 400],
    ['an activityProgress of its own', { ...score, activityProgress: 'Done' }, 400],
    ['no timestamp', { ...score, timestamp: undefined }, 400],
    ['a timestamp without a zone', at('2026-11-23T11:59:00'), 400],
    ['points below zero', { ...score, scoreGiven: -1 }, 400],
    ['points and no maximum', { ...score, scoreMaximum: undefined }, 400],
    ['a maximum of 0', { ...score, scoreMaximum: 0 }, 400],
    ['a submission in the future', { ...score, submission: { submittedAt: '2026-11-23T12:02:00Z' } }, 400],
    ['a user of nowhere', { ...score, userId: 'student-99' }, 404],
    ['a teacher', { ...score, userId: 'teacher-1' }, 422],
  ])('with %s are refused', async (_name, body, status) => {
    expect([await post(body), lms.gradebook.cells()]).toEqual([status, []]);
  });

  test('in plain JSON are refused', async () => {
    expect([await post(score, 'application/json'), lms.gradebook.cells()]).toEqual([415, []]);
  });
});

describe('the roster', () => {
  beforeAll(start);
  beforeEach(() => {
    Object.assign(lms.settings, { privacy: 'everything', rosterPageSize: 50 });
  });

  const members = async (query = '') => {
    const token = await tool.token(lms, ROSTER);
    const answer = await call(token, 'GET', `${lms.url}/lti/courses/course-1/members${query}`);
    return { ...answer, ids: answer.body.members?.map((member: { user_id: string }) => member.user_id) };
  };

  test('names everyone of the course with their roles', async () => {
    const { body, headers } = await members('?limit=1');
    expect([headers.get('content-type'), body]).toEqual([
      'application/vnd.ims.lti-nrps.v2.membershipcontainer+json',
      {
        id: `${lms.url}/lti/courses/course-1/members`,
        context: { id: 'course-1', label: 'SHSM-HW', title: 'SHSM Health and Wellness' },
        members: [
          {
            status: 'Active',
            user_id: 'student-1',
            name: 'Student One',
            given_name: 'Student',
            family_name: 'One',
            email: 'student.one@demo.invalid',
            roles: [
              'http://purl.imsglobal.org/vocab/lis/v2/membership#Learner',
              'http://purl.imsglobal.org/vocab/lis/v2/institution/person#Student',
            ],
          },
        ],
      },
    ]);
  });

  test.each([
    ['?role=Instructor', ['teacher-1']],
    ['?role=http://purl.imsglobal.org/vocab/lis/v2/membership%23Instructor', ['teacher-1']],
    ['?role=Learner&limit=2', ['student-1', 'student-2']],
  ])('answers %s with %j', async (query, ids) => {
    expect((await members(query)).ids).toEqual(ids);
  });

  test('comes in pages of the size that the LMS likes', async () => {
    lms.settings.rosterPageSize = 4;
    const first = await members();
    const next = /<([^>]+)>; rel="next"/.exec(first.headers.get('link') ?? '')?.[1] ?? '';
    const second = await members(new URL(next).search);
    expect([first.ids, second.ids, second.headers.get('link')]).toEqual([
      ['student-1', 'student-2', 'student-3', 'student-4'],
      ['student-5', 'teacher-1'],
      null,
    ]);
  });

  test('keeps names and addresses to itself when told to', async () => {
    lms.settings.privacy = 'nothing';
    const { body } = await members();
    expect(Object.keys(body.members[0]).sort()).toEqual(['roles', 'status', 'user_id']);
  });
});

test('the service log says what was refused and why, and holds no token', async () => {
  onTestFinished(await start());
  const token = await tool.token(lms, SCORE);
  await call(token, 'POST', scores, {}, SCORE_JSON);
  const calls = lms.log.calls();
  expect(calls.map(({ method, path, status, note }) => [method, path, status, note])).toEqual([
    ['POST', '/lti/token', 200, 'score'],
    [
      'POST',
      '/lti/courses/course-1/line-items/column-1/scores',
      400,
      'missing or wrong: userId, timestamp, activityProgress, gradingProgress',
    ],
  ]);
  expect(JSON.stringify(calls)).not.toContain(token);
});
