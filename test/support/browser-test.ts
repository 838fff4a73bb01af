import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { test } from 'vitest';
import { HOW_TO_GET_ONE, launchBrowser } from './browser.ts';

export type NewPage = (options?: BrowserContextOptions) => Promise<Page>;

/**
 * A vitest `test` with `newPage`: each call opens a page in a fresh profile (cookies of its own), closed after the test.
 * Without a browser the test is skipped, loudly; with `CI=true` it fails.
 */
export const browserTest = test.extend<{ readonly browser: Browser | null; readonly newPage: NewPage }>({
  browser: [
    // biome-ignore lint/correctness/noEmptyPattern: vitest reads which fixtures are needed from the pattern.
    async ({}, use) => {
      const browser = await launchBrowser();
      await use(browser);
      await browser?.close();
    },
    { scope: 'file' },
  ],
  newPage: async ({ browser, skip }, use) => {
    if (browser === null) return skip(HOW_TO_GET_ONE);
    const contexts: BrowserContext[] = [];
    await use(async (options = {}) => {
      const context = await browser.newContext(options);
      contexts.push(context);
      return context.newPage();
    });
    await Promise.all(contexts.map((context) => context.close()));
  },
});
