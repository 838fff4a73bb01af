import { createPublicKey, type JsonWebKey, type KeyObject } from 'node:crypto';
import { compactVerify, decodeProtectedHeader, type JWK } from 'jose';
import { z } from 'zod';
import type { Platform } from '../domain/platform.ts';
import type { PlatformKeyOf } from './platform-keys.ts';
import { refusal } from './refusal.ts';

const jsonObject = z.record(z.string(), z.unknown());

export type VerifiedToken = {
  readonly payload: Readonly<Record<string, unknown>>;
  /** Of the platform: it verified the signature. */
  readonly key: KeyObject;
};

/** Read once for as long as the key set that it came in is kept. */
const keyObjects = new WeakMap<JWK, KeyObject>();

/**
 * The payload of a token that the platform signed with RS256 (Security Framework §5.1.3), not believed further than that.
 * Throws the refusals of tokens and keys.
 */
export async function verifySignature(
  token: string,
  platform: Platform,
  platformKeyOf: PlatformKeyOf,
): Promise<VerifiedToken> {
  const header = headerOf(token);
  if (header.alg !== 'RS256') throw refusal('token-algorithm');
  if (typeof header.kid !== 'string' || header.kid === '') throw refusal('token-without-kid');
  const key = keyObjectOf(await platformKeyOf(platform.jwksUrl, header.kid));
  const payload = await compactVerify(token, key, { algorithms: ['RS256'] }).then(
    (verified) => verified.payload,
    (error: unknown) => {
      throw refusal('signature', error);
    },
  );
  try {
    const read: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(payload));
    return { payload: jsonObject.parse(read), key };
  } catch (error) {
    throw refusal('token-malformed', error);
  }
}

function headerOf(token: string) {
  try {
    if (token.split('.').length !== 3) throw new TypeError('not a compact JWS');
    return decodeProtectedHeader(token);
  } catch (error) {
    throw refusal('token-malformed', error);
  }
}

/** A key that is none verifies nothing. */
function keyObjectOf(jwk: JWK): KeyObject {
  try {
    const key = keyObjects.get(jwk) ?? createPublicKey({ key: jwk as JsonWebKey, format: 'jwk' });
    keyObjects.set(jwk, key);
    return key;
  } catch (error) {
    throw refusal('signature', error);
  }
}
