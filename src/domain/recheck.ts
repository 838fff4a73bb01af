import type { Instant } from './instant.ts';
import type { Submission } from './submission.ts';

const HOUR_MS = 3_600_000;
const AGAIN_MS = 12 * HOUR_MS;
const MONTH_MS = 30 * 24 * HOUR_MS;
/** After that a badge that could not be checked stays as it is until somebody hands it in again. */
const GIVE_UP_MS = 60 * 24 * HOUR_MS;

/**
 * When a badge is to be looked at again without anybody asking, or null: one that could not be checked by the next
 * night, one that was accepted after a month, because an issuer may withdraw it. What was typed or photographed cannot change.
 */
export function recheckAt(submission: Submission): Instant | null {
  const { state, credential, submittedAt } = submission;
  if (credential === null || submittedAt === null || (state !== 'submitted' && state !== 'accepted'))
    return null;
  const { outcome, checkedAt } = credential;
  if (outcome === 'could-not-check')
    return checkedAt - submittedAt > GIVE_UP_MS ? null : checkedAt + AGAIN_MS;
  const canChange = outcome === 'verified' || outcome === 'issuer-unproven';
  return canChange && state === 'accepted' ? checkedAt + MONTH_MS : null;
}
