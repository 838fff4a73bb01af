import { createHmac, sign } from 'node:crypto';
import { exportJWK, exportPKCS8, exportSPKI, generateKeyPair, importJWK, SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  aPlatformKey,
  type Claims,
  type FakePlatform,
  signed,
  startPlatform,
} from '../support/lti-platform.ts';
import { type LtiTool, launchWith, startRegisteredTool } from '../support/lti-tool.ts';

const stranger = await aPlatformKey('key-1');
const key = await aPlatformKey('key-1');
let platform: FakePlatform;
let tool: LtiTool;

beforeAll(async () => {
  platform = await startPlatform(key);
  tool = await startRegisteredTool(platform);
});
afterAll(async () => {
  await tool.stop();
  await platform.stop();
});

const withKey = (claims: Claims) => signed(claims, key);

const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

describe('tokens that were not made by the platform for this tool', () => {
  const otherAlgorithm = (alg: string) => async (claims: Claims) => {
    const jwk = { ...(await exportJWK(key.privateKey)), alg };
    return new SignJWT(claims).setProtectedHeader({ alg, kid: 'key-1' }).sign(await importJWK(jwk, alg));
  };
  const unsigned = async (claims: Claims) => `${part({ alg: 'none', kid: 'key-1' })}.${part(claims)}.`;
  const hmac = async (claims: Claims) => {
    const content = `${part({ alg: 'HS256', kid: 'key-1' })}.${part(claims)}`;
    const secret = await exportSPKI(key.publicKey);
    return `${content}.${createHmac('sha256', secret).update(content).digest('base64url')}`;
  };
  const elliptic = async (claims: Claims) => {
    const pair = await generateKeyPair('ES256');
    return new SignJWT(claims).setProtectedHeader({ alg: 'ES256', kid: 'key-1' }).sign(pair.privateKey);
  };
  const ownKeyInHeader = (claims: Claims) => signed(claims, stranger, { jwk: stranger.jwk });
  const payloadSwapped = async (claims: Claims) => {
    const [header, , signature] = (await withKey(claims)).split('.');
    return `${header}.${part({ ...claims, sub: 'teacher-1' })}.${signature}`;
  };

  test.each<[string, (claims: Claims) => Promise<string>, string]>([
    ['alg none', unsigned, 'token-algorithm'],
    ['HS256 with the public key as secret', hmac, 'token-algorithm'],
    ['RS384', otherAlgorithm('RS384'), 'token-algorithm'],
    ['RS512', otherAlgorithm('RS512'), 'token-algorithm'],
    ['PS256', otherAlgorithm('PS256'), 'token-algorithm'],
    ['ES256', elliptic, 'token-algorithm'],
    ['another key under the same kid', (claims) => signed(claims, stranger), 'signature'],
    ['a key that the header brings along', ownKeyInHeader, 'signature'],
    ['a payload that was swapped', payloadSwapped, 'signature'],
    ['a critical header that nobody knows', () => signedText('{}', { crit: ['x'], x: 1 }), 'signature'],
    ['no token but words', async () => 'not a token', 'token-malformed'],
    ['two parts', async () => 'e30.e30', 'token-malformed'],
    ['five parts', async () => 'e30.e30.e30.e30.e30', 'token-malformed'],
    ['a header that is no JSON', async () => 'AAAA.e30.AA', 'token-malformed'],
    ['a payload that is a list', async () => signedText('[1]'), 'token-malformed'],
    ['a payload that is no JSON', async () => signedText('launch'), 'token-malformed'],
    ['a payload nested very deep', async () => signedText('['.repeat(40_000)), 'token-malformed'],
  ])('%s', async (_name, made, refusal) => {
    expect(await launchWith(tool, {}, made)).toMatchObject({
      status: 401,
      text: `lti-errors.${refusal}`,
      launch: undefined,
    });
  });
});

/** Any text under any header, truly signed by the platform. */
async function signedText(payload: string, header: Claims = {}): Promise<string> {
  const content = `${part({ alg: 'RS256', kid: 'key-1', ...header })}.${Buffer.from(payload).toString('base64url')}`;
  const pem = await exportPKCS8(key.privateKey);
  return `${content}.${sign('sha256', Buffer.from(content), pem).toString('base64url')}`;
}
