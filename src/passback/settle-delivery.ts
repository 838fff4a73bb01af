import type { DeliveryResult, GradebookCell } from '../domain/gradebook.ts';
import type { Instant } from '../domain/instant.ts';
import type { GradebookStore } from '../domain/ports/gradebook-store.ts';
import type { Log } from '../domain/ports/log.ts';
import { nextAttempt } from './next-attempt.ts';
import { isTooManyRequests } from './too-many-requests.ts';

/** The LMS compares whole seconds (Moodle), so a later timestamp is at least one later. */
const LATER_MS = 1_000;

/**
 * Writes down what came of one attempt. The store only takes it from the owner of the lease, and only for the version
 * that was sent: a newer state that arrived meanwhile stays due.
 */
export async function settleDelivery(
  deps: {
    readonly store: Pick<GradebookStore, 'markDelivered' | 'markRetry' | 'markParked'>;
    readonly log: Log;
    readonly owner: string;
    readonly random: () => number;
  },
  cell: GradebookCell,
  result: DeliveryResult,
  now: Instant,
): Promise<void> {
  const { store, log, owner, random } = deps;
  const ids = { activityId: cell.activityId, userId: cell.userId, version: cell.desiredVersion };
  if (result.kind === 'delivered') {
    await store.markDelivered(cell, owner, cell.desiredVersion, now);
    log.info({ ...ids, attempts: cell.attempts + 1 }, 'score delivered');
    return;
  }
  const { error } = result;
  const said = { ...ids, attempts: cell.attempts + 1, reason: error.key, status: error.status };
  const park = async (): Promise<void> => {
    await store.markParked(cell, owner, error);
    log.error(said, 'score not delivered: a person must act');
  };
  if (result.kind === 'park') return park();

  const retryAt = nextAttempt({
    attempts: cell.attempts,
    changedAt: cell.timestamp,
    now,
    retryAfterMs: result.kind === 'retry' ? result.retryAfterMs : null,
    tooMany: isTooManyRequests(error),
    random: random(),
  });
  if (retryAt === null) return park();
  if (result.kind === 'retry') {
    await store.markRetry(cell, owner, { nextAttemptAt: retryAt, error, timestamp: null });
  } else {
    // At once the first time; an LMS that says so again and again is not asked in a tight loop.
    const nextAttemptAt = cell.lastError?.key === error.key ? retryAt : now;
    const timestamp = Math.max(nextAttemptAt, result.after + LATER_MS);
    await store.markRetry(cell, owner, { nextAttemptAt, error, timestamp });
  }
  log.warn(said, 'score not delivered: will be tried again');
}
