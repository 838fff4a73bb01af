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
  'the whole journey in Chromium, in a frame on another site, with third-party cookies blocked',
  async ({ newPage }) => {
    const { lms } = tool;
    const page = await newPage();
    page.setDefaultTimeout(8_000);
    await blockThirdPartyCookies(page);
    const frame = page.frameLocator('iframe[name=activity]');
    const open = async (person: string) => {
      await page.goto(lms.url);
      await page.locator(`button[name=person][value=${person}]`).click();
      await page.goto(`${lms.url}/course/activities/activity-1`);
    };

    await open('student-1');
    await frame.getByRole('link', { name: 'Hand in a badge' }).click();
    const badge = lms.samples.all.find(
      ({ award, locale }) => award.id === 'standard-first-aid' && locale === 'en',
    );
    if (badge === undefined) throw new Error('no sample badge');
    await frame.getByLabel('A file or a photo').check();
    await frame.getByLabel('Choose the file or take a photo').setInputFiles({
      name: badge.fileName,
      mimeType: badge.contentType,
      buffer: await badge.bytes(),
    });
    await frame
      .getByRole('textbox', { name: /What did you learn/ })
      .fill('I would stay calm and call for help.');
    await frame.locator('#save-status').getByText('Saved').waitFor();
    await frame.getByRole('button', { name: 'Hand in' }).click();
    await frame.getByRole('heading', { name: 'Verified: this badge is genuine' }).waitFor();

    await open('teacher-1');
    await frame.locator('main a[href*="/submissions/"]').first().click();
    await frame.locator('#counts').getByRole('radio').first().check();
    for (const criterion of await frame.locator('fieldset.levels').all())
      await criterion.getByRole('radio').last().check();
    await frame.getByRole('textbox', { name: /comment/i }).fill('Very clear.');
    await frame.locator('button[value=accepted]').click();
    await frame.getByRole('status').first().waitFor();

    await page.goto(`${lms.url}/course/grades`);
    const row = page.getByRole('row', { name: /Student One/ });
    await row.getByText('10 / 10').waitFor({ timeout: 2_000 });
    expect(await row.locator('[data-cell=comment]').textContent()).toBe('Very clear.');
    const cookies = await page.context().cookies(tool.config.publicUrl);
    expect(cookies.map(({ httpOnly, secure, sameSite }) => ({ httpOnly, secure, sameSite }))).toEqual(
      cookies.map(() => ({ httpOnly: true, secure: true, sameSite: 'None' })),
    );
  },
);
