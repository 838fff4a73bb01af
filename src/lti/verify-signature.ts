import { createPublicKey, type JsonWebKey, type KeyObject, verify } from 'node:crypto';
import { decodeProtectedHeader, type JWK } from 'jose';
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

/** RSA keys that are shorter sign nothing (RFC 7518 §3.3). */
const SHORTEST_KEY_BITS = 2048;

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
  // A rule that must be understood is not understood (RFC 7515 §4.1.11).
  if (header.crit !== undefined || !isSignedBy(key, token)) throw refusal('signature');
  try {
    const payload = Buffer.from(token.split('.')[1] ?? '', 'base64url');
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

/** RS256 (RFC 7515 §5.2, RFC 7518 §3.3). At once, not in another thread: handing it over takes longer than the work. */
function isSignedBy(key: KeyObject, token: string): boolean {
  const end = token.lastIndexOf('.');
  const signature = Buffer.from(token.slice(end + 1), 'base64url');
  return verify('sha256', Buffer.from(token.slice(0, end)), key, signature);
}

/** A key that is none verifies nothing. */
function keyObjectOf(jwk: JWK): KeyObject {
  try {
    const key = keyObjects.get(jwk) ?? createPublicKey({ key: jwk as JsonWebKey, format: 'jwk' });
    if ((key.asymmetricKeyDetails?.modulusLength ?? 0) < SHORTEST_KEY_BITS) throw new Error('a short key');
    keyObjects.set(jwk, key);
    return key;
  } catch (error) {
    throw refusal('signature', error);
  }
}
