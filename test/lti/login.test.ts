import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { stateHash } from '../../src/lti/login.ts';
import { aDeployment, anAuditEvent, aPlatform, MINUTE, NOW } from '../support/build.ts';
import { ask, type LtiTool, loginParameters, startLtiTool } from '../support/lti-tool.ts';

const AUTH = 'https://lms.example.test/d2l/lti/authenticate';
let tool: LtiTool;
let audits = 0;
const audit = () => {
  audits += 1;
  return anAuditEvent({ id: `audit-${audits}` });
};

beforeAll(async () => {
  tool = await startLtiTool();
  const twice = 'https://twice.example.test';
  await tool.store.addPlatform(aPlatform(), audit());
  for (const [id, clientId] of [
    ['platform-2', 'client-2'],
    ['platform-3', 'client-3'],
  ] as const) {
    await tool.store.addPlatform(aPlatform({ id, clientId, issuer: twice }), audit());
    await tool.store.seeDeployment(aDeployment({ platformId: id, deploymentId: `only-${id}` }), audit());
    await tool.store.seeDeployment(aDeployment({ platformId: id, deploymentId: 'in-both' }), audit());
  }
  const off = aPlatform({ id: 'platform-4', issuer: 'https://off.example.test', status: 'disabled' });
  await tool.store.addPlatform(off, audit());
  const plain = aPlatform({
    id: 'platform-5',
    issuer: 'https://plain.example.test',
    authUrl: 'http://lms.example.test/auth',
  });
  await tool.store.addPlatform(plain, audit());
  const query = aPlatform({
    id: 'platform-6',
    issuer: 'https://query.example.test',
    authUrl: `${AUTH}?tenant=7&state=x`,
  });
  await tool.store.addPlatform(query, audit());
});
afterAll(() => tool.stop());

function byGet(parameters: Record<string, string> | readonly (readonly [string, string])[]) {
  return ask(`${tool.url}/lti/login?${new URLSearchParams(parameters as Record<string, string>)}`);
}

async function redirectOf(over: Record<string, string>): Promise<URL> {
  const answer = await byGet(loginParameters(tool, over));
  expect([answer.status, answer.text.slice(0, 5)]).toEqual([302, 'Found']);
  return new URL(answer.headers.get('location') ?? '');
}

test('the platform is asked exactly what the Security Framework says', async () => {
  const hint = 'a b+c/=&?é%20';
  const url = await redirectOf({ lti_message_hint: hint, login_hint: '"quoted"' });
  const { state, nonce, ...rest } = Object.fromEntries(url.searchParams);
  expect(url.origin + url.pathname).toBe(AUTH);
  expect(rest).toEqual({
    scope: 'openid',
    response_type: 'id_token',
    response_mode: 'form_post',
    prompt: 'none',
    client_id: 'client-1',
    redirect_uri: `${tool.url}/lti/launch`,
    login_hint: '"quoted"',
    lti_message_hint: hint,
  });
  expect(state).toMatch(/^[\w-]{43}$/);
  expect(nonce).toMatch(/^[\w-]{43}$/);
  expect(state).not.toBe(nonce);
});

test('the login is kept by the hash of its state, for longer than ten minutes', async () => {
  const asked = (await redirectOf({})).searchParams;
  expect(await tool.store.login(stateHash(asked.get('state') ?? ''))).toEqual({
    stateHash: stateHash(asked.get('state') ?? ''),
    nonce: asked.get('nonce'),
    platformId: 'platform-1',
    request: loginParameters(tool),
    targetLinkUri: `${tool.url}/lti/launch`,
    openedAt: NOW,
    expiresAt: NOW + 15 * MINUTE,
    spentAt: null,
  });
});

test('an answer without a message hint carries none', async () => {
  const { lti_message_hint, ...parameters } = loginParameters(tool);
  const answer = await byGet(parameters);
  expect(new URL(answer.headers.get('location') ?? '').searchParams.has('lti_message_hint')).toBe(false);
});

test("the query of the platform's own address is kept, without letting it speak for us", async () => {
  const url = await redirectOf({ iss: 'https://query.example.test' });
  expect(url.searchParams.getAll('tenant')).toEqual(['7']);
  expect(url.searchParams.getAll('state')).toEqual([expect.stringMatching(/^[\w-]{43}$/)]);
});

describe('several registrations of one issuer', () => {
  const twice = { iss: 'https://twice.example.test' };
  test.each([
    ['the client id settles it', { ...twice, client_id: 'client-3' }, 'client-3'],
    [
      'the deployment settles it',
      { ...twice, client_id: '', lti_deployment_id: 'only-platform-2' },
      'client-2',
    ],
    ['one registration needs neither', { client_id: '', lti_deployment_id: '' }, 'client-1'],
  ])('%s', async (_name, over, clientId) => {
    expect((await redirectOf(over)).searchParams.get('client_id')).toBe(clientId);
  });

  test.each([
    ['nothing to settle it by', ''],
    ['a deployment of both', 'in-both'],
    ['a deployment of neither', 'nowhere'],
  ])('%s is refused', async (_name, lti_deployment_id) => {
    const answer = await byGet(loginParameters(tool, { ...twice, client_id: '', lti_deployment_id }));
    expect([answer.status, answer.text]).toEqual([409, 'lti-errors.platform-ambiguous']);
  });
});

describe('refused logins', () => {
  test.each<[string, Record<string, string>, number, string]>([
    ['an unknown issuer', { iss: 'https://unknown.example.test' }, 403, 'platform-unknown'],
    ['an issuer with a slash more', { iss: 'https://lms.example.test/' }, 403, 'platform-unknown'],
    ['an unknown client id', { client_id: 'client-9' }, 403, 'client-unknown'],
    ['a disabled platform', { iss: 'https://off.example.test' }, 403, 'platform-disabled'],
    ['a platform without https', { iss: 'https://plain.example.test' }, 403, 'platform-insecure'],
    ['no issuer', { iss: '' }, 400, 'login-incomplete'],
    ['no login hint', { login_hint: '' }, 400, 'login-incomplete'],
    ['no target', { target_link_uri: '' }, 400, 'login-incomplete'],
    [
      'a target elsewhere',
      { target_link_uri: 'https://evil.example.test/lti/launch' },
      403,
      'target-elsewhere',
    ],
    [
      'a target with a look-alike user part',
      { target_link_uri: 'http://localhost:3000@evil.example.test/' },
      403,
      'target-elsewhere',
    ],
    ['a target that is a script', { target_link_uri: 'javascript:alert(1)' }, 403, 'target-elsewhere'],
    ['a target that is only a path', { target_link_uri: '/lti/launch' }, 403, 'target-elsewhere'],
    ['a control character', { client_id: 'client\u0000' }, 400, 'form-malformed'],
    ['10 kB of parameters that nobody knows', { more: 'x'.repeat(10_000) }, 413, 'form-too-large'],
    ['an issuer of 3000 characters', { iss: `https://${'x'.repeat(3000)}` }, 413, 'form-too-large'],
  ])('%s', async (_name, over, status, refusal) => {
    const answer = await byGet(loginParameters(tool, over));
    expect([answer.status, answer.text, answer.headers.get('set-cookie')]).toEqual([
      status,
      `lti-errors.${refusal}`,
      null,
    ]);
  });

  test.each<[string, (sent: [string, string][]) => [string, string][], string]>([
    ['iss twice', (sent) => [...sent, ['iss', 'https://lms.example.test']], 'parameter-repeated'],
    ['an operator beside iss', (sent) => [...sent, ['iss[$ne]', 'x']], 'form-malformed'],
    [
      'an operator instead of iss',
      (sent) => sent.map(([name, value]) => [name === 'iss' ? 'iss[$ne]' : name, value]),
      'form-malformed',
    ],
    ['a list', (sent) => [...sent, ['client_id[]', 'x']], 'form-malformed'],
    ['nothing', () => [], 'login-incomplete'],
  ])('%s, by GET and by POST', async (_name, change, refusal) => {
    const sent = change(Object.entries(loginParameters(tool)));
    const expected = [400, `lti-errors.${refusal}`];
    const got = await byGet(sent);
    expect([got.status, got.text]).toEqual(expected);
    const posted = await ask(`${tool.url}/lti/login`, { method: 'POST', body: new URLSearchParams(sent) });
    expect([posted.status, posted.text]).toEqual(expected);
  });

  test('the same parameter in the address and in the form', async () => {
    const answer = await ask(`${tool.url}/lti/login?iss=x`, {
      method: 'POST',
      body: new URLSearchParams(loginParameters(tool)),
    });
    expect([answer.status, answer.text]).toEqual([400, 'lti-errors.parameter-repeated']);
  });

  test('a message hint of 40 kB in a form', async () => {
    const body = new URLSearchParams(loginParameters(tool, { lti_message_hint: 'x'.repeat(40_000) }));
    const answer = await ask(`${tool.url}/lti/login`, { method: 'POST', body });
    expect([answer.status, answer.text]).toEqual([413, 'lti-errors.form-too-large']);
  });

  test('JSON', async () => {
    const answer = await ask(`${tool.url}/lti/login`, {
      method: 'POST',
      body: JSON.stringify(loginParameters(tool)),
      headers: { 'content-type': 'application/json' },
    });
    expect([answer.status, answer.text]).toEqual([415, 'lti-errors.form-only']);
  });
});

test('in production even this machine needs https', async () => {
  const production = await startLtiTool({ production: true, publicUrl: 'https://tool.example.test' });
  const http = aPlatform({ authUrl: 'http://127.0.0.1:9/auth' });
  await production.store.addPlatform(http, audit());
  const parameters = {
    ...loginParameters(production),
    target_link_uri: 'https://tool.example.test/lti/launch',
  };
  const answer = await ask(`${production.url}/lti/login?${new URLSearchParams(parameters)}`);
  await production.stop();
  expect([answer.status, answer.text]).toEqual([403, 'lti-errors.platform-insecure']);
});

test('a platform that another process adds can log in at once', async () => {
  const issuer = 'https://later.example.test';
  expect((await byGet(loginParameters(tool, { iss: issuer }))).status).toBe(403);
  await tool.store.addPlatform(aPlatform({ id: 'platform-later', issuer }), audit());
  expect((await byGet(loginParameters(tool, { iss: issuer }))).status).toBe(302);
});

test('the addresses for board IT are public', async () => {
  const answer = await ask(`${tool.url}/lti/config.json`);
  expect(JSON.parse(answer.text)).toEqual({
    loginUrl: `${tool.url}/lti/login`,
    launchUrl: `${tool.url}/lti/launch`,
    keysetUrl: `${tool.url}/lti/keys`,
  });
});
