import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect } from 'vitest';
import { type DemoLms, startDemoLms } from '../../src/demo/demo-lms.ts';
import { blockThirdPartyCookies } from '../support/browser.ts';
import { browserTest } from '../support/browser-test.ts';
import { startTrialTool, type TrialTool } from '../support/trial-tool.ts';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
let tool: TrialTool;
let lms: DemoLms;

beforeAll(async () => {
  tool = await startTrialTool(Date.now);
});
afterAll(() => tool.close());
beforeEach(async () => {
  lms = await startDemoLms({ port: 0, toolUrl: tool.url, samplesDir: null, now: Date.now });
  return lms.close;
});

async function enter(page: Page, personId: string, locale = 'en'): Promise<void> {
  await page.goto(`${lms.url}/?lang=${locale}`);
  await page.click(`button[value=${personId}]`);
  await page.waitForURL(`${lms.url}/course`);
}

browserTest(
  'an activity opens in a frame of another site, with third-party cookies blocked',
  async ({ newPage }) => {
    const page = await newPage();
    await blockThirdPartyCookies(page);
    await enter(page, 'student-1', 'fr');
    await page.click('text=Mes certifications et badges');
    const frame = page.frameLocator('iframe');
    expect(await frame.locator('p').textContent()).toBe('Élève Un, fr-CA');
  },
);

browserTest('everything works without JavaScript, with one press more', async ({ newPage }) => {
  const page = await newPage({ javaScriptEnabled: false });
  await enter(page, 'student-2');
  await page.click('text=My certifications and badges');
  await page.frameLocator('iframe').locator('text=Continue').click();
  expect(await page.frameLocator('iframe').locator('p').textContent()).toBe('Student Two, en-CA');
});

browserTest('a teacher adds an activity with the tool’s picker', async ({ newPage }) => {
  const page = await newPage();
  await enter(page, 'teacher-1');
  await page.click('text=Add an activity');
  const frame = page.frameLocator('iframe');
  await frame.locator('text=Add it').click();
  await frame.locator('text=Back to the course').click();
  await page.waitForURL(`${lms.url}/course`);
  expect(await page.locator('.activity-item').allInnerTexts()).toEqual([
    expect.stringContaining('10 points'),
    expect.stringMatching(/^CPR only\s+2 points$/),
  ]);
});

browserTest('the gradebook follows the tool, and leads a teacher to the work', async ({ newPage }) => {
  const page = await newPage();
  await enter(page, 'teacher-1');
  await page.click('text=Gradebook');
  lms.gradebook.record(
    'column-1',
    {
      userId: 'student-1',
      scoreGiven: 7,
      scoreMaximum: 10,
      comment: 'Well done.',
      timestamp: Date.now(),
      activityProgress: 'Completed',
      gradingProgress: 'FullyGraded',
      submittedAt: null,
      scoringUserId: null,
    },
    false,
  );
  await page.locator('tr[data-user=student-1] >> text=7 / 10').waitFor();
  await page.click('text=Review >> nth=1');
  expect(await page.frameLocator('iframe').locator('p').textContent()).toBe('Teacher One, en-CA');
  expect(lms.log.calls().some(({ note }) => note === 'submission-review launch of teacher-1')).toBe(true);
});

browserTest(
  'a frame can keep a value with the platform, and no other origin can read it',
  async ({ newPage }) => {
    const page = await newPage();
    await enter(page, 'student-1');
    await page.goto(`${lms.url}/course/activities/activity-1`);
    await page.frameLocator('iframe').locator('p').waitFor();
    const ask = (frameUrl: string, message: Record<string, string>) =>
      page.frame({ url: (url) => url.href.startsWith(frameUrl) })?.evaluate(
        `new Promise((resolve) => {
           addEventListener('message', ({ data, origin }) => resolve({ ...data, origin }), { once: true });
           parent.postMessage(${JSON.stringify(message)}, '${lms.url}');
         })`,
      );
    expect(
      await ask(tool.url, { subject: 'lti.put_data', message_id: 'm1', key: 'state_1', value: 's' }),
    ).toEqual({
      subject: 'lti.put_data.response',
      message_id: 'm1',
      key: 'state_1',
      value: 's',
      origin: lms.url,
    });
    const get = { subject: 'lti.get_data', message_id: 'm2', key: 'state_1' };
    expect(await ask(tool.url, get)).toMatchObject({ key: 'state_1', value: 's' });
    await page.evaluate(`document.querySelector('iframe').src = '/course/return'`);
    await page.frameLocator('iframe').locator('text=Back in the course').waitFor();
    expect(await ask(`${lms.url}/course/return`, get)).toMatchObject({ key: 'state_1', value: null });
  },
);

browserTest(
  'no page has an accessibility fault or is wider than a phone, in either language',
  async ({ newPage }) => {
    const page = await newPage({ viewport: { width: 360, height: 740 } });
    const faults: string[] = [];
    for (const locale of ['en', 'fr']) {
      await enter(page, 'teacher-1', locale);
      for (const path of [
        '/course',
        '/course/grades',
        '/course/samples',
        '/course/calls',
        '/issuer',
        '/nowhere',
        '/',
      ]) {
        await page.goto(lms.url + path);
        await page.evaluate(AXE);
        const found = (await page.evaluate(
          `axe.run().then(({ violations }) => violations.map(({ id, nodes }) => id + ' ' + nodes[0].html))`,
        )) as string[];
        faults.push(...found.map((fault) => `${locale} ${path}: ${fault}`));
        if (await page.evaluate('document.documentElement.scrollWidth > innerWidth'))
          faults.push(`${path} is too wide`);
      }
    }
    expect(faults).toEqual([]);
  },
);
