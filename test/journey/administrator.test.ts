import { afterAll, beforeAll, expect, test } from 'vitest';
import { createVisitor } from '../support/visitor.ts';
import { startWholeTool, type WholeTool } from '../support/whole-tool.ts';

let tool: WholeTool;
beforeAll(async () => {
  tool = await startWholeTool();
});
afterAll(() => tool.stop());

test('an administrator opens the activity, tests every service with a test student, and reads the launch log', async () => {
  const { lms } = tool;
  const columns = lms.gradebook.lineItems().length;
  const administrator = createVisitor();
  const course = await administrator.send(await administrator.open(lms.url), 'form[action="/sign-in"]', {
    person: 'administrator-1',
  });
  expect(course.status).toBe(200);
  const handOver = await administrator.open(`${lms.url}/launch/link/activity-1`);
  const overview = await administrator.send(handOver, '#hand-over', {});
  expect(overview.url).toMatch(/\/admin$/);

  const services = await administrator.follow(overview, 'nav a[href$="/services"]');
  const results = await administrator.send(services, 'form[action$="/services"]', {
    withScore: 'yes',
    user: 'student-1',
  });
  expect(results.html.querySelectorAll('.checks li').map((step) => step.getAttribute('class'))).toEqual(
    Array.from({ length: 7 }, () => 'pass'),
  );
  expect(lms.gradebook.lineItems()).toHaveLength(columns);

  const log = await administrator.follow(results, 'nav a[href$="/launches"]');
  expect(log.html.querySelector('textarea')?.textContent).toMatch(/ accepted .*role=administrator/);
});
