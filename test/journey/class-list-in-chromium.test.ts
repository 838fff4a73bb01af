import { afterAll, beforeAll, expect } from 'vitest';
import { browserTest } from '../support/browser-test.ts';
import { startWholeTool, type WholeTool } from '../support/whole-tool.ts';

let tool: WholeTool;
beforeAll(async () => {
  tool = await startWholeTool({
    studentCount: 60,
    settings: { rosterPageSize: 10 },
    faults: { roster: { delayMs: 400 } },
  });
});
afterAll(() => tool.stop());

browserTest(
  'names of the class appear one page of the list after the other, without a click',
  async ({ newPage }) => {
    const page = await newPage();
    page.setDefaultTimeout(15_000);
    await page.goto(tool.lms.url);
    await page.locator('button[name=person][value=teacher-1]').click();
    await page.goto(`${tool.lms.url}/launch/link/activity-1`);
    await page.waitForURL(/\/teacher$/);
    await page.goto(`${page.url()}/progress`);
    const names = page.locator('tbody th');
    const counts = new Set<number>();
    while ((await page.locator('[data-more]').count()) > 0) counts.add(await names.count());
    expect(await names.count()).toBe(60);
    expect([...counts].filter((count) => count > 0 && count < 60).length).toBeGreaterThan(1);
    expect(await page.locator('[data-live=roster]').innerText()).toMatch(/^Last read on/);
  },
);
