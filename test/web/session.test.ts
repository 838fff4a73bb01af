import { parse } from 'node-html-parser';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  aMember,
  anActivity,
  anAuditEvent,
  aTeacher,
  aViewer,
  HOUR,
  MINUTE,
  someSettings,
} from '../support/build.ts';
import { startWebTool, type WebTool } from '../support/web-tool.ts';

let tool: WebTool;
beforeEach(async () => {
  tool = await startWebTool();
});
afterEach(() => tool.stop());

const HOME = '/a/activity-1/student';
const heading = async (response: Response) => parse(await response.text()).querySelector('h1')?.text;

describe('the cookie', () => {
  const cases = [
    [
      'https://badges.example.test',
      /^__Host-shsm-[\w-]{16}=[\w-]{43}; Max-Age=43200; Path=\/; HttpOnly; Secure; Partitioned; SameSite=None$/,
    ],
    [
      'http://localhost:3000',
      /^shsm-[\w-]{16}=[\w-]{43}; Max-Age=43200; Path=\/; HttpOnly; Secure; Partitioned; SameSite=None$/,
    ],
    ['http://192.0.2.7:3000', /^shsm-[\w-]{16}=[\w-]{43}; Max-Age=43200; Path=\/; HttpOnly; SameSite=Lax$/],
  ] as const;
  test.each(cases)('on %s', async (publicUrl, expected) => {
    const other = await startWebTool({ publicUrl });
    const { setCookie } = await other.signIn(aViewer());
    await other.stop();
    expect(setCookie).toMatch(expected);
  });

  test('only its hash is stored, and it stands in no address', async () => {
    const visitor = await tool.signIn(aViewer());
    const id = visitor.cookie.split('=')[1] ?? '';
    expect(await tool.store.session(id)).toBeNull();
    expect(visitor.home).toBe(HOME);
  });
});

test('it is over after two hours without use, and each use begins the two hours anew', async () => {
  const visitor = await tool.signIn(aViewer());
  for (let hours = 0; hours < 3; hours += 1) {
    tool.clock.now += 2 * HOUR - MINUTE;
    expect((await visitor.get(HOME)).status).toBe(200);
  }
  tool.clock.now += 2 * HOUR;
  const response = await visitor.get(HOME);
  expect(response.status).toBe(401);
  expect(await heading(response)).toBe('Your session ended');
});

test('it is over after twelve hours whatever happens', async () => {
  const visitor = await tool.signIn(aViewer());
  for (let hour = 1; hour < 12; hour += 1) {
    tool.clock.now += HOUR;
    expect((await visitor.get(HOME)).status).toBe(200);
  }
  tool.clock.now += HOUR;
  expect((await visitor.get(HOME)).status).toBe(401);
});

test('it is over as soon as its platform is switched off, and goes on when that was a mistake', async () => {
  const visitor = await tool.signIn(aViewer());
  await tool.store.setPlatformStatus('platform-1', 'disabled', anAuditEvent({ id: 'off' }));
  expect((await visitor.get(HOME)).status).toBe(401);
  await tool.store.setPlatformStatus('platform-1', 'active', anAuditEvent({ id: 'on' }));
  expect((await visitor.get(HOME)).status).toBe(200);
});

test('two activities in two tabs of one browser do not mix', async () => {
  const second = anActivity({
    id: 'activity-2',
    resourceLinkId: 'link-2',
    contextId: 'context-2',
    title: 'Second',
  });
  await tool.store.recordLaunch({ ...second, settings: null }, aMember({ contextId: 'context-2' }));
  await tool.store.saveSettings('activity-2', someSettings(), anAuditEvent({ id: 'audit-2' }));
  const one = await tool.signIn(aViewer());
  const two = await tool.signIn(aTeacher({ activityId: 'activity-2', contextId: 'context-2' }));
  const cookie = `${one.cookie}; ${two.cookie}`;
  const first = await fetch(tool.url + HOME, { headers: { cookie } });
  const other = await fetch(`${tool.url}/a/activity-2/teacher`, { headers: { cookie } });
  expect([first.status, await heading(first)]).toEqual([200, 'SHSM certifications']);
  expect([other.status, await heading(other)]).toEqual([200, 'Badges to review']);
});

test('a form of one person is worth nothing in the session of another', async () => {
  const one = await tool.signIn(aViewer());
  const form = parse(await (await one.get(`${HOME}/new`)).text()).querySelector('form[data-draft]');
  const token = form?.querySelector('input[name=token]')?.getAttribute('value') ?? '';
  const two = await tool.signIn(aViewer({ userId: 'student-2' }));
  const response = await fetch(tool.url + form?.getAttribute('action'), {
    method: 'POST',
    headers: { cookie: two.cookie },
    body: new URLSearchParams({ token, action: 'save', reflection: 'mine' }),
  });
  expect(response.status).toBe(403);
  expect(await tool.store.submissionsBy(aViewer(), 'student-2')).toEqual([]);
});

test('a second launch of the same person leaves the form in the first tab usable', async () => {
  const first = await tool.signIn(aViewer());
  const form = parse(await (await first.get(`${HOME}/new`)).text()).querySelector('form[data-draft]');
  const token = form?.querySelector('input[name=token]')?.getAttribute('value') ?? '';
  const second = await tool.signIn(aViewer());
  const response = await fetch(tool.url + form?.getAttribute('action'), {
    method: 'POST',
    redirect: 'manual',
    headers: { cookie: second.cookie },
    body: new URLSearchParams({ token, action: 'save', reflection: 'mine' }),
  });
  expect(response.status).toBe(303);
});

describe('what is posted after the session is over', () => {
  test.each([
    ['', 'urlencoded'],
    ['/draft', 'urlencoded'],
    ['', 'multipart'],
  ])('is kept as a draft (%s %s)', async (suffix, encoding) => {
    const visitor = await tool.signIn(aViewer());
    const form = parse(await (await visitor.get(`${HOME}/new`)).text()).querySelector('form[data-draft]');
    const token = form?.querySelector('input[name=token]')?.getAttribute('value') ?? '';
    tool.clock.now += 3 * HOUR;
    const words = {
      token,
      action: 'submit',
      way: 'typed',
      title: 'First Aid',
      reflection: 'I learned\r\na lot.',
    };
    const body = encoding === 'multipart' ? new FormData() : new URLSearchParams();
    for (const [name, value] of Object.entries(words)) body.append(name, value);
    const response = await fetch(`${tool.url}${form?.getAttribute('action')}${suffix}`, {
      method: 'POST',
      headers: { cookie: visitor.cookie },
      body,
    });
    expect(response.status).toBe(401);
    expect(await heading(response)).toBe('Your session ended. What you typed is saved.');
    expect(response.headers.get('set-cookie')).toBeNull();

    const again = await tool.signIn(aViewer());
    const home = await (await again.get(HOME)).text();
    expect(home).toContain('Unfinished: First Aid');
    expect(home).toContain('I learned\na lot.');
  });

  test('is not believed without the token', async () => {
    const visitor = await tool.signIn(aViewer());
    tool.clock.now += 3 * HOUR;
    const response = await fetch(`${tool.url}${HOME}/submissions/x`, {
      method: 'POST',
      headers: { cookie: visitor.cookie },
      body: new URLSearchParams({ reflection: 'forged' }),
    });
    expect(response.status).toBe(403);
    expect(await tool.store.submissionsBy(aViewer(), 'student-1')).toEqual([]);
  });
});

test('no cookie at all is told as what it is', async () => {
  const response = await fetch(tool.url + HOME);
  expect(response.status).toBe(401);
  const text = await response.text();
  expect(text).toContain('your browser blocks cookies');
  expect(text).toContain('open the activity in a new window');
});

test('the language button keeps the page and stays', async () => {
  const visitor = await tool.signIn(aViewer());
  const changed = await visitor.send(`${HOME}/new`, /\/language$/, { locale: 'fr' });
  expect([changed.status, changed.headers.get('location')]).toEqual([303, `${HOME}/new`]);
  expect(await heading(await visitor.get(HOME))).toBe('SHSM certifications');
  expect(await heading(await visitor.get(`${HOME}/new`))).toBe('Remettre un badge');
});

test.each([
  '//elsewhere.example/',
  'https://elsewhere.example/',
  '/a/activity-1/../../x',
  '/\\elsewhere',
  '/a/activity-10/x',
])('the language button does not lead to %s', async (back) => {
  const visitor = await tool.signIn(aViewer());
  const page = parse(await (await visitor.get(HOME)).text());
  const token = page.querySelector('input[name=token]')?.getAttribute('value') ?? '';
  const response = await fetch(`${tool.url}/a/activity-1/language`, {
    method: 'POST',
    redirect: 'manual',
    headers: { cookie: visitor.cookie },
    body: new URLSearchParams({ token, locale: 'fr', back }),
  });
  const location = new URL(response.headers.get('location') ?? '', tool.url);
  expect(location.href.startsWith(`${tool.url}/`)).toBe(true);
});
