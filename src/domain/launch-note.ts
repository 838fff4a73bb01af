import type { Instant } from './instant.ts';

/** What was checked of one launch, for administrators. Ids and codes only: no name, no e-mail, not even the user's id. */
export type LaunchNote = {
  /** The one that the error page and the log show. */
  readonly requestId: string;
  readonly at: Instant;
  readonly platformId: string;
  readonly deploymentId: string | null;
  readonly messageType: string | null;
  readonly role: string | null;
  /** Names of the checks that passed, in order. */
  readonly passed: readonly string[];
  /** The check that failed; null for a launch that was let in. */
  readonly failed: string | null;
  /** Key of the refusal's words, such as `lti-errors.nonce`. */
  readonly refusal: string | null;
  /** Name of the claim that the refusal is about, where there is one. Never its value. */
  readonly claim: string | null;
};

/** What is too old or too many goes with a later note, once in `tidiedEveryMs`. */
export const LAUNCH_NOTES = { keptMs: 30 * 24 * 60 * 60_000, most: 20_000, tidiedEveryMs: 60_000 } as const;
