import type { Pace } from '../pace.ts';

export interface PaceStore {
  /** null where nothing is known of it. */
  pace(platformId: string): Promise<Pace | null>;
  /**
   * False, and nothing written, unless the stored version is `fromVersion` (0: none is stored). A crash may undo it: that
   * costs a refusal of the LMS, not a score.
   */
  savePace(pace: Pace, fromVersion: number): Promise<boolean>;
}
