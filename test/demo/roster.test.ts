import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { call, type DemoServices, SCOPE, startDemoServices } from '../support/demo-services.ts';

let demo: DemoServices;

beforeAll(async () => {
  demo = await startDemoServices();
  return demo.close;
});

describe('the roster', () => {
  beforeEach(() => {
    Object.assign(demo.lms.settings, { privacy: 'everything', rosterPageSize: 50 });
  });

  const members = async (query = '') => {
    const token = await demo.tool.token(demo.lms, SCOPE.roster);
    const answer = await call(token, 'GET', demo.members + query);
    return { ...answer, ids: answer.body.members?.map((member: { user_id: string }) => member.user_id) };
  };

  test('names everyone of the course with their roles', async () => {
    const { body, headers } = await members('?limit=1');
    expect([headers.get('content-type'), body]).toEqual([
      'application/vnd.ims.lti-nrps.v2.membershipcontainer+json',
      {
        id: demo.members,
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
    demo.lms.settings.rosterPageSize = 4;
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
    demo.lms.settings.privacy = 'nothing';
    const { body } = await members();
    expect(Object.keys(body.members[0]).sort()).toEqual(['roles', 'status', 'user_id']);
  });
});
