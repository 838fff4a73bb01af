import type { DeliveryResult } from '../domain/gradebook.ts';
import type { Instant } from '../domain/instant.ts';
import { quotaOf } from './rate-limit.ts';
import type { ServiceFailure, ServiceResponse } from './service-http.ts';
import { deliveryOf, excerptOf, passingProblem, problemOf } from './service-problem.ts';

const DAY_MS = 24 * 60 * 60_000;

export type ScoreAnswer = DeliveryResult | { readonly kind: 'column-gone'; readonly excerpt: string };

/**
 * What the answer to a score means. AGS 2.0 leaves the codes open, so this is what Brightspace, Canvas, Moodle and
 * Blackboard do; where one code has several meanings the body decides. `sent` is the timestamp of the score.
 */
export function scoreAnswer(
  answer: ServiceResponse | ServiceFailure,
  sent: Instant,
  now: Instant,
): ScoreAnswer {
  if (answer.kind === 'failure') return deliveryOf(problemOf(answer, 'score-refused', now));
  const { status, body } = answer;
  const excerpt = excerptOf(body);
  const park = (key: string): DeliveryResult => ({ kind: 'park', error: { key, status, excerpt } });
  if (status >= 200 && status < 300) {
    // A sign-in, maintenance or proxy page took no score, whatever its status says.
    const isPage = /^\s*<(!doctype|html)\b/i.test(body);
    if (isPage) return deliveryOf(passingProblem('lms-unavailable', status, excerpt));
    const quota = quotaOf(answer.headers, now);
    return quota === null ? { kind: 'delivered' } : { kind: 'delivered', quota };
  }
  switch (status) {
    case 400:
      // Canvas: "Provided timestamp of … before last updated timestamp of …".
      if (/timestamp.*(before|earlier|older)|(before|earlier|older).*timestamp/i.test(body)) {
        return stale(status, excerpt, body, sent, now);
      }
      // Blackboard: "User could not be found". Moodle says no more than that it refuses.
      return park(/user.*(not|n['’]t).*(found|exist)/i.test(body) ? 'unknown-student' : 'score-refused');
    case 403:
      // Moodle: "Line item does not exist." Brightspace: "User in requested score is not enrolled in the org unit".
      if (/line ?item.*not exist/i.test(body)) return { kind: 'column-gone', excerpt };
      if (/enrol/i.test(body)) return park('not-enrolled');
      return deliveryOf(problemOf(answer, 'service-not-allowed', now));
    case 404:
    case 410:
      // Brightspace: "User in requested score does not exist".
      return /\buser\b/i.test(body) ? park('unknown-student') : { kind: 'column-gone', excerpt };
    case 409:
      // Moodle: a stored timestamp that is the same or later, compared in whole seconds.
      return stale(status, excerpt, body, sent, now);
    case 422:
      // Canvas: "User not found in course or is not a student". Brightspace: the role cannot be graded.
      if (/attempts/i.test(body)) return park('score-refused');
      return park(/not found|enrol/i.test(body) ? 'not-enrolled' : 'not-gradeable');
    default:
      return deliveryOf(problemOf(answer, 'score-refused', now));
  }
}

/** The latest moment that the answer names; one that is far in the future is a mistake, not a moment to wait for. */
function stale(status: number, excerpt: string, body: string, sent: Instant, now: Instant): DeliveryResult {
  const named = [...body.matchAll(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d)/g)]
    .map(([text]) => Date.parse(text))
    .filter((at) => Number.isFinite(at) && at < now + DAY_MS);
  return { kind: 'stale', error: { key: 'newer-score', status, excerpt }, after: Math.max(sent, ...named) };
}
