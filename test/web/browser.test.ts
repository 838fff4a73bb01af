import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { LOCALES } from '../../src/domain/local-text.ts';
import { browserTest as test } from '../support/browser-test.ts';
import { anAuditEvent, aPlatform, aTeacher, aViewer, HOUR } from '../support/build.ts';
import { seedClass } from '../support/seeded-class.ts';
import { startWebTool, type WebTool } from '../support/web-tool.ts';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const STUDENT = '/a/activity-1/student';
const TEACHER = '/a/activity-1/teacher';
const ADMIN = '/a/activity-1/admin';

let tool: WebTool;
beforeAll(async () => {
  tool = await startWebTool();
  await seedClass(tool.store);
  await tool.store.noteLaunch({
    at: Date.now(),
    requestId: 'request-7',
    platformId: 'platform-1',
    deploymentId: 'deployment-1',
    messageType: 'LtiResourceLinkRequest',
    role: null,
    passed: ['form', 'state'],
    failed: 'claims',
    refusal: 'lti-errors.user-missing',
    claim: 'sub',
  });
});
afterAll(() => tool.stop());

const student = (locale: 'en' | 'fr' = 'en') => tool.launchPath(aViewer({ locale }));
const picker = (locale: 'en' | 'fr' = 'en') => tool.launchPath(aTeacher({ locale, activityId: 'picking-1' }));
const administrator = (locale: 'en' | 'fr' = 'en') =>
  tool.launchPath(aViewer({ locale, role: 'administrator', userId: 'admin-1' }));
const teacher = (locale: 'en' | 'fr' = 'en') => tool.launchPath(aTeacher({ locale }));

/** Rules of WCAG 2.2 AA and axe's own advice, as `rule: where`. */
async function violations(page: Page): Promise<string[]> {
  // Through the debugger: the page's content policy lets nothing else in.
  await page.evaluate(AXE);
  return page.evaluate(async () => {
    const { axe } = globalThis as unknown as {
      axe: { run(): Promise<{ violations: { id: string; nodes: { target: string[] }[] }[] }> };
    };
    const { violations: found } = await axe.run();
    return found.flatMap((rule) => rule.nodes.map((node) => `${rule.id}: ${node.target.join(' ')}`));
  });
}

const looked = [
  ...[
    STUDENT,
    `${STUDENT}/new`,
    `${STUDENT}/dates`,
    `${STUDENT}/submissions/returned-1`,
    `${STUDENT}/submissions/typed-1`,
  ].map((path) => ({ path, who: student })),
  ...[
    TEACHER,
    `${TEACHER}/submissions/supplementary-3`,
    `${TEACHER}/progress`,
    `${TEACHER}/set-up`,
    `${TEACHER}/students/student-1/dates`,
  ].map((path) => ({ path, who: teacher })),
  ...['/help?for=student', '/help?for=teacher', '/privacy'].map((path) => ({ path, who: student })),
  { path: '/a/picking-1/pick', who: picker },
  ...['', '/launches', '/services', '/set-up'].map((path) => ({ path: ADMIN + path, who: administrator })),
  { path: '/setup', who: administrator },
];

describe.each(LOCALES)('in %s', (locale) => {
  for (const colorScheme of ['light', 'dark'] as const)
    test(`no page breaks a rule of accessibility in ${colorScheme} colours`, async ({ newPage }) => {
      const found: string[] = [];
      const inDark = [student, teacher, picker];
      for (const who of colorScheme === 'dark' ? inDark : [...inDark, administrator]) {
        const page = await newPage({ colorScheme });
        await page.goto(tool.url + who(locale));
        for (const { path } of looked.filter((one) => one.who === who)) {
          await page.goto(tool.url + path);
          found.push(...(await violations(page)).map((rule) => `${path} ${rule}`));
        }
      }
      expect(found).toEqual([]);
    });

  test('no page is wider than 320 pixels need', async ({ newPage }) => {
    const wide: string[] = [];
    for (const who of [student, teacher, picker, administrator]) {
      const page = await newPage({ viewport: { width: 320, height: 640 } });
      await page.goto(tool.url + who(locale));
      for (const { path } of looked.filter((one) => one.who === who)) {
        await page.goto(tool.url + path);
        const over = await page.evaluate<number>('document.documentElement.scrollWidth - window.innerWidth');
        if (over > 0) wide.push(`${path}: ${over}`);
      }
    }
    expect(wide).toEqual([]);
  });
});

test('a page loads nothing that its own policy refuses', async ({ newPage }) => {
  const page = await newPage();
  const said: string[] = [];
  page.on('console', (message) => said.push(message.text()));
  page.on('pageerror', (error) => said.push(error.message));
  await page.goto(tool.url + student());
  for (const path of [`${STUDENT}/new`, `${STUDENT}/submissions/typed-1`]) await page.goto(tool.url + path);
  expect(said).toEqual([]);
});

test('what is typed is saved by itself, and found again after the page was closed', async ({ newPage }) => {
  const page = await newPage();
  const path = tool.launchPath(aViewer({ userId: 'student-4' }));
  await page.goto(tool.url + path);
  await page.goto(`${tool.url}${STUDENT}/new`);
  await page.getByLabel('A paper certificate').check();
  await page.getByLabel('Title').fill('Food Handler');
  await page.getByLabel('What did you learn').pressSequentially('Wash hands.');
  await page.getByText(/^Saved /).waitFor();
  expect(page.url()).toMatch(/\/submissions\/[\w-]+$/);
  await page.goto(tool.url + STUDENT);
  await page.getByRole('link', { name: 'Continue' }).click();
  expect(await page.getByLabel('Title').inputValue()).toBe('Food Handler');
  expect(await page.getByLabel('What did you learn').inputValue()).toBe('Wash hands.');
});

test('when saving fails the page says so and goes on trying', async ({ newPage }) => {
  const page = await newPage();
  await page.goto(tool.url + tool.launchPath(aViewer({ userId: 'student-4' })));
  await page.goto(`${tool.url}${STUDENT}/new`);
  await page.clock.install();
  let down = true;
  await page.route('**/draft', (route) => (down ? route.abort() : route.continue()));
  await page.getByLabel('What did you learn').fill('Not lost.');
  await page.clock.runFor(2_000);
  await page.getByText('Not saved yet. We keep trying.').waitFor();
  down = false;
  await page.clock.runFor(6_000);
  await page.getByText(/^Saved /).waitFor();
});

test('when the session ends while typing the page says that the words are kept', async ({ newPage }) => {
  const other = await startWebTool();
  const page = await newPage();
  await page.goto(other.url + other.launchPath(aViewer()));
  await page.goto(`${other.url}${STUDENT}/new`);
  other.clock.now += 3 * HOUR;
  await page.getByLabel('What did you learn').fill('Still here.');
  await page.getByText('Your session ended. What you typed is saved.').waitFor();
  expect(await other.store.submissionsBy(aViewer(), 'student-1')).toMatchObject([
    { reflection: 'Still here.' },
  ]);
  await page.close();
  await other.stop();
});

test('a badge is handed in without JavaScript', async ({ newPage }) => {
  const page = await newPage({ javaScriptEnabled: false });
  await page.goto(tool.url + tool.launchPath(aViewer({ userId: 'student-4' })));
  await page.getByRole('link', { name: 'Hand in a badge' }).click();
  await page.getByLabel('A web address').check();
  await page.getByLabel('Address of your badge').fill('https://badges.example.test/2');
  await page.getByRole('button', { name: 'Hand in' }).click();
  await page.getByText('There is one thing to fix').waitFor();
  expect(await page.title()).toMatch(/^Error: /);
  await page.getByLabel('What did you learn').fill('I learned it.');
  await page.getByRole('button', { name: 'Hand in' }).click();
  await page.getByRole('heading', { name: 'Verified: this badge is genuine' }).waitFor();
});

test('a teacher decides with the keyboard alone', async ({ newPage }) => {
  const other = await startWebTool();
  await seedClass(other.store);
  const page = await newPage();
  await page.goto(other.url + other.launchPath(aTeacher()));
  await page.getByRole('link', { name: 'Start reviewing' }).press('Enter');
  await page.locator('#counts-proposed').focus();
  await tabTo(page, 'marks-understanding');
  await page.keyboard.press('3');
  await page.keyboard.press('4');
  await page.keyboard.type('Clear.');
  await page.keyboard.press('Control+Enter');
  await page.getByText('Accepted: Student Two').waitFor();
  expect((await other.store.submission('verified-2'))?.decision).toMatchObject({
    lines: ['standard-first-aid', 'cpr-c-aed'],
    marks: { understanding: 3, connection: 4 },
    comment: 'Clear.',
  });
  await page.close();
  await other.stop();
});

async function tabTo(page: Page, name: string): Promise<void> {
  for (let presses = 0; presses < 20; presses += 1) {
    await page.keyboard.press('Tab');
    if ((await page.evaluate<string>(`document.activeElement?.getAttribute('name')`)) === name) return;
  }
  throw new Error(`${name} cannot be reached with the Tab key`);
}

test('after a form was not accepted the summary has the focus, and its links lead to the fields', async ({
  newPage,
}) => {
  const page = await newPage();
  await page.goto(tool.url + tool.launchPath(aViewer({ userId: 'student-4' })));
  await page.goto(`${tool.url}${STUDENT}/new`);
  await page.getByRole('button', { name: 'Hand in' }).click();
  await page.getByText('things to fix').waitFor();
  expect(await page.evaluate<string>('document.activeElement?.className')).toBe('summary');
  await page.getByRole('link', { name: 'Write your reflection.' }).press('Enter');
  expect(await page.evaluate<string>('document.activeElement?.id')).toBe('reflection');
});

test('inside a registered LMS the page is shown and tells how tall it is', async ({ newPage }) => {
  const lms = createServer((_req, res) => {
    res.setHeader('content-type', 'text/html');
    res.end(`<script>addEventListener('message', ({ data }) => {
        if (data.subject === 'lti.frameResize') document.title = data.height;
      })</script><iframe src="${tool.url}/accessibility"></iframe>`);
  }).listen(0, '127.0.0.1');
  await once(lms, 'listening');
  const issuer = `http://127.0.0.1:${(lms.address() as AddressInfo).port}`;
  await tool.store.addPlatform(
    aPlatform({ id: 'platform-2', clientId: 'client-2', issuer, authUrl: `${issuer}/auth` }),
    anAuditEvent({ id: 'audit-2', action: 'platform.added' }),
  );
  const page = await newPage();
  await page.goto(issuer);
  await page.frameLocator('iframe').getByRole('heading', { name: 'Accessibility', level: 1 }).waitFor();
  await page.waitForFunction('Number(document.title) > 200');
  lms.closeAllConnections();
  lms.close();
});

test('an administrator takes the launch log along with one press', async ({ newPage }) => {
  const page = await newPage();
  await page.goto(tool.url + administrator());
  await page.goto(`${tool.url}${ADMIN}/launches`);
  await page.getByRole('button', { name: 'Copy' }).click();
  await page.getByRole('status').getByText('Copied.').waitFor();
});
