import type { Activity } from './activity.ts';

export const PROBE_STEPS = [
  'list-columns',
  'create-column',
  'read-column',
  'send-score',
  'read-score',
  'delete-column',
  'read-roster',
] as const;

/** One thing that was tried with the services of the LMS. `skipped`: it was not asked for, or an earlier step is missing. */
export type ProbeStep = {
  readonly id: (typeof PROBE_STEPS)[number];
  readonly result: 'pass' | 'fail' | 'skipped';
  /** Names the words of a failure: what it means and which switch to look at. */
  readonly problem: string | null;
  /** HTTP status, when the LMS answered. */
  readonly status: number | null;
  /** How many were found, for lists. */
  readonly count: number | null;
};

/**
 * Tries the services of the LMS from an activity: makes a column of its own, reads it, and deletes it again. With `scoreFor`
 * it also sends that person a score into that column. Never throws on what the LMS answers.
 */
export type ProbeServices = (
  activity: Activity,
  options: { readonly scoreFor: string | null },
) => Promise<readonly ProbeStep[]>;
