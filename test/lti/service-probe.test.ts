import { afterEach, beforeEach, expect, test } from 'vitest';
import type { ProbeServices } from '../../src/domain/service-probe.ts';
import { createFetchRoster } from '../../src/lti/roster.ts';
import { createServiceProbe } from '../../src/lti/service-probe.ts';
import { createClock } from '../support/clock.ts';
import { ALL_SCOPES, type GradePlatform, startGradePlatform } from '../support/grade-platform.ts';
import { createPassbackRig } from '../support/passback-rig.ts';

const ROLE = 'http://purl.imsglobal.org/vocab/lis/v2/membership#';

let platform: GradePlatform;
let rig: ReturnType<typeof createPassbackRig>;
let probe: ProbeServices;
beforeEach(async () => {
  const clock = createClock();
  platform = await startGradePlatform(clock);
  platform.settings.members = [{ user_id: 'student-1', name: 'Student One', roles: [`${ROLE}Learner`] }];
  rig = createPassbackRig({ p: platform }, clock);
  await rig.addPlatforms();
  const fetchRoster = createFetchRoster({ call: rig.call, now: clock.now });
  probe = createServiceProbe({ call: rig.call, fetchRoster, now: clock.now });
});
afterEach(async () => {
  await rig.store.close();
  await platform.close();
});

async function results(scoreFor: string | null, over: Parameters<typeof rig.launch>[1] = {}) {
  const steps = await probe(await rig.launch('p', over), { scoreFor });
  return Object.fromEntries(steps.map((step) => [step.id, step.problem ?? step.result]));
}
const routes = () => platform.seen.map((request) => request.route);

test('without the explicit wish no score is sent to anybody, and the test column is gone afterwards', async () => {
  expect(await results(null)).toEqual({
    'list-columns': 'pass',
    'create-column': 'pass',
    'read-column': 'pass',
    'send-score': 'skipped',
    'read-score': 'skipped',
    'delete-column': 'pass',
    'read-roster': 'pass',
  });
  expect(routes()).not.toContain('score');
  expect(platform.book.columns).toEqual([]);
});

test('with a test student the score is sent and read back', async () => {
  expect(await results('student-1')).toMatchObject({
    'send-score': 'pass',
    'read-score': 'pass',
    'delete-column': 'pass',
  });
  expect(platform.book.columns).toEqual([]);
});

test.each([
  ['the role cannot be graded', 422, 'not-gradeable'],
  ['the person is not enrolled', 403, 'not-enrolled'],
  ['the person does not exist', 404, 'unknown-student'],
])(
  'a score is refused because %s, and the column is deleted all the same',
  async (_name, status, problem) => {
    const body = {
      422: '',
      403: 'User in requested score is not enrolled in the org unit',
      404: 'User in requested score does not exist',
    }[status];
    platform.fail('score', { status, body: body ?? '' });
    expect(await results('student-1')).toMatchObject({
      'send-score': problem,
      'read-score': 'skipped',
      'delete-column': 'pass',
    });
  },
);

test.each([
  [
    'no gradebook service',
    { lineItemsUrl: null },
    { 'list-columns': 'no-grade-service', 'create-column': 'skipped' },
  ],
  ['no scopes', { scopes: [] }, { 'list-columns': 'scope-missing', 'create-column': 'scope-missing' }],
  [
    'reading only',
    { scopes: [ALL_SCOPES[1] ?? ''] },
    { 'list-columns': 'pass', 'create-column': 'scope-missing' },
  ],
  ['no class list', { membershipsUrl: null }, { 'read-roster': 'no-roster-service' }],
])('%s', async (_name, over, expected) => {
  expect(await results(null, over)).toMatchObject(expected);
});

test.each([
  ['nobody on it', [], 'roster-empty'],
  ['codes in place of names', [{ user_id: 'student-1', roles: [`${ROLE}Learner`] }], 'roster-nameless'],
])('a class list with %s says which switch to look at', async (_name, members, problem) => {
  platform.settings.members = members;
  expect(await results(null)).toMatchObject({ 'read-roster': problem });
});
