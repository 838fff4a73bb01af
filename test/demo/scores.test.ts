import { beforeEach, describe, expect, test } from 'vitest';
import { call, type DemoServices, SCOPE, SCORE_JSON, startDemoServices } from '../support/demo-services.ts';

let demo: DemoServices;

beforeEach(async () => {
  demo = await startDemoServices();
  return demo.close;
});

describe('scores', () => {
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
    (await call(await demo.tool.token(demo.lms, SCOPE.score), 'POST', demo.scores, body, type)).status;

  test('land in the gradebook in the scale of the column, and in the results', async () => {
    expect(await post(score)).toBe(200);
    expect(demo.lms.gradebook.cells()).toEqual([
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
    const results = demo.results;
    const answer = await call(await demo.tool.token(demo.lms, SCOPE.results), 'GET', results);
    expect(answer.body).toEqual([
      {
        id: `${results}&user_id=student-1`,
        scoreOf: demo.column,
        userId: 'student-1',
        resultScore: 8,
        resultMaximum: 10,
        comment: 'Well done.',
        scoringUserId: 'teacher-1',
      },
    ]);
    const ofAnother = await call(
      await demo.tool.token(demo.lms, SCOPE.results),
      'GET',
      `${results}&user_id=student-2`,
    );
    expect(ofAnother.body).toEqual([]);
  });

  test('without points clear what was there', async () => {
    const { scoreGiven: _given, comment: _comment, ...rest } = score;
    await post(score);
    await post({ ...rest, timestamp: '2026-11-23T11:59:30Z', activityProgress: 'Submitted' });
    expect(demo.lms.gradebook.cell('column-1', 'student-1')).toMatchObject({
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
    expect([statuses, demo.lms.gradebook.cell('column-1', 'student-1')?.points]).toEqual([[409, 409], 8]);
    expect(await post({ ...at('2026-11-23T11:59:00.501Z'), scoreGiven: 3 })).toBe(200);
  });

  test('are compared in whole seconds when asked to be like Moodle', async () => {
    demo.lms.faults.set({ scoreClock: 'seconds' });
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
    expect([await post(body), demo.lms.gradebook.cells()]).toEqual([status, []]);
  });

  test('in plain JSON are refused', async () => {
    expect([await post(score, 'application/json'), demo.lms.gradebook.cells()]).toEqual([415, []]);
  });
});
