import { AppError, type ErrorCode } from '../domain/errors.ts';

/**
 * Every way a login or a launch can be refused. The words are `lti-errors.<key>.title|text|fix`; they never repeat what
 * was sent.
 */
export const REFUSALS = {
  'form-only': 'unsupported_media',
  'form-too-large': 'too_large',
  'form-malformed': 'invalid',
  'parameter-repeated': 'invalid',
  'login-incomplete': 'invalid',
  'platform-unknown': 'forbidden',
  'client-unknown': 'forbidden',
  'platform-ambiguous': 'conflict',
  'platform-disabled': 'forbidden',
  'platform-insecure': 'forbidden',
  'target-elsewhere': 'forbidden',
  'launch-by-get': 'not_found',
  'launch-incomplete': 'invalid',
  'platform-refused': 'unauthenticated',
  'state-malformed': 'invalid',
  'state-unknown': 'unauthenticated',
  'state-expired': 'unauthenticated',
  'state-used': 'unauthenticated',
  'cookies-blocked': 'unauthenticated',
  'other-browser': 'unauthenticated',
  'token-malformed': 'unauthenticated',
  'token-algorithm': 'unauthenticated',
  'token-without-kid': 'unauthenticated',
  'key-unknown': 'unauthenticated',
  'keys-unreachable': 'unavailable',
  signature: 'unauthenticated',
  issuer: 'unauthenticated',
  audience: 'unauthenticated',
  'token-times': 'unauthenticated',
  'token-expired': 'unauthenticated',
  'token-early': 'unauthenticated',
  'token-lifetime': 'unauthenticated',
  nonce: 'unauthenticated',
  'message-type': 'unauthenticated',
  version: 'unauthenticated',
  'deployment-missing': 'unauthenticated',
  'user-missing': 'unauthenticated',
  'roles-missing': 'unauthenticated',
  'link-missing': 'unauthenticated',
  'deep-linking': 'unauthenticated',
  'return-elsewhere': 'forbidden',
  claims: 'unauthenticated',
  'deployment-waits': 'forbidden',
  engine: 'unauthenticated',
  'invite-unknown': 'forbidden',
  'invite-used': 'forbidden',
  'invite-expired': 'forbidden',
  'invite-busy': 'conflict',
  'registration-address': 'invalid',
  'registration-unreachable': 'unavailable',
  'registration-not-understood': 'invalid',
  'registration-issuer': 'forbidden',
  'registration-endpoints': 'forbidden',
  'registration-refused': 'invalid',
  'registration-known': 'conflict',
} as const satisfies Record<string, ErrorCode>;

export type RefusalKey = keyof typeof REFUSALS;

/** The error of one refusal; `cause` is for the log only. */
export function refusal(key: RefusalKey, cause?: unknown): AppError {
  return new AppError(REFUSALS[key], `lti-errors.${key}`, {}, cause === undefined ? undefined : { cause });
}
