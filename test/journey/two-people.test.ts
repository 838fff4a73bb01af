import type { FrameLocator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { browserTest } from '../support/browser-test.ts';
import { launchFrom } from '../support/in-course.ts';
import { startWholeTool, type WholeTool } from '../support/whole-tool.ts';

const LTI = 'https://purl.imsglobal.org/spec/lti/claim';

let tool: WholeTool;
beforeAll(async () => {
  tool = await startWholeTool();
});
afterAll(() => tool.stop());

async function openActivity(page: Page, person: string): Promise<FrameLocator> {
  await page.goto(tool.lms.url);
  await page.locator(`button[name=person][value=${person}]`).click();
  await page.goto(`${tool.lms.url}/course/activities/activity-1`);
  return page.frameLocator('iframe[name=activity]');
}

browserTest(
  'two people one after the other in one browser, in two tabs, never see each other’s page',
  async ({ newPage }) => {
    const first = await newPage();
    first.setDefaultTimeout(20_000);
    const one = await openActivity(first, 'student-1');
    await one.getByRole('link', { name: 'Hand in a badge' }).click();
    await one.getByRole('textbox', { name: /What did you learn/ }).fill('Written by the first person.');
    await one.locator('#save-status').getByText('Saved').waitFor();

    const second = await first.context().newPage();
    second.setDefaultTimeout(20_000);
    const two = await openActivity(second, 'student-2');
    await two.getByRole('link', { name: 'Hand in a badge' }).waitFor();
    expect(await two.locator('main').textContent()).not.toContain('Written by the first person');

    // What the first tab still shows belongs to somebody else now: it is refused, not filed under the second person.
    await one.getByRole('textbox', { name: /What did you learn/ }).fill('More by the first person.');
    await one.getByRole('button', { name: 'Hand in' }).click();
    await one.locator('.notice').waitFor();
    const filed = await tool.app.store.submissionsBy(await course(), 'student-2');
    expect(filed).toEqual([]);
  },
);

test('one person with two courses in two tabs works in each, and nothing of one gets into the other', async () => {
  const one = await launchFrom(tool.lms, 'student-2', '/launch/link/activity-1');
  const elsewhere = { id: 'course-2', title: 'Another course', label: 'C2', type: [] };
  const two = await launchFrom(tool.lms, 'student-2', '/launch/link/activity-1', {
    visitor: one.visitor,
    claims: (usual) => ({
      ...usual,
      [`${LTI}/context`]: elsewhere,
      [`${LTI}/resource_link`]: { id: 'link-of-course-2', title: 'Another activity' },
    }),
  });
  expect(two.page.url).not.toBe(one.page.url);
  // The second tab was opened last; the first is worked in first.
  for (const [tab, certificate] of [
    [one, 'First Aid of course one'],
    [two, 'Ladder Safety of course two'],
  ] as const) {
    const form = await tab.visitor.follow(tab.page, 'a[href$="/new"]');
    const done = await tab.visitor.send(
      form,
      'form[data-draft]',
      { way: 'typed', title: certificate, reflection: 'What I learned there and where I use it.' },
      'action=save',
    );
    expect([done.status, new URL(done.url).pathname.split('/')[2]]).toEqual([
      200,
      new URL(tab.page.url).pathname.split('/')[2],
    ]);
  }
  const here = await course();
  const filed = await Promise.all(
    [here, { ...here, contextId: 'course-2' }].map((place) =>
      tool.app.store.submissionsBy(place, 'student-2'),
    ),
  );
  expect(filed.map((of) => of.map((one) => one.input.typed.title))).toEqual([
    ['First Aid of course one'],
    ['Ladder Safety of course two'],
  ]);
  expect((await one.visitor.open(one.page.url)).text).not.toContain('Ladder Safety');
  expect((await two.visitor.open(two.page.url)).text).not.toContain('First Aid of course one');
});

async function course() {
  const [platform] = await tool.app.store.platforms();
  const { deploymentId } = tool.lms.registration;
  return { platformId: platform?.id ?? '', deploymentId, contextId: tool.lms.course.id };
}
