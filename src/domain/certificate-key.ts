import type { CredentialReport } from './credential.ts';

/** Shorter ones are counted up anew by every school. */
const LEAST_CHARACTERS = 5;

/** A certificate's number as two certificates are compared by it: letters and digits only; null where it says too little. */
export function certificateKey(credential: CredentialReport | null): string | null {
  const number = credential?.credential.certificateNumber ?? '';
  const key = number
    .normalize('NFKC')
    .toUpperCase()
    .replace(/[^\p{L}\p{N}]/gu, '');
  return key.length >= LEAST_CHARACTERS && /\p{N}/u.test(key) ? key : null;
}
