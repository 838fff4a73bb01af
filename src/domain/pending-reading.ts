import type { Instant } from './instant.ts';
import type { Decision } from './submission.ts';

/** `slow`: a picture or a scan whose letters have to be read. The two stand in separate lines, so that a photo holds up no link. */
export type ReadingPace = 'quick' | 'slow';

/** A reading that was asked for and has not ended. Handing in again asks for another, so that an older one never overwrites it. */
export type PendingReading = {
  readonly id: string;
  readonly since: Instant;
  readonly pace: ReadingPace;
  /** What it goes back to when nothing can be read and the student is still there to mend it; null: it stays handed in. */
  readonly before: {
    readonly state: 'draft' | 'returned';
    readonly decision: Decision | null;
    readonly submittedAt: Instant | null;
  } | null;
  /** The student was told that nothing may come of it and hands it in all the same. */
  readonly anyway: boolean;
};
