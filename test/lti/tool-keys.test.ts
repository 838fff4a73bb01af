import { createPrivateKey, createPublicKey, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Log } from '../../src/domain/ports/log.ts';
import type { Store } from '../../src/domain/ports/store.ts';
import { keyIdOf, openSecret, sealSecret } from '../../src/lti/seal.ts';
import { createToolKeys } from '../../src/lti/tool-keys.ts';
import { openSqliteStore } from '../../src/storage/sqlite/open.ts';
import { HOUR, NOW } from '../support/build.ts';
import { ask, type LtiTool, SECRET, startLtiTool } from '../support/lti-tool.ts';

const OTHER = 'another secret of the tests, 32 bytes';
let tool: LtiTool;
beforeAll(async () => {
  tool = await startLtiTool();
});
afterAll(() => tool.stop());

function keysOver(store: Store, secrets: readonly [string, ...string[]], at = NOW) {
  const warnings: string[] = [];
  const log: Log = { info() {}, warn: (_fields, message) => warnings.push(message), error() {} };
  return { ...createToolKeys({ store, secrets, now: () => at, newId: randomUUID, log }), warnings };
}

test('the key set is public, cacheable, and shows public halves only', async () => {
  const answer = await ask(`${tool.url}/lti/keys`);
  const { keys } = JSON.parse(answer.text) as { keys: Record<string, string>[] };
  expect([answer.status, answer.headers.get('cache-control'), answer.headers.get('content-type')]).toEqual([
    200,
    'public, max-age=300',
    'application/json; charset=utf-8',
  ]);
  expect(keys).toEqual([
    {
      kty: 'RSA',
      n: expect.stringMatching(/^[\w-]{342}$/),
      e: 'AQAB',
      kid: expect.stringMatching(/^[\w-]{43}$/),
      alg: 'RS256',
      use: 'sig',
    },
  ]);
});

test('what signs is the other half of what is published, and is sealed in the store', async () => {
  const [stored] = await tool.store.toolKeys();
  const { kid, privateKeyPem } = await tool.lti.toolKeys.signing();
  const published = createPublicKey({ key: { ...stored?.publicJwk }, format: 'jwk' });
  expect(kid).toBe(stored?.kid);
  expect(createPublicKey(createPrivateKey(privateKeyPem)).equals(published)).toBe(true);
  expect(stored?.sealedPrivateKey).toMatch(/^v2\.[\w-]{8}\.[\w-]+$/);
});

test('a second start uses the key that is there', async () => {
  const store = openSqliteStore({ path: ':memory:' });
  await keysOver(store, [SECRET]).ensure();
  const second = keysOver(store, [SECRET], NOW + HOUR);
  await second.ensure();
  expect([await store.toolKeys(), second.warnings]).toEqual([[expect.anything()], []]);
  await store.close();
});

test('a new secret opens old keys as long as the old one is given too', async () => {
  const store = openSqliteStore({ path: ':memory:' });
  await keysOver(store, [SECRET]).ensure();
  const before = await keysOver(store, [SECRET]).signing();
  const both = keysOver(store, [OTHER, SECRET]);
  await both.ensure();
  expect(await both.signing()).toEqual(before);
  // Sealed again at that start: the old secret is no longer needed.
  expect(await keysOver(store, [OTHER]).signing()).toEqual(before);
  expect(await keysOver(store, [SECRET]).byKid(before.kid)).toBeNull();
  await store.close();
});

test('a lost secret costs a new key, said in the log; both are published', async () => {
  const store = openSqliteStore({ path: ':memory:' });
  await keysOver(store, [SECRET]).ensure();
  const after = keysOver(store, [OTHER], NOW + HOUR);
  await after.ensure();
  expect(after.warnings).toEqual(['SHSM_SECRET opens no stored signing key: a new one is made']);
  expect((await after.keySet()).keys).toHaveLength(2);
  expect((await after.signing()).kid).not.toBe((await keysOver(store, [SECRET]).signing()).kid);
  await store.close();
});

test('a key that retired is published but signs no more', async () => {
  const store = openSqliteStore({ path: ':memory:' });
  await keysOver(store, [SECRET]).ensure();
  await keysOver(store, [SECRET, OTHER]).ensure();
  const [retired] = await store.toolKeys();
  await store.close();
  const moved = openSqliteStore({ path: ':memory:' });
  if (retired !== undefined) await moved.addToolKey({ ...retired, retiredAt: NOW });
  const keys = keysOver(moved, [SECRET]);
  await keys.ensure();
  expect((await keys.keySet()).keys).toHaveLength(2);
  expect((await keys.signing()).kid).not.toBe(retired?.kid);
  expect((await keys.byKid(retired?.kid ?? ''))?.kid).toBe(retired?.kid);
  await moved.close();
});

test('a rotation publishes at once, signs after an hour, and keeps the old key published for a week', async () => {
  const store = openSqliteStore({ path: ':memory:' });
  const at = (ms: number) => keysOver(store, [SECRET], NOW + ms);
  await at(0).ensure();
  const old = (await at(0).signing()).kid;
  const { kid, signsFrom } = await at(1).rotate('routine');
  expect(signsFrom).toBe(NOW + 1 + HOUR);
  const seen = async (ms: number) => ({
    signs: (await at(ms + 1).signing()).kid,
    published: (await at(ms + 1).keySet()).keys.map((jwk) => jwk['kid']),
  });
  expect(await seen(0)).toEqual({ signs: old, published: [old, kid] });
  expect(await seen(HOUR - 1)).toEqual({ signs: old, published: [old, kid] });
  expect(await seen(HOUR)).toEqual({ signs: kid, published: [old, kid] });
  expect(await seen(HOUR + 7 * 24 * HOUR - 1)).toEqual({ signs: kid, published: [old, kid] });
  expect(await seen(HOUR + 7 * 24 * HOUR)).toEqual({ signs: kid, published: [kid] });
  await at(HOUR + 8 * 24 * HOUR).rotate('routine');
  expect((await store.toolKeys()).map((key) => key.kid)).not.toContain(old);
  expect(await store.auditOf(kid)).toMatchObject([{ action: 'keys.rotated', detail: { why: 'routine' } }]);
  await store.close();
});

test('a second rotation within the hour leaves the first new key to sign in its turn', async () => {
  const store = openSqliteStore({ path: ':memory:' });
  const at = (ms: number) => keysOver(store, [SECRET], NOW + ms);
  await at(0).ensure();
  const first = (await at(0).signing()).kid;
  const { kid: second } = await at(1).rotate('routine');
  const { kid: third } = await at(HOUR / 2).rotate('routine');
  const signs = async (ms: number) => (await at(ms).signing()).kid;
  expect([await signs(HOUR / 2), await signs(HOUR + 1), await signs(1.5 * HOUR)]).toEqual([
    first,
    second,
    third,
  ]);
  await store.close();
});

test('a leaked key is believed no longer, from this moment', async () => {
  const store = openSqliteStore({ path: ':memory:' });
  await keysOver(store, [SECRET]).ensure();
  const { kid } = await keysOver(store, [SECRET]).rotate('leaked');
  const keys = keysOver(store, [SECRET]);
  expect((await keys.signing()).kid).toBe(kid);
  expect((await keys.keySet()).keys.map((jwk) => jwk['kid'])).toEqual([kid]);
  await store.close();
});

test('a running server publishes what a command rotated', async () => {
  const rotated = await keysOver(tool.store, [SECRET]).rotate('routine');
  const { keys } = JSON.parse((await ask(`${tool.url}/lti/keys`)).text) as { keys: { kid: string }[] };
  expect(keys.map((key) => key.kid)).toContain(rotated.kid);
});

test('what is sealed opens with its secret and label, and with nothing else', () => {
  const sealed = sealSecret('words é', SECRET, 'label');
  expect(openSecret(sealed, [OTHER, SECRET], 'label')).toBe('words é');
  expect(sealSecret('words é', SECRET, 'label')).not.toBe(sealed);
  const [version = '', keyId = '', body = ''] = sealed.split('.');
  const other = keyIdOf(OTHER);
  for (const [text, secrets, label] of [
    [sealed, [OTHER], 'label'],
    [sealed, [SECRET], 'other'],
    [sealed.replace('v2', 'v3'), [SECRET], 'label'],
    [`v1.${body}`, [SECRET], 'label'],
    [`${version}.${other}.${body}`, [SECRET, OTHER], 'label'],
    [`${sealed}.more`, [SECRET], 'label'],
    [sealed.slice(0, -6), [SECRET], 'label'],
    [`${version}.${keyId}.${body[0] === 'A' ? 'E' : 'A'}${body.slice(1)}`, [SECRET], 'label'],
    ['', [SECRET], 'label'],
    ['v1.', [SECRET], 'label'],
  ] as const)
    expect(openSecret(text, secrets, label), text).toBeNull();
});

test('what an earlier version sealed, without saying with which secret, still opens', () => {
  const earlier = 'v1.kJ4egdMlO2mBO5OyP_HNogdVVIHHTWuHlEz_fhdVr_gZAXeX';
  expect(openSecret(earlier, [OTHER, SECRET], 'label')).toBe('words é');
  expect(openSecret(earlier, [OTHER], 'label')).toBeNull();
});
