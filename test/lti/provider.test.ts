import { KeyObject, randomUUID } from 'node:crypto';
import { createRequire } from 'node:module';
import {
  createLocalJWKSet,
  decodeProtectedHeader,
  importPKCS8,
  type JSONWebKeySet,
  jwtVerify,
  SignJWT,
} from 'jose';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Log } from '../../src/domain/ports/log.ts';
import { createProvider } from '../../src/lti/provider.ts';
import { createProviderDatabase } from '../../src/lti/provider-database.ts';
import { createToolKeys, type ToolKeys } from '../../src/lti/tool-keys.ts';
import { anAuditEvent, aPlatform, NOW } from '../support/build.ts';
import { aPlatformKey, type Claims, launchClaims, lti, signed } from '../support/lti-platform.ts';
import { ask, type LtiTool, SECRET, startLtiTool } from '../support/lti-tool.ts';

const silent: Log = { info() {}, warn() {}, error() {} };
let tool: LtiTool;
beforeAll(async () => {
  tool = await startLtiTool();
  await tool.store.addPlatform(aPlatform(), anAuditEvent());
});
afterAll(() => tool.stop());

async function providerOver(at: LtiTool) {
  const toolKeys = createToolKeys({
    store: at.store,
    secrets: [SECRET],
    now: () => NOW,
    newId: randomUUID,
    log: silent,
  });
  return createProvider({ store: at.store, toolKeys });
}

const claims = (over = {}) =>
  launchClaims({ [lti('target_link_uri')]: 'https://tool.example.test/', ...over });

test('ltijs validates what the gateway verified, any number of times and in any number of instances', async () => {
  const providers = await Promise.all([providerOver(tool), providerOver(tool), providerOver(tool)]);
  for (const provider of providers)
    for (const over of [{}, {}, { [lti('roles')]: [] }, { [lti('context')]: undefined }])
      await expect(provider.admit(aPlatform(), claims(over))).resolves.toBeUndefined();
});

test.each([
  ['claims of another platform', claims({ iss: 'https://other.example.test' }), 'ISS_CLAIM_DOES_NOT_MATCH'],
  ['no version', claims({ [lti('version')]: undefined }), 'NO_LTI_VERSION_CLAIM'],
  [
    'a message it does not know',
    claims({ [lti('message_type')]: 'LtiSubmissionReviewRequest' }),
    'NO_MESSAGE_TYPE_CLAIM',
  ],
])('it has a word against %s', async (_name, wrong, word) => {
  const provider = await providerOver(tool);
  await expect(provider.admit(aPlatform(), wrong)).rejects.toThrow(word);
});

test.each<[string, Claims, 'its own' | 'another', string]>([
  ["the platform's own token by the platform's own key", {}, 'its own', 'admitted'],
  ['no token that another key signed', {}, 'another', 'invalid signature'],
  ['claims signed again, where its clock would refuse the token itself', { nbf: 50 }, 'another', 'admitted'],
])('it validates %s', async (_name, ahead, signer, outcome) => {
  const seconds = Math.floor(Date.now() / 1000);
  const nbf = seconds + Number(ahead['nbf'] ?? 0);
  const launch = claims({ iat: seconds, nbf, exp: seconds + 1800 });
  const key = await aPlatformKey('key-1');
  const token = await signed(launch, signer === 'its own' ? key : await aPlatformKey('key-1'));
  const original = { token, key: KeyObject.from(key.publicKey) };
  const provider = await providerOver(tool);
  const answer = await provider.admit(aPlatform(), launch, original).then(
    () => 'admitted',
    (error: Error) => error.message,
  );
  expect(answer).toBe(outcome);
});

test('a platform is known to ltijs as soon as the store knows it, and not once it is disabled', async () => {
  const provider = await providerOver(tool);
  const later = aPlatform({ id: 'platform-2', issuer: 'https://later.example.test' });
  const launch = claims({ iss: later.issuer });
  await expect(provider.admit(later, launch)).rejects.toThrow('UNREGISTERED_PLATFORM');
  await tool.store.addPlatform(later, anAuditEvent({ id: 'later' }));
  await expect(provider.admit(later, launch)).resolves.toBeUndefined();
  await tool.store.setPlatformStatus(later.id, 'disabled', anAuditEvent({ id: 'off' }));
  await expect(provider.admit(later, launch)).rejects.toThrow('PLATFORM_NOT_ACTIVATED');
});

test('the signing identity of a platform signs what the public key set verifies', async () => {
  const identity = await tool.lti.signingIdentity('platform-1');
  expect(identity).toEqual({
    issuer: 'https://lms.example.test',
    clientId: 'client-1',
    kid: expect.stringMatching(/^[\w-]{43}$/),
    privateKeyPem: expect.stringMatching(/^-----BEGIN PRIVATE KEY-----/),
    tokenUrl: 'https://auth.example.test/core/connect/token',
    audience: 'https://auth.example.test/core/connect/token',
  });
  if (identity === null) return;
  const key = await importPKCS8(identity.privateKeyPem, 'RS256');
  const jwt = await new SignJWT({ sub: 'x' })
    .setProtectedHeader({ alg: 'RS256', kid: identity.kid })
    .sign(key);
  const published: JSONWebKeySet = JSON.parse((await ask(`${tool.url}/lti/keys`)).text);
  await expect(jwtVerify(jwt, createLocalJWKSet(published))).resolves.toMatchObject({
    payload: { sub: 'x' },
  });
  expect(decodeProtectedHeader(jwt).kid).toBe(published.keys[0]?.kid);
});

test("the platform's own audience is kept", async () => {
  const audience = 'https://api.brightspace.com/auth/token';
  const platform = aPlatform({ id: 'platform-3', issuer: 'https://d2l.example.test', audience });
  await tool.store.addPlatform(platform, anAuditEvent({ id: 'd2l' }));
  expect(await tool.lti.signingIdentity('platform-3')).toMatchObject({ audience });
});

test.each(['unknown', 'platform-off'])('there is no signing identity for %s', async (id) => {
  const off = aPlatform({ id: 'platform-off', issuer: 'https://off.example.test', status: 'disabled' });
  await tool.store.addPlatform(off, anAuditEvent({ id: `off-${id}` }));
  expect(await tool.lti.signingIdentity(id)).toBeNull();
});

test('ltijs keeps nothing of a launch, and is refused whatever it was never meant to keep', async () => {
  const toolKeys = createToolKeys({
    store: tool.store,
    secrets: [SECRET],
    now: () => NOW,
    newId: randomUUID,
    log: silent,
  });
  const database = createProviderDatabase({ store: tool.store, toolKeys, inHand: () => null });
  for (const collection of ['idtoken', 'contexttoken', 'state', 'nonce', 'accesstoken']) {
    await database.Insert(false, collection, { user: 'student-1', name: 'Student One' });
    expect(await database.Get(false, collection, { user: 'student-1' }), collection).toBe(false);
  }
  for (const collection of ['platform', 'privatekey', 'platformStatus'])
    await expect(database.Insert(false, collection, {}), collection).rejects.toThrow('may not write');
});

test('a platform whose status nobody wrote is not active', async () => {
  const toolKeys = { byKid: async () => null } as unknown as ToolKeys;
  const database = createProviderDatabase({ store: tool.store, toolKeys, inHand: () => null });
  expect(await database.Get(false, 'platformStatus', { id: 'kid.platform-unheard-of' })).toEqual([
    { id: 'kid.platform-unheard-of', active: false },
  ]);
});

test('ltijs is the version whose seams were read, and takes no signal for itself', async () => {
  const version: unknown = createRequire(import.meta.url)('ltijs/package.json').version;
  const before = process.listenerCount('SIGINT');
  await providerOver(tool);
  expect([version, process.listenerCount('SIGINT')]).toEqual(['5.9.9', before]);
});
