import { afterAll, beforeAll, expect } from 'vitest';
import { blockThirdPartyCookies } from '../support/browser.ts';
import { browserTest } from '../support/browser-test.ts';
import { startWholeTool, type WholeTool } from '../support/whole-tool.ts';

let tool: WholeTool;
beforeAll(async () => {
  tool = await startWholeTool();
});
afterAll(() => tool.stop());

browserTest(
  'a teacher adds an activity in a frame of the LMS, with one press of a button',
  async ({ newPage }) => {
    const { lms } = tool;
    const page = await newPage();
    page.setDefaultTimeout(8_000);
    await blockThirdPartyCookies(page);
    const complaints: string[] = [];
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text());
    });
    await page.goto(lms.url);
    await page.locator('button[name=person][value=teacher-1]').click();
    await page.goto(`${lms.url}/course/add`);
    const frame = page.frameLocator('iframe[name=activity]');
    await frame.getByLabel('SHSM sector').selectOption('construction');
    await frame.getByLabel('One certification').check();
    await frame.getByLabel('Which certification').selectOption('standard-first-aid');
    await frame.getByLabel('Name of the activity').fill('First aid');
    await frame.getByRole('button', { name: 'Add to the course' }).click();
    await frame.getByText('“First aid” is now an activity').waitFor();
    expect(lms.course.link('activity-2')?.custom).toMatchObject({
      sector: 'construction',
      kind: 'certification',
      certification: 'standard-first-aid',
    });
    expect(complaints).toEqual([]);
  },
);
