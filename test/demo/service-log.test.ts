import { beforeAll, expect, test } from 'vitest';
import { call, type DemoServices, SCOPE, SCORE_JSON, startDemoServices } from '../support/demo-services.ts';

let demo: DemoServices;

beforeAll(async () => {
  demo = await startDemoServices();
  return demo.close;
});

test('the service log says what was refused and why, and holds no token', async () => {
  const token = await demo.tool.token(demo.lms, SCOPE.score);
  await call(token, 'POST', demo.scores, {}, SCORE_JSON);
  const calls = demo.lms.log.calls();
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
