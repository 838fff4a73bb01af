import type { Instant } from './instant.ts';
import type { Quota } from './pace.ts';

/** AGS 2.0 §3.4.7 and §3.4.8. */
export type ActivityProgress = 'Initialized' | 'Started' | 'InProgress' | 'Submitted' | 'Completed';
export type GradingProgress = 'FullyGraded' | 'Pending' | 'PendingManual' | 'Failed' | 'NotReady';

/** What one cell of the LMS gradebook should show. `scoreGiven: null` clears the score (AGS 2.0 §3.4.1). */
export type DesiredScore = {
  readonly scoreGiven: number | null;
  readonly scoreMaximum: number;
  readonly activityProgress: ActivityProgress;
  readonly gradingProgress: GradingProgress;
  /** Plain text; replaced at every update, so it is always sent again. */
  readonly comment: string;
  readonly submittedAt: Instant | null;
  readonly scoringUserId: string | null;
};

/**
 * One gradebook cell: a state to reach, not a list of events. A newer state replaces a waiting one, so nothing overtakes.
 * `timestamp` is set when the state changes, rises by at least a second, and is the same on every retry (AGS 2.0 §3.4.9).
 */
export type GradebookCell = {
  readonly activityId: string;
  readonly userId: string;
  readonly desired: DesiredScore;
  readonly desiredVersion: number;
  readonly timestamp: Instant;
  /** 0 until the LMS has taken one. */
  readonly deliveredVersion: number;
  readonly deliveredAt: Instant | null;
  readonly status: 'pending' | 'delivered' | 'parked';
  readonly attempts: number;
  readonly nextAttemptAt: Instant;
  readonly leaseOwner: string | null;
  readonly leaseUntil: Instant | null;
  readonly lastError: DeliveryError | null;
};

/** Why a delivery did not arrive: `key` names the plain words (`passback.<key>`), `excerpt` is for the operator (≤ 300 characters). */
export type DeliveryError = {
  readonly key: string;
  readonly status: number | null;
  readonly excerpt: string;
};

/** What came of one attempt to deliver a cell. */
export type DeliveryResult =
  | { readonly kind: 'delivered'; readonly quota?: Quota }
  /** Try again later, not before `retryAfterMs` where the LMS asked for a wait. */
  | { readonly kind: 'retry'; readonly error: DeliveryError; readonly retryAfterMs: number | null }
  /** The LMS holds a newer timestamp (Moodle 409, Canvas 400): send again with a later one. */
  | { readonly kind: 'stale'; readonly error: DeliveryError; readonly after: Instant }
  /** A person must act first. */
  | { readonly kind: 'park'; readonly error: DeliveryError };

/** The column of an activity in the LMS gradebook. `url` is null until it is settled. */
export type LineItem = {
  readonly activityId: string;
  readonly url: string | null;
  readonly settledAt: Instant | null;
};

/** What the LMS gradebook holds for one student. A teacher may have changed there what the tool sent (AGS 2.0 §3.3). */
export type GradebookResult = {
  readonly userId: string;
  readonly score: number | null;
  readonly maximum: number | null;
  readonly comment: string | null;
};

/** Whether the LMS shows these points, whatever the scale of its column. */
export function showsPoints(
  shown: GradebookResult,
  { scoreGiven, scoreMaximum }: Pick<DesiredScore, 'scoreGiven' | 'scoreMaximum'>,
): boolean {
  if (scoreGiven === null || shown.score === null) return scoreGiven === shown.score;
  const share = shown.score / (shown.maximum ?? scoreMaximum);
  return Math.abs(share - scoreGiven / scoreMaximum) < 0.0001;
}
