import type { DeliveryError, DeliveryResult } from '../domain/gradebook.ts';
import type { Instant } from '../domain/instant.ts';
import type { ServiceFailure, ServiceResponse } from './service-http.ts';

const EXCERPT_LENGTH = 300;
const LONGEST_WAIT_MS = 24 * 60 * 60_000;

/** Why a service of the LMS did not do what was asked. `lasting`: trying again will not help, a person must act. */
export type ServiceProblem = {
  readonly kind: 'problem';
  readonly lasting: boolean;
  readonly error: DeliveryError;
  /** The wait that the LMS asked for. */
  readonly retryAfterMs: number | null;
};

export function lastingProblem(key: string, status: number | null = null, excerpt = ''): ServiceProblem {
  return { kind: 'problem', lasting: true, error: { key, status, excerpt }, retryAfterMs: null };
}

export function passingProblem(
  key: string,
  status: number | null = null,
  excerpt = '',
  retryAfterMs: number | null = null,
): ServiceProblem {
  return { kind: 'problem', lasting: false, error: { key, status, excerpt }, retryAfterMs };
}

/**
 * What an answer means that is no success and that the caller has no special meaning for. `key` names the words for a
 * refusal that lasts.
 */
export function problemOf(
  answer: ServiceResponse | ServiceFailure,
  key: string,
  now: Instant,
): ServiceProblem {
  if (answer.kind === 'failure') {
    return answer.reason === 'address'
      ? lastingProblem('address-refused', null, answer.code)
      : passingProblem('lms-unavailable', null, `${answer.reason}: ${answer.code}`);
  }
  const { status } = answer;
  const excerpt = excerptOf(answer.body);
  const wait = retryAfterMs(answer.headers['retry-after'], now);
  // Canvas throttles with 403 and these words.
  if (status === 429 || (status === 403 && /rate limit|throttl|too many requests/i.test(answer.body))) {
    return passingProblem('lms-busy', status, excerpt, wait);
  }
  if (status === 401) return passingProblem('token-refused', status, excerpt, wait);
  // A redirect or a page instead of an answer is what an LMS under maintenance gives.
  if (status >= 500 || status < 400 || status === 408 || status === 425) {
    return passingProblem('lms-unavailable', status, excerpt, wait);
  }
  return lastingProblem(key, status, excerpt);
}

/** A problem as the outcome of a delivery. */
export function deliveryOf({ lasting, error, retryAfterMs: wait }: ServiceProblem): DeliveryResult {
  return lasting ? { kind: 'park', error } : { kind: 'retry', error, retryAfterMs: wait };
}

/** The beginning of an answer for the operator: no markup, nothing that looks like a token or an e-mail address. */
export function excerptOf(body: string): string {
  return body
    .slice(0, 4 * EXCERPT_LENGTH)
    .replace(/<[^>]*>/g, ' ')
    .replace(/[\w-]{16,}\.[\w-]{16,}(\.[\w-]*)?/g, '[token]')
    .replace(/\S+@\S+/g, '[address]')
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim()
    .slice(0, EXCERPT_LENGTH);
}

/** Seconds or a date (RFC 9110 §10.2.3), at most a day; null when there is none that can be read. */
export function retryAfterMs(header: string | undefined, now: Instant): number | null {
  if (header === undefined || header.trim() === '') return null;
  const seconds = Number(header);
  const wait = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(header) - now;
  return Number.isFinite(wait) ? Math.min(Math.max(wait, 0), LONGEST_WAIT_MS) : null;
}
