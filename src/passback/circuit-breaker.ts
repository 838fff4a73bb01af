import type { Instant } from '../domain/instant.ts';

const FAILURES_TO_OPEN = 5;
const PROBE_EVERY_MS = 60_000;

/**
 * One platform as the worker sees it. Closed while `holdUntil` is null; otherwise nothing is sent before that moment and
 * then a single probe decides.
 */
export type Circuit = { readonly failures: number; readonly holdUntil: Instant | null };

export const CLOSED: Circuit = { failures: 0, holdUntil: null };

/** How much may be under way: everything, one probe, or nothing. A clock that was set back does not make the wait longer. */
export function allowance({ holdUntil }: Circuit, now: Instant): 'all' | 'probe' | 'none' {
  if (holdUntil === null) return 'all';
  return now >= holdUntil || now < holdUntil - PROBE_EVERY_MS ? 'probe' : 'none';
}

/** The platform answered, whatever it said of the score. */
export function afterAnswer(): Circuit {
  return CLOSED;
}

/** A failure that may pass. Five in a row open the circuit for a minute at a time. */
export function afterFailure(circuit: Circuit, now: Instant): Circuit {
  const failures = circuit.failures + 1;
  return { failures, holdUntil: failures >= FAILURES_TO_OPEN ? now + PROBE_EVERY_MS : null };
}
