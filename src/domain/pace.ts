import type { Instant } from './instant.ts';

/** How fast scores are sent to the LMS of one platform. All processes on a store share it. */
export type Pace = {
  readonly platformId: string;
  /** Rises by one with each change. */
  readonly version: number;
  /** Requests a second that the operator allows; null: as many as the LMS takes. */
  readonly allowed: number | null;
  /** What the LMS's refusals ("too many requests") taught; null while it has not refused. */
  readonly learnt: LearntPace | null;
  /** Nothing is sent from `heldFrom` until this moment, because the LMS asked for a wait; null: no wait. */
  readonly holdUntil: Instant | null;
  readonly heldFrom: Instant | null;
  /** Up to which moment (with fractions of a millisecond) the requests that were begun use up the pace. */
  readonly usedUntil: number;
};

/** Both in requests a second: the pace to go on with at `since`, and the one at which the LMS refused. */
export type LearntPace = { readonly perSecond: number; readonly refused: number; readonly since: Instant };

/** What an LMS says is left of its limit: so many requests, until so many milliseconds from now. */
export type Quota = { readonly left: number; readonly resetMs: number };

/** The pace of a platform of whose limits nothing is known; no store has it yet. */
export function unlimitedPace(platformId: string): Pace {
  const nothing = { allowed: null, learnt: null, holdUntil: null, heldFrom: null } as const;
  return { platformId, version: 0, ...nothing, usedUntil: 0 };
}
