import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { AppError } from '../../src/domain/errors.ts';
import type { Log } from '../../src/domain/ports/log.ts';
import { createPlatformKeys, type PlatformKeyOf } from '../../src/lti/platform-keys.ts';
import { createServiceHttp } from '../../src/lti/service-http.ts';
import { HOUR, MINUTE, NOW, SECOND } from '../support/build.ts';
import { aPlatformKey, type FakePlatform, startPlatform } from '../support/lti-platform.ts';

const silent: Log = { info() {}, warn() {}, error() {} };
const old = await aPlatformKey('key-old');
const next = await aPlatformKey('key-new');
let platform: FakePlatform;
let keyOf: PlatformKeyOf;
let now: number;

beforeEach(async () => {
  now = NOW;
  platform = await startPlatform(old);
  keyOf = createPlatformKeys({
    http: createServiceHttp({ version: '0', production: false, timeoutMs: 300 }),
    now: () => now,
    log: silent,
  });
});
afterEach(() => platform.stop());

/** `found`, or the key of the refusal. */
async function look(kid: string): Promise<string> {
  try {
    const key = await keyOf(platform.registration.jwksUrl, kid);
    return key.n === undefined ? 'empty' : 'found';
  } catch (error) {
    return error instanceof AppError ? `${error.code} ${error.key}` : 'thrown';
  }
}

const UNKNOWN = 'unauthenticated lti-errors.key-unknown';
const UNREACHABLE = 'unavailable lti-errors.keys-unreachable';

test('a key set is read once for ten minutes', async () => {
  for (const wait of [0, MINUTE, 9 * MINUTE]) {
    now = NOW + wait;
    expect(await look('key-old')).toBe('found');
  }
  expect(platform.keySetRequests()).toBe(1);
  now = NOW + 11 * MINUTE;
  expect(await look('key-old')).toBe('found');
  expect(platform.keySetRequests()).toBe(2);
});

test('thirty launches at the same moment read it once', async () => {
  const looks = await Promise.all(Array.from({ length: 30 }, () => look('key-old')));
  expect([new Set(looks), platform.keySetRequests()]).toEqual([new Set(['found']), 1]);
});

test('a key that the platform changes to is found at once, also by several at the same moment', async () => {
  await look('key-old');
  platform.publish(next);
  const looks = await Promise.all(Array.from({ length: 10 }, () => look('key-new')));
  expect([new Set(looks), platform.keySetRequests()]).toEqual([new Set(['found']), 2]);
  expect(await look('key-old')).toBe(UNKNOWN);
});

test('made-up kids cost one request in thirty seconds', async () => {
  await look('key-old');
  for (let index = 0; index < 20; index += 1) expect(await look(`made-up-${index}`)).toBe(UNKNOWN);
  expect(platform.keySetRequests()).toBe(2);
  now = NOW + 30 * SECOND;
  platform.publish(next);
  expect(await look('key-new')).toBe('found');
  expect(platform.keySetRequests()).toBe(3);
});

test('a key that is known survives a key set that is down, for a day', async () => {
  await look('key-old');
  platform.keySet = (res) => res.writeHead(500).end();
  for (const wait of [11 * MINUTE, HOUR, 24 * HOUR]) {
    now = NOW + wait;
    expect(await look('key-old')).toBe('found');
    expect(await look('key-new')).toBe(UNREACHABLE);
  }
  now = NOW + 24 * HOUR + SECOND;
  expect(await look('key-old')).toBe(UNREACHABLE);
  platform.publish(old);
  expect(await look('key-old')).toBe('found');
});

describe('a platform that says no once is asked a second time before anybody is turned away', () => {
  test.each<[string, FakePlatform['keySet']]>([
    ['500', (res) => res.writeHead(500).end()],
    ['503', (res) => res.writeHead(503).end()],
    ['429', (res) => res.writeHead(429, { 'retry-after': '1' }).end()],
    ['a cut connection', (res) => res.destroy()],
  ])('%s', async (_name, once) => {
    const well = platform.keySet;
    platform.keySet = (res) => {
      platform.keySet = well;
      once(res);
    };
    expect(await look('key-old')).toBe('found');
    expect(platform.keySetRequests()).toBe(2);
  });

  test.each<[string, FakePlatform['keySet']]>([
    ['not found', (res) => res.writeHead(404).end()],
    ['a web page', (res) => res.writeHead(200, { 'content-type': 'text/html' }).end('<h1>Sign in</h1>')],
    ['silence', () => {}],
  ])('%s is no hiccup: asked once', async (_name, keySet) => {
    platform.keySet = keySet;
    expect(await look('key-old')).toBe(UNREACHABLE);
    expect(platform.keySetRequests()).toBe(1);
  });
});

test('while it is down, people whose key is known do not wait for it each time', async () => {
  await look('key-old');
  platform.keySet = (res) => res.writeHead(503).end();
  now = NOW + 11 * MINUTE;
  await look('key-old');
  const asked = platform.keySetRequests();
  for (let index = 0; index < 5; index += 1) expect(await look('key-old')).toBe('found');
  expect(platform.keySetRequests()).toBe(asked);
});

test('a made-up kid at a platform that is silent holds up nobody whose key is known', async () => {
  await look('key-old');
  platform.keySet = () => {};
  const order: string[] = [];
  const madeUp = look('made-up').then((result) => order.push(result));
  const known = look('key-old').then((result) => order.push(result));
  await Promise.all([madeUp, known]);
  expect(order).toEqual(['found', UNREACHABLE]);
});

describe('a key set that cannot be read is out of reach, and is asked again at once when it is back', () => {
  test.each<[string, FakePlatform['keySet']]>([
    ['an error page', (res) => res.writeHead(500).end('<h1>no</h1>')],
    ['a web page', (res) => res.writeHead(200, { 'content-type': 'text/html' }).end('<h1>Sign in</h1>')],
    ['nothing', (res) => res.end()],
    ['JSON of another kind', (res) => res.end('{"keys":"x"}')],
    ['null', (res) => res.end('null')],
    ['a redirect to another site', (res) => res.writeHead(302, { location: 'http://127.0.0.1:1/' }).end()],
    ['a redirect to itself', (res) => res.writeHead(302, { location: '/d2l/.well-known/jwks' }).end()],
    ['a cut connection', (res) => res.destroy()],
    ['silence', () => {}],
    ['a few bytes and silence', (res) => res.writeHead(200).write('{"keys":[')],
    ['far too much', (res) => res.end(`{"keys":[${'" ",'.repeat(600_000)}""]}`)],
  ])('%s', async (_name, keySet) => {
    platform.keySet = keySet;
    expect(await look('key-old')).toBe(UNREACHABLE);
    platform.publish(old);
    expect(await look('key-old')).toBe('found');
  });
});

test('keys of other kinds, for encryption or without kid are not offered', async () => {
  const { kid, ...noKid } = old.jwk;
  const wrong = [
    noKid,
    { ...old.jwk, kid: 'enc', use: 'enc' },
    { ...old.jwk, kid: 'rs512', alg: 'RS512' },
    { kty: 'oct', kid: 'oct', k: 'AAAA' },
  ];
  platform.keySet = (res) => res.end(JSON.stringify({ keys: [...wrong, old.jwk] }));
  for (const name of ['enc', 'rs512', 'oct', '', 'undefined', '__proto__'])
    expect(await look(name), name).toBe(UNKNOWN);
  expect(await look('key-old')).toBe('found');
});

test('a private key that a platform publishes by mistake is used as a public one', async () => {
  platform.keySet = (res) => res.end(JSON.stringify({ keys: [{ ...old.jwk, d: 'AAAA', p: 'AAAA' }] }));
  expect(await keyOf(platform.registration.jwksUrl, 'key-old')).toEqual({
    kty: 'RSA',
    n: old.jwk.n,
    e: old.jwk.e,
    alg: 'RS256',
  });
});

test('in production a key set without https is not asked for', async () => {
  const strict = createPlatformKeys({
    http: createServiceHttp({ version: '0', production: true, timeoutMs: 300 }),
    now: () => now,
    log: silent,
  });
  await expect(strict(platform.registration.jwksUrl, 'key-old')).rejects.toMatchObject({
    key: 'lti-errors.keys-unreachable',
  });
  expect(platform.keySetRequests()).toBe(0);
});
