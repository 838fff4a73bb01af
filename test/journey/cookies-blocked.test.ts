import type { BrowserContext, FrameLocator, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect } from 'vitest';
import { type App, createApp } from '../../src/app.ts';
import { browserTest } from '../support/browser-test.ts';
import { freePort, startCookielessFrames } from '../support/cookieless-frames.ts';
import { createMemoryLog } from '../support/memory-log.ts';
import { aPlaceToRun, register } from '../support/whole-tool.ts';

let place: Awaited<ReturnType<typeof aPlaceToRun>>;
let app: App;
let browsers: Awaited<ReturnType<typeof startCookielessFrames>>;
beforeAll(async () => {
  place = await aPlaceToRun();
  const port = await freePort();
  app = await createApp({ ...place.config, port }, { log: createMemoryLog().log });
  await register(app.store, place.lms);
  await app.listen();
  browsers = await startCookielessFrames(place.config.port, () => port);
});
afterAll(async () => {
  await browsers.stop();
  await app.stop();
  await place.close();
});
beforeEach(() => {
  place.lms.settings.platformStorage = true;
});

async function openActivity(page: Page, person: string): Promise<FrameLocator> {
  await page.goto(place.lms.url);
  await page.locator(`button[name=person][value=${person}]`).click();
  await page.goto(`${place.lms.url}/course/activities/activity-1`);
  return page.frameLocator('iframe[name=activity]');
}

async function pressAndFollow(context: BrowserContext, frame: FrameLocator): Promise<Page> {
  const opened = context.waitForEvent('page');
  await frame.getByRole('button', { name: 'Open in a new window' }).click();
  const window = await opened;
  await window.waitForURL(/\/a\//);
  return window;
}

const loginsSince = (count: number) =>
  place.lms.log
    .calls()
    .slice(count)
    .filter((call) => call.path === '/lti/auth').length;

browserTest(
  'with every cookie blocked in the frame, the LMS page keeps the proof and the launch opens in a window of its own',
  async ({ newPage }) => {
    const page = await newPage();
    page.setDefaultTimeout(20_000);
    const before = place.lms.log.calls().length;
    const frame = await openActivity(page, 'student-1');
    await frame.getByRole('heading', { name: 'Your browser blocked our cookie' }).waitFor();
    await frame.locator('form[data-ready=proof]').waitFor();
    const window = await pressAndFollow(page.context(), frame);
    await window.getByRole('link', { name: 'Hand in a badge' }).waitFor();
    // The first sign-in was enough: its launch waited.
    expect(loginsSince(before)).toBe(1);
  },
);

browserTest(
  'without Platform Storage the new window signs in again, with all that the LMS sent',
  async ({ newPage }) => {
    place.lms.settings.platformStorage = false;
    const page = await newPage();
    page.setDefaultTimeout(20_000);
    const before = place.lms.log.calls().length;
    const frame = await openActivity(page, 'student-1');
    const window = await pressAndFollow(page.context(), frame);
    await window.getByRole('link', { name: 'Hand in a badge' }).waitFor();
    expect(loginsSince(before)).toBe(2);
  },
);
