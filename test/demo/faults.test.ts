import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type DemoLms, startDemoLms } from '../../src/demo/demo-lms.ts';
import { startTrialTool, type TrialTool } from '../support/trial-tool.ts';

const NOW = Date.parse('2026-11-23T12:00:00Z');
const SCORE = 'https://purl.imsglobal.org/spec/lti-ags/scope/score';
let tool: TrialTool;
let lms: DemoLms;
let token: string;

beforeAll(async () => {
  tool = await startTrialTool(() => NOW);
  lms = await startDemoLms({ port: 0, toolUrl: tool.url, samplesDir: null, now: () => NOW });
  token = await tool.token(lms, SCORE);
});
afterAll(async () => {
  await lms.close();
  await tool.close();
});
beforeEach(() => lms.faults.clear());

let second = 0;
/** Posts the next score and answers the status, or 0 when the connection was cut. */
async function post(points: number): Promise<number> {
  second += 1;
  const answer = await fetch(`${lms.url}/lti/courses/course-1/line-items/column-1/scores?type_id=1`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/vnd.ims.lis.v1.score+json' },
    body: JSON.stringify({
      userId: 'student-1',
      scoreGiven: points,
      scoreMaximum: 10,
      timestamp: new Date(NOW + second * 1000).toISOString(),
      activityProgress: 'Completed',
      gradingProgress: 'FullyGraded',
    }),
  }).catch(() => null);
  return answer?.status ?? 0;
}
const points = () => lms.gradebook.cell('column-1', 'student-1')?.points ?? null;

test('says no as often as it was told, then is well', async () => {
  lms.faults.set({ scores: { status: 503, times: 2 } });
  expect([await post(1), await post(2), points(), await post(3), points()]).toEqual([503, 503, null, 200, 3]);
});

test('says how long to wait with a 429', async () => {
  lms.faults.set({ token: { status: 429, retryAfterSeconds: 7 } });
  const answer = await tool.askToken(lms, SCORE);
  expect([answer.status, answer.headers.get('retry-after')]).toEqual([429, '7']);
});

test('hangs up before the work is done, or after it so that only the answer is lost', async () => {
  lms.faults.set({ scores: { hangUp: 'before', times: 1 } });
  expect([await post(4), points()]).toEqual([0, 3]);
  lms.faults.set({ scores: { hangUp: 'after', times: 1 } });
  expect([await post(5), points()]).toEqual([0, 5]);
});

test('waits before it answers', async () => {
  lms.faults.set({ jwks: { delayMs: 60_000 } });
  const answer = fetch(lms.registration.jwksUrl, { signal: AbortSignal.timeout(100) });
  await expect(answer).rejects.toMatchObject({ name: 'TimeoutError' });
});

test('leaves the other endpoints alone', async () => {
  lms.faults.set({ roster: { status: 500 }, 'line-items': { status: 500 }, results: { status: 500 } });
  expect(await post(6)).toBe(200);
});

test('a busy LMS refuses its share, the same calls for the same seed', async () => {
  const run = async () => {
    lms.faults.set({ busy: { share: 0.5, seed: 7 } });
    const statuses: number[] = [];
    for (let i = 0; i < 24; i += 1) statuses.push(await post(7));
    return statuses;
  };
  const statuses = await run();
  expect(await run()).toEqual(statuses);
  expect(statuses.filter((status) => status !== 200).length).toBeGreaterThan(6);
  expect(statuses.filter((status) => status === 200).length).toBeGreaterThan(6);
});

test('goes off the network and comes back where it was', async () => {
  const before = points();
  await lms.goOffline();
  expect(await post(8)).toBe(0);
  await lms.goOnline();
  expect([points(), await post(9), points()]).toEqual([before, 200, 9]);
});
