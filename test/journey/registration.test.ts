import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type App, createApp } from '../../src/app.ts';
import { createMemoryLog } from '../support/memory-log.ts';
import { createVisitor } from '../support/visitor.ts';
import { aPlaceToRun } from '../support/whole-tool.ts';

const COMMAND = join(import.meta.dirname, '../../src/cli/shsm-badges.ts');

let place: Awaited<ReturnType<typeof aPlaceToRun>>;
let app: App;
beforeEach(async () => {
  place = await aPlaceToRun();
  app = await createApp(place.config, { log: createMemoryLog().log });
  await app.listen();
});
afterEach(async () => {
  await app.stop();
  await place.close();
});

async function command(...args: string[]): Promise<{ code: number; data: Record<string, unknown> }> {
  const env = { ...process.env, ...place.env };
  const ran = await promisify(execFile)(process.execPath, [COMMAND, '--json', ...args], { env }).catch(
    (error: { code: number; stdout: string }) => error,
  );
  return { code: 'code' in ran ? ran.code : 0, data: JSON.parse(ran.stdout || 'null') };
}

async function invite(...options: string[]): Promise<string> {
  const { data } = await command('platform', 'invite', ...options);
  return String(data['url']);
}

const withLms = (url: string, lang = 'en') =>
  `${url}&${new URLSearchParams({ openid_configuration: place.lms.configurationUrl, lang })}`;

test('an invite, a registration from the LMS, and a student’s first launch', async () => {
  const { lms } = place;
  lms.settings.registrationToken = 'token-1';
  const url = await invite('--expires', '2h');
  expect(url).toMatch(/^http:\/\/localhost:\d+\/lti\/register\?code=[\w-]{43}$/);

  const administrator = createVisitor();
  const opened = await administrator.open(url);
  expect(opened.text).toContain('has not been used up');
  // A link to the other language would lose the code.
  expect(opened.html.querySelector('a.language')).toBeNull();
  const refused = await administrator.open(withLms(url));
  expect(refused).toMatchObject({ status: 400, text: expect.stringContaining('refused the registration') });
  const done = await administrator.open(`${withLms(url)}&registration_token=token-1`);
  expect(done.text).toContain('Your learning platform is registered');
  const button = done.html.querySelector('[data-close-registration]');
  expect(button?.getAttribute('data-origin')).toBe(lms.url);
  expect((await administrator.open(withLms(url))).text).toContain('has been used');

  const student = createVisitor();
  await student.send(await student.open(lms.url), 'form[action="/sign-in"]', { person: 'student-1' });
  const handOver = await student.open(`${lms.url}/launch/link/activity-1`);
  expect((await student.send(handOver, '#hand-over', {})).url).toMatch(/\/a\/[\w-]+\/student$/);
});

test('one that ends inactive and without a deployment says what is left to do, and opens after both are done', async () => {
  const { lms } = place;
  lms.settings.deployOnRegistration = false;
  const done = await createVisitor().open(withLms(await invite('--inactive', '--name', 'Our LMS'), 'fr'));
  expect(done.text).toContain('Our LMS et Badges MHS se connaissent maintenant');
  expect(done.text).toMatch(/shsm-badges platform enable .*« platform approve-deployment »/);
  const [platform] = await app.store.platforms();
  const id = platform?.id ?? '';

  const student = createVisitor();
  await student.send(await student.open(lms.url), 'form[action="/sign-in"]', { person: 'student-1' });
  const launch = async () => {
    const page = await student.open(`${lms.url}/launch/link/activity-1`);
    return page.status === 200 ? student.send(page, '#hand-over', {}) : page;
  };
  expect((await launch()).text).toContain('switched off');
  await command('platform', 'enable', id);
  expect((await launch()).text).toContain('waits for approval');
  await command('platform', 'approve-deployment', id, lms.registration.deploymentId);
  expect((await launch()).status).toBe(200);
});

test.each(['0h', '91d', 'tomorrow', '24'])('an invite for %s is wrong use', async (time) => {
  expect((await command('platform', 'invite', '--expires', time)).code).toBe(2);
});
