import type { Instant } from '../domain/instant.ts';

const BASE_MS = 5_000;
const LONGEST_MS = 60 * 60_000;
const SHORTEST_MS = 1_000;
const GIVE_UP_AFTER_MS = 72 * 60 * 60_000;
const FEWEST_TRIES = 20;

/**
 * When to try again after a failure that may pass, or null when it is a person's turn: 72 hours and at least twenty tries
 * after the state changed. Full jitter (a random moment up to 5 s, 10 s, 20 s … one hour), never before the wait that the
 * LMS asked for. After a refusal of one request too many the wait does not grow: the pace sees to that.
 * `attempts` counts those before this one, `random` is from 0 to 1.
 */
export function nextAttempt(failure: {
  readonly attempts: number;
  /** When the state to deliver changed. */
  readonly changedAt: Instant;
  readonly now: Instant;
  readonly retryAfterMs: number | null;
  readonly tooMany: boolean;
  readonly random: number;
}): Instant | null {
  const { attempts, changedAt, now, retryAfterMs, tooMany, random } = failure;
  if (now - changedAt >= GIVE_UP_AFTER_MS && attempts + 1 >= FEWEST_TRIES) return null;
  const ceiling = tooMany ? BASE_MS : Math.min(LONGEST_MS, BASE_MS * 2 ** Math.min(attempts, 30));
  return now + Math.max(SHORTEST_MS, Math.round(random * ceiling), retryAfterMs ?? 0);
}
