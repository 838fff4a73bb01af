import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openSqliteStore } from '../../src/storage/sqlite/open.ts';
import { MINUTE, NOW } from '../support/build.ts';
import { aPlatformKey, type FakePlatform, signed, startPlatform } from '../support/lti-platform.ts';
import {
  answeringClaims,
  ask,
  type LtiTool,
  login,
  loginParameters,
  post,
  startRegisteredTool,
} from '../support/lti-tool.ts';

const key = await aPlatformKey('key-1');
let platform: FakePlatform;
let tool: LtiTool;

beforeAll(async () => {
  platform = await startPlatform(key);
  tool = await startRegisteredTool(platform);
});
afterAll(async () => {
  await tool.stop();
  await platform.stop();
});

async function ready(at: LtiTool = tool) {
  const opened = await login(at);
  const id_token = await signed(answeringClaims(at, opened), key);
  return { ...opened, form: { state: opened.state, id_token } };
}

test('a launch is taken once: the same one again is refused', async () => {
  const { form, cookie } = await ready();
  expect((await post(tool, form, cookie)).status).toBe(303);
  const again = await post(tool, form, cookie);
  expect([again.status, again.text]).toEqual([401, 'lti-errors.state-used']);
});

test('a launch that was taken stays taken after its login has ended, and after the store forgot it', async () => {
  const { form, cookie } = await ready();
  expect((await post(tool, form, cookie)).status).toBe(303);
  tool.clock.now = NOW + 16 * MINUTE;
  const late = await post(tool, form, cookie);
  await tool.store.purgeLaunches(NOW + 60 * MINUTE);
  const later = await post(tool, form, cookie);
  tool.clock.now = NOW;
  expect([late.status, late.text]).toEqual([401, 'lti-errors.state-used']);
  expect([later.status, later.text]).toEqual([401, 'lti-errors.state-unknown']);
});

test('of twenty at the same moment exactly one is taken', async () => {
  const { form, cookie } = await ready();
  const before = tool.launches.length;
  const answers = await Promise.all(Array.from({ length: 20 }, () => post(tool, form, cookie)));
  const kinds = answers.map((answer) => `${answer.status} ${answer.status === 303 ? 'opened' : answer.text}`);
  expect(kinds.toSorted()).toEqual(['303 opened', ...Array(19).fill('401 lti-errors.state-used')]);
  expect(tool.launches.length - before).toBe(1);
});

test('twenty people at the same moment are all taken', async () => {
  const people = await Promise.all(Array.from({ length: 20 }, () => ready()));
  const answers = await Promise.all(people.map(({ form, cookie }) => post(tool, form, cookie)));
  expect(answers.map((answer) => answer.status)).toEqual(Array(20).fill(303));
});

test('two tabs do not disturb each other, in either order', async () => {
  const [first, second] = [await ready(), await ready()];
  const both = `${first.cookie}; ${second.cookie}`;
  expect((await post(tool, second.form, both)).status).toBe(303);
  expect((await post(tool, first.form, both)).status).toBe(303);
});

test('without the cookie the browser is told about cookies, and with it the launch still works', async () => {
  const { form, cookie } = await ready();
  const blocked = await post(tool, form, '');
  expect([blocked.status, blocked.text]).toEqual([401, 'lti-errors.cookies-blocked']);
  expect((await post(tool, form, cookie)).status).toBe(303);
});

test('the state of another browser is refused', async () => {
  const [mine, theirs] = [await ready(), await ready()];
  const answer = await post(tool, theirs.form, mine.cookie);
  expect([answer.status, answer.text]).toEqual([401, 'lti-errors.cookies-blocked']);
});

test.each(['', 'x', 'é', '%', 'A'.repeat(43), 'A'.repeat(5000)])(
  'a made-up cookie %# is refused',
  async (value) => {
    const { form, cookie } = await ready();
    const made = `${cookie.split('=')[0]}=${encodeURIComponent(value)}`;
    const answer = await post(tool, form, made);
    expect([answer.status, answer.text]).toEqual([401, 'lti-errors.other-browser']);
  },
);

test('a state nobody opened is refused', async () => {
  const { form, cookie } = await ready();
  const answer = await post(tool, { ...form, state: 'A'.repeat(43) }, cookie);
  expect([answer.status, answer.text]).toEqual([401, 'lti-errors.state-unknown']);
});

test('a person may take ten minutes to sign in', async () => {
  const { form, cookie } = await ready();
  tool.clock.now = NOW + 10 * MINUTE;
  const answer = await post(tool, form, cookie);
  tool.clock.now = NOW;
  expect(answer.status).toBe(303);
});

test('open and spent states survive a restart', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'shsm-lti-'));
  const path = join(folder, 'shsm.db');
  const firstStore = openSqliteStore({ path });
  const first = await startRegisteredTool(platform, { store: firstStore });
  const publicUrl = first.url;
  const [spent, open] = [await ready(first), await ready(first)];
  expect((await post(first, spent.form, spent.cookie)).status).toBe(303);
  await first.stop();
  await firstStore.close();

  const secondStore = openSqliteStore({ path });
  const second = await startRegisteredTool(platform, { store: secondStore, publicUrl });
  const replay = await post(second, spent.form, spent.cookie);
  expect([replay.status, replay.text]).toEqual([401, 'lti-errors.state-used']);
  expect((await post(second, open.form, open.cookie)).status).toBe(303);
  expect(await second.store.toolKeys()).toHaveLength(1);
  await second.stop();
  await secondStore.close();
  rmSync(folder, { recursive: true });
});

test.each([
  [
    'https://tool.example.test',
    /^__Host-lti-[\w-]{22}=[\w-]{43}; Max-Age=900; Path=\/; Expires=[^;]+; HttpOnly; Secure; Partitioned; SameSite=None$/,
  ],
  [
    'http://localhost:3000',
    /^lti-[\w-]{22}=[\w-]{43}; Max-Age=900; Path=\/; Expires=[^;]+; HttpOnly; Secure; Partitioned; SameSite=None$/,
  ],
  [
    'http://127.0.0.1:3000',
    /^lti-[\w-]{22}=[\w-]{43}; Max-Age=900; Path=\/; Expires=[^;]+; HttpOnly; SameSite=Lax$/,
  ],
])('at %s the cookie works inside a frame where browsers allow it', async (publicUrl, expected) => {
  const at = await startRegisteredTool(platform, { publicUrl });
  const parameters = loginParameters(at, { target_link_uri: `${publicUrl}/lti/launch` });
  const answer = await ask(`${at.url}/lti/login?${new URLSearchParams(parameters)}`);
  await at.stop();
  expect(answer.headers.get('set-cookie')).toMatch(expected);
  expect(answer.headers.get('cache-control')).toBe('no-store');
});

test('an accepted launch takes its cookie back', async () => {
  const { form, cookie } = await ready();
  const answer = await post(tool, form, cookie);
  expect(answer.headers.get('set-cookie')).toBe(
    `${cookie.split('=')[0]}=; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT; HttpOnly; SameSite=Lax`,
  );
});
