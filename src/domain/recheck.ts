import type { Instant } from './instant.ts';
import type { Submission } from './submission.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const FIRST_MS = 15 * MINUTE_MS;
const MONTH_MS = 30 * DAY_MS;
/** After that a badge that could not be checked stays as it is until somebody hands it in again. */
const GIVE_UP_MS = 60 * DAY_MS;

/**
 * When a badge is to be looked at again without anybody asking, or null. One that could not be checked: after a quarter of
 * an hour, then each time after as long again as it has waited, at most a day. One that was accepted: after a month, because
 * an issuer may withdraw it. What was typed or photographed cannot change.
 */
export function recheckAt(submission: Submission): Instant | null {
  const { state, credential, submittedAt } = submission;
  if (credential === null || submittedAt === null || (state !== 'submitted' && state !== 'accepted'))
    return null;
  const { outcome, checkedAt } = credential;
  if (outcome === 'could-not-check') {
    const waited = checkedAt - submittedAt;
    if (waited > GIVE_UP_MS) return null;
    // While look-ups are switched off, one try a day notices that they are on again.
    const pause = credential.isOffline === true ? DAY_MS : Math.min(Math.max(waited, FIRST_MS), DAY_MS);
    return checkedAt + pause;
  }
  const canChange = outcome === 'verified' || outcome === 'issuer-unproven';
  return canChange && state === 'accepted' ? checkedAt + MONTH_MS : null;
}
