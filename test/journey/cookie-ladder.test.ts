import type { FrameLocator, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect } from 'vitest';
import { type App, createApp } from '../../src/app.ts';
import { allowStorageAccess, blockThirdPartyCookies } from '../support/browser.ts';
import { browserTest, type NewPage } from '../support/browser-test.ts';
import { createMemoryLog } from '../support/memory-log.ts';
import { freePort, startWithoutPartitioned } from '../support/no-partitioned-cookies.ts';
import { aPlaceToRun, register } from '../support/whole-tool.ts';

// Every page here is Chromium's with third-party cookies blocked. The first rung, partitioned cookies, is the whole journey of
// in-a-frame.test.ts; for the others the browser is made one that does not know such cookies.

let place: Awaited<ReturnType<typeof aPlaceToRun>>;
let app: App;
let port: number;
let between: { readonly stop: () => Promise<void> };
beforeAll(async () => {
  place = await aPlaceToRun();
  port = await freePort();
  app = await createApp({ ...place.config, port }, { log: createMemoryLog().log });
  await register(app.store, place.lms);
  await app.listen();
  between = await startWithoutPartitioned(place.config.port, port);
});
afterAll(async () => {
  await between.stop();
  await app.stop();
  await place.close();
});
beforeEach(() => {
  place.lms.settings.platformStorage = true;
});

async function aPage(newPage: NewPage): Promise<Page> {
  const page = await newPage();
  page.setDefaultTimeout(10_000);
  await blockThirdPartyCookies(page);
  return page;
}

async function openActivity(
  page: Page,
  person = 'student-1',
  activity = 'activity-1',
): Promise<FrameLocator> {
  await page.goto(place.lms.url);
  await page.locator(`button[name=person][value=${person}]`).click();
  await page.goto(`${place.lms.url}/course/activities/${activity}`);
  return page.frameLocator('iframe[name=activity]');
}

async function pressAndFollow(page: Page, frame: FrameLocator): Promise<Page> {
  const opened = page.context().waitForEvent('page');
  await frame.getByRole('button', { name: 'Open in a new window' }).click();
  const window = await opened;
  await window.waitForURL(/\/a\//);
  return window;
}

/** How often the LMS was asked to sign somebody in while `act` ran. */
async function signInsDuring<T>(
  act: () => Promise<T>,
): Promise<{ readonly result: T; readonly count: number }> {
  const before = place.lms.log.calls().length;
  const result = await act();
  const since = place.lms.log.calls().slice(before);
  return { result, count: since.filter((call) => call.path === '/lti/auth').length };
}

const BLOCKED = { name: 'Your browser blocked our cookie' };
const HAND_IN = { name: 'Hand in a badge' };

browserTest(
  'Platform Storage: the LMS page keeps the proof, and the launch that waited opens in a window of its own',
  async ({ newPage }) => {
    const page = await aPage(newPage);
    const { count } = await signInsDuring(async () => {
      const frame = await openActivity(page);
      await frame.getByRole('heading', BLOCKED).waitFor();
      await frame.locator('form[data-ready=proof]').waitFor();
      const window = await pressAndFollow(page, frame);
      await window.getByRole('link', HAND_IN).waitFor();
    });
    expect(count).toBe(1);
  },
);

/** On a machine that is busy the page may have stopped waiting for the LMS page's answer: then it is opened again. */
async function openWithProof(page: Page, personId?: string): ReturnType<typeof openActivity> {
  for (let tries = 1; ; tries += 1) {
    const frame = await openActivity(page, personId);
    try {
      await frame.locator('form[data-ready=proof]').waitFor({ timeout: 5_000 });
      return frame;
    } catch (error) {
      if (tries === 4) throw error;
    }
  }
}

browserTest('a proof that another page of the LMS never got opens nothing', async ({ newPage }) => {
  const [victim, stranger] = [await aPage(newPage), await aPage(newPage)];
  const frame = await openWithProof(victim);
  const held = await frame.locator('input[name=held]').inputValue();
  const theirs = await openWithProof(stranger, 'student-2');
  await theirs.locator('input[name=held]').evaluate((input, value) => {
    Object.assign(input, { value });
  }, held);
  const opened = stranger.context().waitForEvent('page');
  await theirs.getByRole('button', { name: 'Open in a new window' }).click();
  const window = await opened;
  await window.getByRole('heading', BLOCKED).waitFor();
  expect(await stranger.context().cookies(place.config.publicUrl)).toEqual([]);
});

browserTest(
  'Storage Access: after one click the activity opens in the frame, and the next time without any',
  async ({ newPage }) => {
    place.lms.settings.platformStorage = false;
    const page = await aPage(newPage);
    const clicked = await signInsDuring(async () => {
      const frame = await openActivity(page);
      const allow = frame.getByRole('button', { name: 'Allow cookies and stay here' });
      await allow.waitFor();
      await allowStorageAccess(page, { frame: place.config.publicUrl, inside: place.lms.url });
      await allow.click();
      await frame.getByRole('link', HAND_IN).click();
      await frame.getByRole('heading', HAND_IN).waitFor();
    });
    // The first came back without a cookie; the second left one, and its launch is the one that opened.
    expect(clicked.count).toBe(2);
    const nextTime = await openActivity(page);
    await nextTime.getByRole('link', HAND_IN).waitFor();
    expect(page.context().pages()).toHaveLength(1);
  },
);

browserTest(
  'Platform Storage and Storage Access together: the launch that waited opens in the frame, with one sign-in',
  async ({ newPage }) => {
    const page = await aPage(newPage);
    await allowStorageAccess(page, { frame: place.config.publicUrl, inside: place.lms.url });
    const { count } = await signInsDuring(async () => {
      const frame = await openActivity(page);
      await frame.getByRole('link', HAND_IN).click();
      await frame.getByRole('heading', HAND_IN).waitFor();
    });
    expect(count).toBe(1);
    expect(page.context().pages()).toHaveLength(1);
  },
);

browserTest('Storage Access that the person refuses leaves the new window', async ({ newPage }) => {
  place.lms.settings.platformStorage = false;
  const page = await aPage(newPage);
  const frame = await openActivity(page);
  const allow = frame.getByRole('button', { name: 'Allow cookies and stay here' });
  await allow.click();
  await allow.waitFor({ state: 'hidden' });
  const window = await pressAndFollow(page, frame);
  await window.getByRole('link', HAND_IN).waitFor();
});

browserTest(
  'a new window: without storage and without cookies it signs in again, with all that the LMS sent',
  async ({ newPage }) => {
    place.lms.settings.platformStorage = false;
    const page = await aPage(newPage);
    const { count } = await signInsDuring(async () => {
      const frame = await openActivity(page);
      const window = await pressAndFollow(page, frame);
      await window.getByRole('link', HAND_IN).waitFor();
    });
    expect(count).toBe(2);
  },
);
