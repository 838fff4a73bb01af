import { createPublicKey, ECDH } from 'node:crypto';
import type { JWK } from 'jose';
import { type JsonObject, stringOf } from './json.ts';

/** A verification key in both shapes the proof formats want; `multibase` is null for RSA, which Multikey has no form for. */
export type PublicKey = { readonly jwk: JWK; readonly multibase: string | null };

const ALPHABET = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';
/** Multicodec prefix → curve and length of the key that follows (Multikey, Controlled Identifiers §2.2.2). */
const CODECS = [
  { prefix: [0xed, 0x01], crv: 'Ed25519', length: 32, ecdh: null },
  { prefix: [0x80, 0x24], crv: 'P-256', length: 33, ecdh: 'prime256v1' },
  { prefix: [0x81, 0x24], crv: 'P-384', length: 49, ecdh: 'secp384r1' },
] as const;
const MIN_RSA_BITS = 2048;
const MAX_RSA_BITS = 8192;

/** `z6Mk…`, `zDn…`, `z82…`. Null when it is not one of these keys, or is damaged. */
export function keyFromMultibase(multibase: string): PublicKey | null {
  const bytes = multibase.startsWith('z') && multibase.length < 200 ? fromBase58(multibase.slice(1)) : null;
  const codec = CODECS.find((entry) => entry.prefix.every((byte, at) => bytes?.[at] === byte));
  if (bytes === null || codec === undefined || bytes.length !== codec.length + 2) return null;
  const raw = Buffer.from(bytes.subarray(2));
  if (codec.ecdh === null)
    return { jwk: { kty: 'OKP', crv: codec.crv, x: raw.toString('base64url') }, multibase };
  try {
    const point = ECDH.convertKey(raw, codec.ecdh, undefined, undefined, 'uncompressed') as Buffer;
    const size = (point.length - 1) / 2;
    const [x, y] = [point.subarray(1, 1 + size), point.subarray(1 + size)];
    return {
      jwk: { kty: 'EC', crv: codec.crv, x: x.toString('base64url'), y: y.toString('base64url') },
      multibase,
    };
  } catch {
    return null;
  }
}

/** Null when the JWK is private (`d`), symmetric, not a key, or RSA of a size nobody should use (RFC 7518 §3.3). */
export function keyFromJwk(value: JsonObject): PublicKey | null {
  if (value['d'] !== undefined || value['k'] !== undefined) return null;
  try {
    const key = createPublicKey({ key: value as Record<string, string>, format: 'jwk' });
    const bits = key.asymmetricKeyDetails?.modulusLength;
    if (bits !== undefined && (bits < MIN_RSA_BITS || bits > MAX_RSA_BITS)) return null;
    const jwk = key.export({ format: 'jwk' }) as JWK;
    return { jwk, multibase: multibaseOf(jwk) };
  } catch {
    return null;
  }
}

function keyFromPem(pem: string): PublicKey | null {
  try {
    return keyFromJwk(createPublicKey(pem).export({ format: 'jwk' }) as JsonObject);
  } catch {
    return null;
  }
}

/** The key of one entry of a DID or controller document, in whichever of the usual properties it stands. */
export function keyFromEntry(entry: JsonObject): PublicKey | null {
  const multibase = stringOf(entry['publicKeyMultibase']);
  if (multibase !== null) return keyFromMultibase(multibase);
  const jwk = entry['publicKeyJwk'];
  if (typeof jwk === 'object' && jwk !== null && !Array.isArray(jwk)) return keyFromJwk(jwk as JsonObject);
  const pem = stringOf(entry['publicKeyPem']);
  if (pem !== null) return keyFromPem(pem);
  const base58 = stringOf(entry['publicKeyBase58']);
  const bytes = base58 === null ? null : fromBase58(base58);
  if (bytes?.length === 32)
    return keyFromJwk({ kty: 'OKP', crv: 'Ed25519', x: Buffer.from(bytes).toString('base64url') });
  return stringOf(entry['kty']) === null ? null : keyFromJwk(entry);
}

export function isSameKey(a: PublicKey, b: PublicKey): boolean {
  const fields = ['kty', 'crv', 'x', 'y', 'n', 'e'] as const;
  return fields.every((field) => a.jwk[field] === b.jwk[field]);
}

function multibaseOf(jwk: JWK): string | null {
  const codec = CODECS.find((entry) => entry.crv === jwk.crv);
  if (codec === undefined || jwk.x === undefined) return null;
  const x = Buffer.from(jwk.x, 'base64url');
  const raw = codec.ecdh === null ? x : Buffer.concat([Buffer.from([isOdd(jwk.y) ? 3 : 2]), x]);
  return `z${toBase58(Buffer.concat([Buffer.from(codec.prefix), raw]))}`;
}

function isOdd(y: string | undefined): boolean {
  return ((Buffer.from(y ?? '', 'base64url').at(-1) ?? 0) & 1) === 1;
}

function fromBase58(text: string): Uint8Array | null {
  let value = 0n;
  for (const character of text) {
    const digit = ALPHABET.indexOf(character);
    if (digit < 0) return null;
    value = value * 58n + BigInt(digit);
  }
  const zeros = /^1*/.exec(text)?.[0].length ?? 0;
  const hex = value === 0n ? '' : value.toString(16);
  return new Uint8Array([
    ...Buffer.alloc(zeros),
    ...Buffer.from(hex.padStart(hex.length + (hex.length % 2), '0'), 'hex'),
  ]);
}

function toBase58(bytes: Uint8Array): string {
  let value = BigInt(`0x${Buffer.from(bytes).toString('hex')}`);
  let text = '';
  for (; value > 0n; value /= 58n) text = `${ALPHABET[Number(value % 58n)] ?? ''}${text}`;
  return text;
}
