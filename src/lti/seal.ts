import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

const VERSION = 'v1';
const IV_BYTES = 12;
const TAG_BYTES = 16;

/**
 * Encrypts text for the store with AES-256-GCM under a key derived from the installation's secret (HKDF-SHA-256,
 * RFC 5869). `label` says what it is; text sealed under one label does not open under another.
 */
export function sealSecret(plain: string, secret: string, label: string): string {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv('aes-256-gcm', keyOf(secret, label), iv);
  const sealed = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
  return `${VERSION}.${Buffer.concat([iv, cipher.getAuthTag(), sealed]).toString('base64url')}`;
}

/** The sealed text, tried with every secret in turn so that a new secret can take over; null when none opens it. */
export function openSecret(sealed: string, secrets: readonly string[], label: string): string | null {
  const [version, body] = sealed.split('.');
  const bytes = Buffer.from(body ?? '', 'base64url');
  if (version !== VERSION || bytes.byteLength < IV_BYTES + TAG_BYTES) return null;
  for (const secret of secrets) {
    const decipher = createDecipheriv('aes-256-gcm', keyOf(secret, label), bytes.subarray(0, IV_BYTES), {
      authTagLength: TAG_BYTES,
    });
    decipher.setAuthTag(bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
    try {
      const opened = [decipher.update(bytes.subarray(IV_BYTES + TAG_BYTES)), decipher.final()];
      return Buffer.concat(opened).toString('utf8');
    } catch {
      // Another secret sealed it, or it was altered.
    }
  }
  return null;
}

/** 32 bytes for one use of the secret. */
export function keyOf(secret: string, label: string): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, 'shsm-badges', label, 32));
}
