import type { FrameLocator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect } from 'vitest';
import { browserTest } from '../support/browser-test.ts';
import { startWholeTool, type WholeTool } from '../support/whole-tool.ts';

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

async function course() {
  const [platform] = await tool.app.store.platforms();
  const { deploymentId } = tool.lms.registration;
  return { platformId: platform?.id ?? '', deploymentId, contextId: tool.lms.course.id };
}
