import type { Instant } from '../instant.ts';
import type { ReadingPace } from '../pending-reading.ts';
import type { Submission } from '../submission.ts';

/**
 * The line of submissions that wait to be read (`Submission.reading`). It is written with the submission itself: saving one
 * with another reading puts it at the end of the line, saving one without takes it out, and any other change leaves it and
 * its claim as they are.
 */
export interface ReadingStore {
  /** Takes up to `limit` that nobody is at, longest waiting first, for `owner` until `until`, and counts one try more of each. */
  claimReadings(
    pace: ReadingPace,
    now: Instant,
    until: Instant,
    owner: string,
    limit: number,
  ): Promise<readonly ClaimedReading[]>;
  /** `owner` is still at work on all that it took. */
  keepReadings(owner: string, until: Instant): Promise<void>;
  /** Gives back what an owner that stops has taken; it may be taken at once, and its last try is not counted. */
  releaseReadings(owner: string): Promise<void>;
  /** How many wait or are being read that were asked for before `since`, in the same line. */
  readingsBefore(pace: ReadingPace, since: Instant): Promise<number>;
}

/** `tries`: how often it was taken, this time included. More than one means that a process ended in the middle of it. */
export type ClaimedReading = { readonly submission: Submission; readonly tries: number };
