import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { aPlatformKey, type FakePlatform, signed, startPlatform } from '../support/lti-platform.ts';
import { answeringClaims, ask, type LtiTool, login, post, startRegisteredTool } from '../support/lti-tool.ts';

const key = await aPlatformKey('key-1');
let platform: FakePlatform;
let tool: LtiTool;
/** A form that would be accepted as it is. */
let form: { state: string; id_token: string };
let cookie: string;

beforeAll(async () => {
  platform = await startPlatform(key);
  tool = await startRegisteredTool(platform);
  const opened = await login(tool);
  form = { state: opened.state, id_token: await signed(answeringClaims(tool, opened), key) };
  cookie = opened.cookie;
});
afterAll(async () => {
  // None of it spent the state or stopped the process.
  expect((await post(tool, form, cookie)).status).toBe(303);
  await tool.stop();
  await platform.stop();
});

function send(body: string | Uint8Array, headers: Record<string, string>) {
  return ask(`${tool.url}/lti/launch`, { method: 'POST', body, headers: { cookie, ...headers } });
}
const FORM = { 'content-type': 'application/x-www-form-urlencoded' };
const text = () => new URLSearchParams(form).toString();

describe('bodies that are not forms', () => {
  test.each<[string, () => string, Record<string, string>, number, string]>([
    ['JSON', () => JSON.stringify(form), { 'content-type': 'application/json' }, 415, 'form-only'],
    ['JSON that is broken', () => '{"id_token":', { 'content-type': 'application/json' }, 415, 'form-only'],
    ['plain text', text, { 'content-type': 'text/plain' }, 415, 'form-only'],
    ['XML', () => '<x/>', { 'content-type': 'application/xml' }, 415, 'form-only'],
    ['multipart', text, { 'content-type': 'multipart/form-data; boundary=x' }, 415, 'form-only'],
    [
      'a form in an odd character set',
      text,
      { 'content-type': `${FORM['content-type']}; charset=koi8-r` },
      415,
      'form-only',
    ],
    ['a form that claims to be compressed', text, { ...FORM, 'content-encoding': 'gzip' }, 415, 'form-only'],
    ['a form of 300 kB', () => `${text()}&x=${'x'.repeat(300_000)}`, FORM, 413, 'form-too-large'],
    [
      'a form of 200 fields',
      () => `${text()}${Array.from({ length: 200 }, (_, i) => `&x${i}=1`).join('')}`,
      FORM,
      413,
      'form-too-large',
    ],
    ['nothing', () => '', FORM, 400, 'launch-incomplete'],
  ])('%s', async (_name, body, headers, status, refusal) => {
    const answer = await send(body(), headers);
    expect([answer.status, answer.text]).toEqual([status, `lti-errors.${refusal}`]);
  });
});

describe('forms that ask for trouble', () => {
  test.each<[string, () => string, number, string]>([
    ['state twice', () => `${text()}&state=${form.state}`, 400, 'parameter-repeated'],
    ['id_token twice', () => `${text()}&id_token=x`, 400, 'parameter-repeated'],
    ['an operator', () => `${text()}&state[$ne]=x`, 400, 'form-malformed'],
    ['a state with a space', () => `id_token=${form.id_token}&state=a+b`, 400, 'state-malformed'],
    ['a state with a semicolon', () => `id_token=${form.id_token}&state=a%3Bb`, 400, 'state-malformed'],
    [
      'a state with a line break',
      () => `id_token=${form.id_token}&state=${form.state}%0d%0a`,
      400,
      'state-malformed',
    ],
    [
      'a state of 2000 characters',
      () => `id_token=${form.id_token}&state=${'a'.repeat(2000)}`,
      400,
      'state-malformed',
    ],
    ['only a bad state', () => 'state=a+b', 400, 'state-malformed'],
    ['no state', () => `id_token=${form.id_token}`, 400, 'launch-incomplete'],
    ['no token', () => `state=${form.state}`, 400, 'launch-incomplete'],
    ['an ltik', () => 'ltik=eyJhbGciOiJIUzI1NiJ9.e30.AA', 400, 'launch-incomplete'],
    [
      'the names of object machinery',
      () => '__proto__=x&constructor=y&state=hasOwnProperty',
      400,
      'state-malformed',
    ],
    ['broken percent signs', () => 'state=%E0%A4%A&id_token=%', 400, 'state-malformed'],
  ])('%s', async (_name, body, status, refusal) => {
    const answer = await send(body(), FORM);
    expect([answer.status, answer.text, answer.headers.get('set-cookie')]).toEqual([
      status,
      `lti-errors.${refusal}`,
      null,
    ]);
  });
});

test('what the address carries is not taken for the form', async () => {
  const answer = await ask(`${tool.url}/lti/launch?${text()}`, { method: 'POST', headers: { cookie } });
  expect([answer.status, answer.text]).toEqual([400, 'lti-errors.launch-incomplete']);
});

test.each(['/lti/launch', '/lti/login', '/lti/keys', '/lti/config.json'])(
  'no script of another site may read an answer: %s',
  async (path) => {
    const answer = await ask(`${tool.url}${path}`, {
      headers: { origin: 'https://evil.example.test', cookie },
    });
    const names = [...answer.headers.keys()].filter((name) => name.startsWith('access-control-'));
    expect(names).toEqual([]);
  },
);

test('tokens of other kinds in headers and cookies mean nothing', async () => {
  const answer = await send('', {
    ...FORM,
    authorization: 'Bearer eyJhbGciOiJIUzI1NiJ9.e30.AA',
    cookie: `${cookie}; ltiabc=s%3Astudent-1.sig`,
  });
  expect([answer.status, answer.text]).toEqual([400, 'lti-errors.launch-incomplete']);
});

test.each(['GET', 'PUT', 'DELETE', 'PATCH', 'OPTIONS'])('a launch by %s is refused', async (method) => {
  const answer = await ask(`${tool.url}/lti/launch`, { method });
  expect([answer.status, answer.text, answer.headers.get('allow')]).toEqual([
    405,
    'lti-errors.launch-by-get',
    'POST',
  ]);
});

test.each(['/lti', '/lti/', '/lti/launch/x', '/lti/register', '/lti/%E0%A4%A'])(
  'nothing else reaches ltijs: %s',
  async (path) => {
    const answer = await ask(`${tool.url}${path}`, {
      method: 'POST',
      body: text(),
      headers: { ...FORM, cookie },
    });
    expect([400, 404]).toContain(answer.status);
    expect(answer.text).not.toContain('NO_LTIK');
  },
);
