import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Browser, Page } from 'playwright-core';
import { chromium } from 'playwright-core';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'];

/** Switches that would make the browser more forgiving than a student's. */
const WEAKENING = [
  '--single-process',
  '--no-zygote',
  '--disable-web-security',
  '--allow-running-insecure-content',
  '--disable-site-isolation-trials',
  '--disable-features=',
];

export const HOW_TO_GET_ONE =
  'No Chromium: install one (apt-get install chromium, or npx playwright-core install chromium), or let npm install ' +
  '@sparticuz/chromium, which carries one for x64 Linux.';

type Found = { readonly executablePath: string; readonly args: readonly string[] };

/** A Chromium that this machine can run: its own, then Playwright's, then the one that npm carries. */
async function findChromium(): Promise<Found | null> {
  const own = (process.env['PATH'] ?? '')
    .split(delimiter)
    .flatMap((dir) => NAMES.map((name) => join(dir, name)))
    .find((path) => existsSync(path));
  if (own !== undefined) return { executablePath: own, args: ['--no-sandbox'] };
  if (existsSync(chromium.executablePath())) {
    return { executablePath: chromium.executablePath(), args: ['--no-sandbox'] };
  }
  if (process.platform !== 'linux' || process.arch !== 'x64') return null;
  try {
    const { default: carried } = await import('@sparticuz/chromium');
    const args = carried.args.filter((arg) => !WEAKENING.some((weak) => arg.startsWith(weak)));
    return { executablePath: await carried.executablePath(), args };
  } catch {
    return null;
  }
}

/** Starts a headless Chromium, or answers null and says loudly how to get one. With `CI=true` that is an error. */
export async function launchBrowser(): Promise<Browser | null> {
  const found = await findChromium();
  if (found === null) {
    if (process.env['CI'] === 'true') throw new Error(HOW_TO_GET_ONE);
    process.stderr.write(`\nBROWSER TESTS SKIPPED. ${HOW_TO_GET_ONE}\n\n`);
    return null;
  }
  const options = { executablePath: found.executablePath, args: [...found.args], headless: true };
  for (let tries = 1; ; tries += 1) {
    try {
      return await chromium.launch(options);
    } catch (error) {
      // Another test file is unpacking the one that npm carries at this very moment.
      if (tries === 10 || !String(error).includes('ETXTBSY')) throw error;
      await pause(500);
    }
  }
}

/**
 * Makes the page refuse third-party cookies, as Safari, Firefox and Chrome's stricter settings do: `SameSite=None` is
 * dropped in a frame of another site, `Partitioned` is kept. A page at `http://127.0.0.1:A` that frames
 * `http://localhost:B` is two sites.
 */
export async function blockThirdPartyCookies(page: Page): Promise<void> {
  const session = await page.context().newCDPSession(page);
  await session.send('Network.enable');
  // Browsers up to 147 insist on the two that later ones dropped.
  const controls = {
    enableThirdPartyCookieRestriction: true,
    disableThirdPartyCookieMetadata: true,
    disableThirdPartyCookieHeuristics: true,
  };
  await session.send('Network.setCookieControls', controls);
}

/**
 * The person has allowed pages of `frame` their cookies inside pages of `inside` (Storage Access), as the browser's own
 * question would have it.
 */
export async function allowStorageAccess(
  page: Page,
  { frame, inside }: { readonly frame: string; readonly inside: string },
): Promise<void> {
  const session = await page.context().newCDPSession(page);
  const { targetInfo } = await session.send('Target.getTargetInfo');
  await session.send('Browser.setPermission', {
    permission: { name: 'storage-access' },
    setting: 'granted',
    origin: inside,
    embeddedOrigin: frame,
    browserContextId: targetInfo.browserContextId ?? '',
  });
}
