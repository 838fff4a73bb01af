import { afterEach, beforeEach, expect, test } from 'vitest';
import type { FetchRoster } from '../../src/domain/ports/roster.ts';
import { createFetchRoster } from '../../src/lti/roster.ts';
import { COURSE, NOW } from '../support/build.ts';
import { createClock } from '../support/clock.ts';
import { type GradePlatform, startGradePlatform } from '../support/grade-platform.ts';
import { createPassbackRig } from '../support/passback-rig.ts';

const ROLE = 'http://purl.imsglobal.org/vocab/lis/v2/membership#';
const course = { ...COURSE, platformId: 'p' };

let platform: GradePlatform;
let rig: ReturnType<typeof createPassbackRig>;
let fetchRoster: FetchRoster;
beforeEach(async () => {
  const clock = createClock();
  platform = await startGradePlatform(clock);
  rig = createPassbackRig({ p: platform }, clock);
  fetchRoster = createFetchRoster({ call: rig.call, now: clock.now });
});
afterEach(async () => {
  await rig.store.close();
  await platform.close();
});

const read = () => fetchRoster({ ...course, membershipsUrl: platform.membershipsUrl });
const member = (userId: string, over: object = {}) => ({
  ...course,
  userId,
  role: 'student',
  name: null,
  email: null,
  studentNumber: null,
  status: 'active',
  lastSeenAt: NOW,
  ...over,
});

test('the whole class comes through all pages, with what the LMS shares', async () => {
  platform.settings.members = [
    {
      user_id: 'u1',
      roles: [`${ROLE}Learner`],
      name: 'Student One',
      email: 'one@example.test',
      status: 'Active',
      lis_person_sourcedid: '123-456-789',
    },
    { user_id: 'u2', roles: ['Learner'], given_name: 'Student', family_name: 'Two' },
    { user_id: 'u3', roles: [`${ROLE}Instructor`, `${ROLE}Learner`], status: 'Active' },
    { user_id: 'u4', roles: [`${ROLE}Learner`], status: 'Inactive' },
    { user_id: 'u5', roles: [`${ROLE}Learner`], status: 'Deleted' },
    { user_id: 6, roles: 'Learner', name: 7, email: '' },
  ];
  expect(await read()).toEqual({
    kind: 'list',
    isComplete: true,
    items: [
      member('u1', { name: 'Student One', email: 'one@example.test', studentNumber: '123-456-789' }),
      member('u2', { name: 'Student Two' }),
      member('u3', { role: 'teacher' }),
      member('u4', { status: 'departed' }),
      member('u5', { status: 'departed' }),
      member('6'),
    ],
  });
  expect(platform.seen.map((request) => request.url).slice(1)).toEqual([
    `${platform.origin}/roster?rlid=link-1&limit=100`,
    `${platform.origin}/roster?rlid=link-1&limit=100&from=2`,
    `${platform.origin}/roster?rlid=link-1&limit=100&from=4`,
  ]);
});

test('people without a role in the course and entries that are none are left out', async () => {
  platform.settings.members = [
    { user_id: 'guest', roles: ['http://purl.imsglobal.org/vocab/lis/v2/institution/person#Student'] },
    { user_id: 'mentor', roles: [`${ROLE}Mentor`] },
    { user_id: 'none', roles: null },
    { roles: ['Learner'] },
    null,
    { user_id: 'u1', roles: ['Learner'] },
  ];
  expect(await read()).toEqual({ kind: 'list', isComplete: true, items: [member('u1')] });
});

test('someone on two pages is one person, as on the later page', async () => {
  platform.settings.members = [
    { user_id: 'u1', roles: ['Learner'], name: 'Student One' },
    { user_id: 'u2', roles: ['Learner'] },
    { user_id: 'u1', roles: ['Learner'], status: 'Inactive' },
  ];
  expect(await read()).toMatchObject({ items: [member('u1', { status: 'departed' }), member('u2')] });
});

test.each<[string, () => string]>([
  ['in a circle', () => `${platform.origin}/roster?rlid=link-1&limit=100`],
  ['to another origin', () => 'http://localhost:1/roster'],
])('pages that lead %s end, and the list says that it is not complete', async (_, next) => {
  platform.settings.members = [{ user_id: 'u1', roles: ['Learner'] }];
  platform.settings.nextLink = next;
  expect(await read()).toEqual({ kind: 'list', isComplete: false, items: [member('u1')] });
  expect(platform.count('roster')).toBe(1);
});

test('pages without end are cut', async () => {
  platform.settings.nextLink = (page) => `${platform.membershipsUrl}&from=${(page + 1) * 2}`;
  expect(await read()).toEqual({ kind: 'list', isComplete: false, items: [] });
  expect(platform.count('roster')).toBe(100);
});

test.each<[string, () => unknown, object]>([
  [
    'a service that is not offered',
    () => platform.settings.scopes.splice(0),
    { lasting: true, error: { key: 'service-not-allowed' } },
  ],
  [
    'a refusal',
    () => platform.fail('roster', { status: 403 }),
    { lasting: true, error: { key: 'service-refused' } },
  ],
  [
    'a page in place of a list',
    () => platform.fail('roster', { status: 200, body: '<html>' }),
    { lasting: false, error: { key: 'service-not-understood' } },
  ],
  [
    'an LMS that is down',
    () => platform.fail('roster', 'reset'),
    { lasting: false, error: { key: 'lms-unavailable' } },
  ],
])('%s is a value', async (_, arrange, problem) => {
  arrange();
  expect(await read()).toMatchObject({ kind: 'problem', ...problem });
});

test('a course without the service is a value', async () => {
  expect(await fetchRoster({ ...course, membershipsUrl: null })).toMatchObject({
    kind: 'problem',
    lasting: true,
    error: { key: 'no-roster-service' },
  });
});
