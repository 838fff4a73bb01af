import { compactVerify, decodeProtectedHeader } from 'jose';
import { z } from 'zod';
import type { Platform } from '../domain/platform.ts';
import type { PlatformKeyOf } from './platform-keys.ts';
import { refusal } from './refusal.ts';

const jsonObject = z.record(z.string(), z.unknown());

/**
 * The payload of a token that the platform signed with RS256 (Security Framework §5.1.3), not believed further than that.
 * Throws the refusals of tokens and keys.
 */
export async function verifySignature(
  token: string,
  platform: Platform,
  platformKeyOf: PlatformKeyOf,
): Promise<Readonly<Record<string, unknown>>> {
  const header = headerOf(token);
  if (header.alg !== 'RS256') throw refusal('token-algorithm');
  if (typeof header.kid !== 'string' || header.kid === '') throw refusal('token-without-kid');
  const key = await platformKeyOf(platform.jwksUrl, header.kid);
  const payload = await compactVerify(token, key, { algorithms: ['RS256'] }).then(
    (verified) => verified.payload,
    (error: unknown) => {
      throw refusal('signature', error);
    },
  );
  try {
    return jsonObject.parse(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(payload)));
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
