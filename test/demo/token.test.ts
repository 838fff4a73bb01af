import { generateKeyPair } from 'jose';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { call, type DemoServices, NOW, SCOPE, startDemoServices } from '../support/demo-services.ts';

let demo: DemoServices;

beforeAll(async () => {
  demo = await startDemoServices();
  return demo.close;
});

describe('the token endpoint', () => {
  test('gives a bearer token for the scopes that were asked for', async () => {
    const response = await demo.tool.askToken(demo.lms, `${SCOPE.score} ${SCOPE.roster}`);
    expect([response.status, response.headers.get('cache-control'), await response.json()]).toEqual([
      200,
      'no-store',
      {
        access_token: expect.any(String),
        token_type: 'Bearer',
        expires_in: 3600,
        scope: `${SCOPE.score} ${SCOPE.roster}`,
      },
    ]);
  });

  test.each<[string, Record<string, unknown>]>([
    ['another issuer', { iss: 'another-tool' }],
    ['another subject', { sub: 'another-tool' }],
    ['another audience', { aud: 'https://lms.example/token' }],
    ['an expired assertion', { exp: NOW / 1000 - 120 }],
    ['an old assertion', { iat: NOW / 1000 - 3600 }],
    ['no jti', { jti: '' }],
    ['no exp', { exp: undefined }],
  ])('refuses %s', async (_name, different) => {
    const response = await demo.tool.askToken(demo.lms, SCOPE.score, {
      client_assertion: await demo.tool.assertion(demo.lms, different),
    });
    expect([response.status, await response.json()]).toEqual([
      401,
      { error: 'invalid_client', error_description: expect.any(String) },
    ]);
  });

  test('refuses a list of audiences, as Brightspace does', async () => {
    const assertion = await demo.tool.assertion(demo.lms, {
      aud: [demo.lms.registration.tokenUrl, demo.lms.url],
    });
    expect((await demo.tool.askToken(demo.lms, SCOPE.score, { client_assertion: assertion })).status).toBe(
      401,
    );
  });

  test('refuses an assertion that was used before', async () => {
    const assertion = await demo.tool.assertion(demo.lms);
    const first = await demo.tool.askToken(demo.lms, SCOPE.score, { client_assertion: assertion });
    const second = await demo.tool.askToken(demo.lms, SCOPE.score, { client_assertion: assertion });
    expect([first.status, second.status]).toEqual([200, 401]);
  });

  test('refuses a signature of another key, and a key that the tool does not publish', async () => {
    const { privateKey } = await generateKeyPair('RS256');
    const claims = JSON.parse(
      Buffer.from((await demo.tool.assertion(demo.lms)).split('.')[1] ?? '', 'base64url').toString(),
    );
    const forged = await demo.tool.askToken(demo.lms, SCOPE.score, {
      client_assertion: await demo.tool.sign(claims, privateKey),
    });
    const unknown = await demo.tool.askToken(demo.lms, SCOPE.score, {
      client_assertion: await demo.tool.sign(claims, privateKey, 'k2'),
    });
    expect([forged.status, unknown.status]).toEqual([401, 401]);
  });

  test.each([
    ['grant_type', 'password', 'invalid_request'],
    ['client_assertion_type', 'saml', 'invalid_request'],
    ['scope', 'openid', 'invalid_scope'],
  ])('refuses %s “%s” with %s', async (name, value, error) => {
    const response = await demo.tool.askToken(demo.lms, SCOPE.score, { [name]: value });
    expect([response.status, ((await response.json()) as { error: string }).error]).toEqual([400, error]);
  });
});

describe('every service', () => {
  afterEach(() => demo.lms.faults.clear());

  const calls = [
    ['GET', () => demo.lineItems, [SCOPE.lineItemRead, SCOPE.lineItem], SCOPE.score],
    ['POST', () => demo.lineItems, [SCOPE.lineItem], SCOPE.lineItemRead],
    ['GET', () => demo.column, [SCOPE.lineItemRead, SCOPE.lineItem], SCOPE.score],
    ['PUT', () => demo.column, [SCOPE.lineItem], SCOPE.lineItemRead],
    ['POST', () => demo.scores, [SCOPE.score], SCOPE.lineItem],
    ['GET', () => demo.results, [SCOPE.results], SCOPE.score],
    ['GET', () => demo.members, [SCOPE.roster], SCOPE.score],
    ['DELETE', () => demo.column, [SCOPE.lineItem], SCOPE.lineItemRead],
  ] as const;

  test.each(calls)('%s %s wants a live token with the right scope', async (method, url, right, wrong) => {
    const body = method === 'POST' || method === 'PUT' ? {} : undefined;
    const none = await call('made-up', method, url(), body);
    const other = await call(await demo.tool.token(demo.lms, wrong), method, url(), body);
    const fitting = await Promise.all(
      right.map(
        async (scope) => (await call(await demo.tool.token(demo.lms, scope), method, url(), body)).status,
      ),
    );
    expect([none.status, other.status]).toEqual([401, 403]);
    for (const status of fitting) expect([200, 204, 400, 415]).toContain(status);
  });

  test('refuses a token that has died', async () => {
    demo.lms.faults.set({ tokenLifetimeSeconds: 0 });
    expect(
      (await call(await demo.tool.token(demo.lms, SCOPE.lineItemRead), 'GET', demo.lineItems)).status,
    ).toBe(401);
  });
});
