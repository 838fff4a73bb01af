import { createPrivateKey, createPublicKey } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Log, Store } from '../../src/domain/ports.ts';
import { openSecret, sealSecret } from '../../src/lti/seal.ts';
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
  return { ...createToolKeys({ store, secrets, now: () => at, log }), warnings };
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
  expect(stored?.sealedPrivateKey).toMatch(/^v1\.[\w-]+$/);
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

test('what is sealed opens with its secret and label, and with nothing else', () => {
  const sealed = sealSecret('words é', SECRET, 'label');
  expect(openSecret(sealed, [OTHER, SECRET], 'label')).toBe('words é');
  expect(sealSecret('words é', SECRET, 'label')).not.toBe(sealed);
  const last = sealed.at(-1) === 'A' ? 'E' : 'A';
  for (const [text, secrets, label] of [
    [sealed, [OTHER], 'label'],
    [sealed, [SECRET], 'other'],
    [sealed.replace('v1', 'v2'), [SECRET], 'label'],
    [sealed.slice(0, -6), [SECRET], 'label'],
    [`${sealed.slice(0, 10)}${last}${sealed.slice(11)}`, [SECRET], 'label'],
    ['', [SECRET], 'label'],
    ['v1.', [SECRET], 'label'],
  ] as const)
    expect(openSecret(text, secrets, label), text).toBeNull();
});
