import type { Instant } from '../domain/instant.ts';
import type { Quota } from '../domain/pace.ts';

/** A larger number is a moment in seconds since 1970, not a wait. */
const LONGEST_WAIT_S = 86_400;

/**
 * What an answer says is left of the LMS's limit, or null. Brightspace: `X-Rate-Limit-Remaining` in credits until
 * `X-Rate-Limit-Reset` (seconds), and `X-Request-Cost` of a request; others write `RateLimit-…` or `X-RateLimit-…`.
 * Canvas says no reset: then there is nothing to work out.
 */
export function quotaOf(headers: Readonly<Record<string, string>>, now: Instant): Quota | null {
  const read = (name: string): number | null => {
    const said = ['x-rate-limit-', 'x-ratelimit-', 'ratelimit-'].map((prefix) => headers[`${prefix}${name}`]);
    return numberOf(said.find((value) => value !== undefined));
  };
  const remaining = read('remaining');
  const reset = read('reset');
  if (remaining === null || reset === null) return null;
  const cost = numberOf(headers['x-request-cost']);
  const resetMs = reset > LONGEST_WAIT_S ? reset * 1000 - now : reset * 1000;
  if (resetMs > LONGEST_WAIT_S * 1000) return null;
  return { left: Math.floor(remaining / (cost || 1)), resetMs: Math.max(0, resetMs) };
}

function numberOf(text: string | undefined): number | null {
  if (text === undefined || text.trim() === '') return null;
  const number = Number(text);
  return Number.isFinite(number) && number >= 0 ? number : null;
}
