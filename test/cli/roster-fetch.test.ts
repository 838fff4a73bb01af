import { afterAll, beforeAll, expect, test } from 'vitest';
import { rosterFetch } from '../../src/cli/roster-fetch.ts';
import { openActivity } from '../support/in-course.ts';
import { runCommand } from '../support/run-command.ts';
import { startWholeTool, type WholeTool } from '../support/whole-tool.ts';

let tool: WholeTool;
let platformId: string;
beforeAll(async () => {
  tool = await startWholeTool({ studentCount: 7 });
  platformId = (await tool.app.store.platforms())[0]?.id ?? '';
  await openActivity(tool.lms, 'student-1');
});
afterAll(() => tool.stop());

const course = () => ({ platformId, deploymentId: 'demo-deployment', contextId: 'course-1' });

test('the class list is read now, beside a running server', async () => {
  const command = await runCommand(['roster', 'fetch', platformId, 'course-1', '--json'], tool.env);
  expect([command.code, JSON.parse(command.stdout)]).toEqual([
    0,
    {
      platform: platformId,
      context: 'course-1',
      lists: [{ deployment: 'demo-deployment', members: 8, complete: true, error: null }],
    },
  ]);
  expect(await tool.app.store.members(course())).toHaveLength(8);
});

test('an LMS that says no is code 1, with why, and it is kept', async () => {
  tool.lms.faults.set({ roster: { status: 403 } });
  expect(await rosterFetch(tool.config, platformId, 'course-1')).toMatchObject({
    code: 1,
    data: { lists: [{ members: null, error: { key: 'service-refused', status: 403 } }] },
    text: 'demo-deployment  could not be read: service-refused (403)',
  });
  expect(await tool.app.store.roster(course())).toMatchObject({ problem: { key: 'service-refused' } });
});

test.each([
  ['an unknown course', () => [platformId, 'course-2']],
  ['an unknown platform', () => ['nowhere', 'course-1']],
])('%s is code 1', async (_what, where) => {
  const [platform = '', context = ''] = where();
  expect(await rosterFetch(tool.config, platform, context)).toMatchObject({
    code: 1,
    data: { error: 'unknown course' },
  });
});
