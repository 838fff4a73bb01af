import { afterEach, beforeEach, expect, test } from 'vitest';
import { createServiceHttp } from '../../src/lti/service-http.ts';
import type { SigningIdentity } from '../../src/lti/signing-identity.ts';
import { type AccessTokens, createAccessTokens } from '../../src/lti/tokens.ts';
import { SECOND } from '../support/build.ts';
import { createClock } from '../support/clock.ts';
import { ALL_SCOPES, type GradePlatform, startGradePlatform } from '../support/grade-platform.ts';

const [LINE_ITEM = '', LINE_ITEM_READ = '', SCORE = ''] = ALL_SCOPES;
const use = { platformId: 'p', deploymentId: 'deployment-1', scopes: [SCORE] };

let clock: ReturnType<typeof createClock>;
let platform: GradePlatform;
let identity: SigningIdentity | null;
let tokens: AccessTokens;
beforeEach(async () => {
  clock = createClock();
  platform = await startGradePlatform({ now: clock.now });
  identity = platform.identity;
  let ids = 0;
  tokens = createAccessTokens({
    http: createServiceHttp({ version: '0', production: false, timeoutMs: 400 }),
    identityOf: async () => identity,
    now: clock.now,
    newId: () => {
      ids += 1;
      return `jti-${ids}`;
    },
  });
});
afterEach(() => platform.close());

/** The token, or the words of the problem. */
const get = async (over: Partial<typeof use> = {}) => {
  const answer = await tokens.get({ ...use, ...over });
  return answer.kind === 'token'
    ? answer.value
    : `${answer.lasting ? 'lasting' : 'passing'} ${answer.error.key}`;
};

test('an assertion that a strict platform believes brings a token, which is used again', async () => {
  expect(await get()).toBe('token-1');
  expect(await get()).toBe('token-1');
  expect(platform.count('token')).toBe(1);
  expect([...new URLSearchParams(platform.seen[0]?.body).keys()]).toEqual([
    'grant_type',
    'client_assertion_type',
    'client_assertion',
    'scope',
  ]);
});

test('an LMS whose clock is a little behind believes it too', async () => {
  const behind = await startGradePlatform({ now: () => clock.now() - 4 * SECOND });
  identity = behind.identity;
  expect(await get()).toBe('token-1');
  await behind.close();
});

test('callers at the same moment share one request', async () => {
  expect(await Promise.all([get(), get(), get(), get()])).toEqual(Array(4).fill('token-1'));
  expect(platform.count('token')).toBe(1);
});

test('one token a set of scopes, whatever their order, and a deployment', async () => {
  expect(await get({ scopes: [LINE_ITEM, LINE_ITEM_READ] })).toBe('token-1');
  expect(await get({ scopes: [LINE_ITEM_READ, LINE_ITEM] })).toBe('token-1');
  expect(await get({ scopes: [LINE_ITEM] })).toBe('token-2');
  platform.settings.deploymentId = 'deployment-2';
  expect(await get({ deploymentId: 'deployment-2', scopes: [LINE_ITEM] })).toBe('token-3');
});

test('a token is not used in its last minute', async () => {
  await get();
  clock.advance(3600 * SECOND - 60 * SECOND - 1);
  expect(await get()).toBe('token-1');
  clock.advance(1);
  expect(await get()).toBe('token-2');
});

test('a dead token is forgotten, but not the one that took its place', async () => {
  const dead = await get();
  tokens.drop(use, dead);
  expect(await get()).toBe('token-2');
  tokens.drop(use, dead);
  expect(await get()).toBe('token-2');
});

test.each<[string, (token: string) => unknown, number]>([
  ['no lifetime and no type', (token) => ({ access_token: token }), 240],
  ['a lifetime in quotation marks', (token) => ({ access_token: token, expires_in: '600' }), 540],
  ['a lifetime that is none', (token) => ({ access_token: token, expires_in: 'soon' }), 240],
])('%s', async (_, answer, seconds) => {
  platform.settings.tokenAnswer = answer;
  await get();
  clock.advance(seconds * SECOND - 1);
  expect(await get()).toBe('token-1');
  clock.advance(1);
  expect(await get()).toBe('token-2');
});

test('a token for less than a minute is used once', async () => {
  platform.settings.tokenAnswer = (token) => ({ access_token: token, expires_in: 30 });
  expect([await get(), await get()]).toEqual(['token-1', 'token-2']);
});

test.each<[string, () => unknown, string]>([
  [
    'a scope that was not granted lasts',
    () => platform.settings.scopes.splice(0),
    'lasting service-not-allowed',
  ],
  [
    'a client that is not known yet passes',
    () => platform.fail('token', { status: 401, body: { error: 'invalid_client' } }),
    'passing token-refused',
  ],
  ['a 400 without a word passes', () => platform.fail('token', { status: 400 }), 'passing token-refused'],
  ['an error of the LMS passes', () => platform.fail('token', { status: 500 }), 'passing lms-unavailable'],
  [
    'a page in place of a token passes',
    () => platform.fail('token', { status: 200, body: '<html>' }),
    'passing token-refused',
  ],
  [
    'an empty token passes',
    () => platform.fail('token', { status: 200, body: { access_token: '' } }),
    'passing token-refused',
  ],
  ['a broken connection passes', () => platform.fail('token', 'reset'), 'passing lms-unavailable'],
  [
    'a platform that is switched off passes',
    () => {
      identity = null;
    },
    'passing platform-disabled',
  ],
  [
    'a wrong deployment is refused by the LMS',
    () => {
      platform.settings.deploymentId = 'other';
    },
    'passing token-refused',
  ],
])('%s', async (_, arrange, expected) => {
  arrange();
  expect(await get()).toBe(expected);
});

test('a failure is not remembered', async () => {
  platform.fail('token', { status: 500 });
  expect([await get(), await get()]).toEqual(['passing lms-unavailable', 'token-1']);
});
