import {
  createCipheriv,
  createDecipheriv,
  createSecretKey,
  hkdfSync,
  type KeyObject,
  randomBytes,
} from 'node:crypto';

/** `v2.<which secret>.<iv, tag, text>`; `v1.<iv, tag, text>` is still opened, with every secret in turn. */
const VERSION = 'v2';
const IV_BYTES = 12;
const TAG_BYTES = 16;
const KEY_ID_LENGTH = 8;

/**
 * Encrypts text for the store with AES-256-GCM under a key derived from the installation's secret (HKDF-SHA-256,
 * RFC 5869). `label` says what it is; text sealed under one label does not open under another.
 */
export function sealSecret(plain: string, secret: string, label: string): string {
  const head = `${VERSION}.${keyIdOf(secret)}`;
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv('aes-256-gcm', keyOf(secret, label), iv).setAAD(Buffer.from(head));
  const sealed = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
  return `${head}.${Buffer.concat([iv, cipher.getAuthTag(), sealed]).toString('base64url')}`;
}

/**
 * The sealed text, opened with the secret of the ring that it names, so that a new secret can take over; null when none
 * opens it.
 * @param secrets the installation's secret first, then older ones
 */
export function openSecret(sealed: string, secrets: readonly string[], label: string): string | null {
  const parts = sealed.split('.');
  if (parts.length === 3 && parts[0] === VERSION) {
    const [, keyId, body = ''] = parts;
    const own = secrets.filter((secret) => keyIdOf(secret) === keyId);
    return openBody(body, own, label, `${VERSION}.${keyId}`);
  }
  return parts.length === 2 && parts[0] === 'v1' ? openBody(parts[1] ?? '', secrets, label, null) : null;
}

function openBody(
  body: string,
  secrets: readonly string[],
  label: string,
  head: string | null,
): string | null {
  const bytes = Buffer.from(body, 'base64url');
  if (bytes.byteLength < IV_BYTES + TAG_BYTES) return null;
  for (const secret of secrets) {
    const decipher = createDecipheriv('aes-256-gcm', keyOf(secret, label), bytes.subarray(0, IV_BYTES), {
      authTagLength: TAG_BYTES,
    });
    decipher.setAuthTag(bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
    if (head !== null) decipher.setAAD(Buffer.from(head));
    try {
      const opened = [decipher.update(bytes.subarray(IV_BYTES + TAG_BYTES)), decipher.final()];
      return Buffer.concat(opened).toString('utf8');
    } catch {
      // Another secret sealed it, or it was altered.
    }
  }
  return null;
}

/** Says which secret of the ring sealed a text, and nothing else about it. */
export function keyIdOf(secret: string): string {
  return keyOf(secret, 'key ring id').export().toString('base64url').slice(0, KEY_ID_LENGTH);
}

/** A key of 32 bytes for one use of the secret. As a key object: an HMAC with bytes costs five times as much. */
export function keyOf(secret: string, label: string): KeyObject {
  return createSecretKey(Buffer.from(hkdfSync('sha256', secret, 'shsm-badges', label, 32)));
}
