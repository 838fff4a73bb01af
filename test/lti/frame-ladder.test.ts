import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { LOGIN_LIFE_MS, stateHash } from '../../src/lti/login.ts';
import { storageFrame, storageOrigin } from '../../src/lti/state-proof.ts';
import { NOW } from '../support/build.ts';
import {
  aPlatformKey,
  type FakePlatform,
  type PlatformKey,
  signed,
  startPlatform,
} from '../support/lti-platform.ts';
import {
  answeringClaims,
  ask,
  type LtiTool,
  loginParameters,
  startRegisteredTool,
} from '../support/lti-tool.ts';

const FRAMED = { 'sec-fetch-dest': 'iframe' };

let key: PlatformKey;
let platform: FakePlatform;
let tool: LtiTool;
beforeAll(async () => {
  key = await aPlatformKey('key-1');
  platform = await startPlatform(key);
  tool = await startRegisteredTool(platform);
});
afterAll(() => Promise.all([tool.stop(), platform.stop()]));

function login(over: Record<string, string>, headers: Record<string, string>) {
  return ask(`${tool.url}/lti/login?${new URLSearchParams(loginParameters(tool, over))}`, { headers });
}

function post(path: string, form: Record<string, string>, headers: Record<string, string> = FRAMED) {
  return ask(`${tool.url}/lti/${path}`, { method: 'POST', body: new URLSearchParams(form), headers });
}

/** A login in a frame whose LMS offers storage: the page, and what its script would keep. */
async function framedLogin() {
  const page = await login({ lti_storage_target: '_parent' }, FRAMED);
  const kept = JSON.parse(page.text) as Record<string, string>;
  const asked = new URL(kept['next'] ?? '').searchParams;
  return { kept, state: asked.get('state') ?? '', nonce: asked.get('nonce') ?? '' };
}

/** The page that a launch without a cookie gets, with the launch sealed in it. */
async function blockedLaunch(opened: { readonly state: string; readonly nonce: string }) {
  const id_token = await signed(answeringClaims(tool, opened), key);
  const answer = await post('launch', { state: opened.state, id_token });
  const page = JSON.parse(answer.text) as Record<string, string>;
  return { answer, page, id_token, held: page['held'] ?? '' };
}

describe('a login', () => {
  test('in a frame of an LMS that keeps values for tools is a page that has it keep the proof', async () => {
    const { kept, state } = await framedLogin();
    expect(kept).toEqual({
      view: 'frame/keep',
      frame: '_parent',
      origin: platform.url,
      key: expect.stringMatching(/^lti_[\w-]{22}$/),
      value: expect.stringMatching(/^[\w-]{43}$/),
      next: expect.stringContaining(`${platform.url}/d2l/lti/authenticate?`),
    });
    expect(kept['key']).not.toContain(state);
    expect(kept['value']).not.toContain(state);
  });

  test.each<[string, Record<string, string>, Record<string, string>]>([
    ['without storage', {}, FRAMED],
    ['in a window of its own', { lti_storage_target: '_parent' }, { 'sec-fetch-dest': 'document' }],
    ['by a program that is no browser', { lti_storage_target: '_parent' }, {}],
    ['whose cookies work', { lti_storage_target: '_parent' }, { ...FRAMED, cookie: 'lti-before=1' }],
    ['with a storage that is no frame', { lti_storage_target: '_top' }, FRAMED],
  ])('%s is a redirect', async (_name, over, headers) => {
    expect((await login(over, headers)).status).toBe(302);
  });
});

test.each([
  ['_parent', '_parent'],
  ['post_message_forwarding', 'post_message_forwarding'],
  ['_top', null],
  ['_self', null],
  ['parent', null],
  ['opener', null],
  ['document', null],
  ['a b', null],
  ['"><script>', null],
  ['', null],
  ['x'.repeat(65), null],
  [undefined, null],
])('the storage frame %s is taken as %s', (target, frame) => {
  expect(storageFrame(target)).toBe(frame);
});

test.each([
  ['https://lms.board.example/d2l/lti/authenticate?x=1', 'https://lms.board.example'],
  ['https://sso.canvaslms.com/api/lti/authorize_redirect', 'https://sso.canvaslms.com'],
  ['https://canvas.instructure.com/api/lti/authorize_redirect', 'https://sso.canvaslms.com'],
  ['https://canvas.beta.instructure.com/api/lti/authorize_redirect', 'https://sso.beta.canvaslms.com'],
])('the storage of a platform that signs in at %s answers from %s', (authUrl, origin) => {
  expect(storageOrigin(authUrl)).toBe(origin);
});

describe('a launch without a cookie', () => {
  test('in a frame waits, sealed, in a page that repeats nothing of it', async () => {
    const opened = await framedLogin();
    const { answer, page, id_token } = await blockedLaunch(opened);
    expect(answer.status).toBe(401);
    expect(page).toEqual({
      view: 'frame/blocked',
      frame: '_parent',
      origin: platform.url,
      key: opened.kept['key'],
      held: expect.stringMatching(/^v2\.[\w-]{8}\.[\w-]+$/),
      cookies: 'ask',
    });
    for (const posted of [opened.state, id_token]) expect(answer.text).not.toContain(posted);
    expect(tool.launches).toHaveLength(0);
  });

  test('opens with the proof, once', async () => {
    const opened = await framedLogin();
    const { held } = await blockedLaunch(opened);
    const proof = opened.kept['value'] ?? '';
    const before = tool.launches.length;
    expect((await post('resume', { held, proof }, {})).status).toBe(303);
    expect(tool.launches).toHaveLength(before + 1);
    expect(await post('resume', { held, proof }, {})).toMatchObject({
      status: 401,
      text: 'lti-errors.state-used',
    });
    expect(await post('again', { held }, {})).toMatchObject({ status: 401, text: 'lti-errors.state-used' });
    expect(tool.launches).toHaveLength(before + 1);
  });

  test('is refused with no proof, a wrong one, or that of another login', async () => {
    const [opened, other] = [await framedLogin(), await framedLogin()];
    const { held } = await blockedLaunch(opened);
    const before = tool.launches.length;
    for (const proof of ['', 'x', 'A'.repeat(43), opened.state, other.kept['value'] ?? ''])
      expect(await post('resume', { held, proof }, {}), proof).toMatchObject({
        status: 401,
        text: 'lti-errors.cookies-blocked',
      });
    expect(tool.launches).toHaveLength(before);
  });

  test('is refused when what waited was altered, made up or left out', async () => {
    const opened = await framedLogin();
    const { held } = await blockedLaunch(opened);
    const altered = held.slice(0, 40) + (held[40] === 'A' ? 'B' : 'A') + held.slice(41);
    for (const wrong of ['', 'v1.made-up', altered])
      for (const path of ['resume', 'again'])
        expect((await post(path, { held: wrong, proof: opened.kept['value'] ?? '' })).status, path).toBe(400);
  });

  test('begins again with cookies allowed, asks once more for them, and opens with the cookie that was left', async () => {
    const first = await blockedLaunch(await framedLogin());
    const again = await post('again', { held: first.held, way: 'cookies' });
    expect(again.status).toBe(302);
    const cookie = again.headers.get('set-cookie')?.split(';')[0] ?? '';
    const asked = new URL(again.headers.get('location') ?? '').searchParams;
    const opened = { state: asked.get('state') ?? '', nonce: asked.get('nonce') ?? '' };
    const second = await blockedLaunch(opened);
    expect([second.answer.status, second.page['cookies']]).toEqual([401, 'asked']);
    const nothingKept = await post('resume', { held: second.held, proof: '' });
    expect([nothingKept.status, JSON.parse(nothingKept.text).cookies]).toEqual([401, null]);
    const before = tool.launches.length;
    expect((await post('resume', { held: second.held, proof: '' }, { ...FRAMED, cookie })).status).toBe(303);
    expect(tool.launches).toHaveLength(before + 1);
  });

  test('never sends on what a page of ours notes about it', async () => {
    const { held } = await blockedLaunch(await framedLogin());
    const once = await post('again', { held, way: 'cookies' });
    expect(once.headers.get('location')).not.toMatch(/cookies|%5B/);
    const state = new URL(once.headers.get('location') ?? '').searchParams.get('state') ?? '';
    const login = await tool.store.login(stateHash(state));
    expect(Object.keys(login?.request ?? {}).toSorted()).toEqual(
      ['[cookies asked for]', ...Object.keys(loginParameters(tool))].toSorted(),
    );
  });

  test('begins again in a new window with every parameter that the LMS sent', async () => {
    const parameters = {
      lti_storage_target: '_parent',
      lti_message_hint: 'message-7',
      custom_of_this_lms: 'x',
    };
    const page = JSON.parse((await login(parameters, FRAMED)).text) as Record<string, string>;
    const asked = new URL(page['next'] ?? '').searchParams;
    const first = { state: asked.get('state') ?? '', nonce: asked.get('nonce') ?? '' };
    const { held } = await blockedLaunch(first);
    const answer = await post('again', { held }, { 'sec-fetch-dest': 'document' });
    expect(answer.status).toBe(302);
    expect(answer.headers.get('set-cookie')).toMatch(/^lti-/);
    const again = new URL(answer.headers.get('location') ?? '').searchParams;
    expect(again.get('state')).not.toBe(first.state);
    expect(Object.fromEntries(again)).toEqual({
      ...Object.fromEntries(asked),
      state: again.get('state'),
      nonce: again.get('nonce'),
    });
    expect(again.get('lti_message_hint')).toBe('message-7');
  });

  test('outside a frame gets the plain refusal', async () => {
    const opened = await framedLogin();
    const id_token = await signed(answeringClaims(tool, opened), key);
    expect(await post('launch', { state: opened.state, id_token }, {})).toMatchObject({
      status: 401,
      text: 'lti-errors.cookies-blocked',
    });
  });

  test('that waited too long must begin again in the course', async () => {
    const opened = await framedLogin();
    const { held } = await blockedLaunch(opened);
    tool.clock.now = NOW + LOGIN_LIFE_MS;
    for (const path of ['resume', 'again'])
      expect(await post(path, { held, proof: opened.kept['value'] ?? '' })).toMatchObject({
        status: 401,
        text: 'lti-errors.state-expired',
      });
    tool.clock.now = NOW;
  });
});
