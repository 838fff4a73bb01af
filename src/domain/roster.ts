import type { DeliveryError } from './gradebook.ts';
import type { Instant } from './instant.ts';
import type { SeenMember } from './person.ts';

/** The class list of one course as the LMS gave it. */
export type ClassList = {
  readonly members: readonly SeenMember[];
  /** False when more people may be in the course than the LMS told. */
  readonly isComplete: boolean;
  /** When the reading began: whoever was seen since then is in the course, on the list or not. */
  readonly readAt: Instant;
};

/** When the class list was read and what came of the last try. */
export type RosterReading = {
  /** Of the last list that came; null until one did. */
  readonly readAt: Instant | null;
  readonly isComplete: boolean;
  readonly triedAt: Instant;
  /** Why the last try brought no list; null when it did. */
  readonly problem: DeliveryError | null;
};
