import type { Activity } from '../activity.ts';
import type { DeliveryError } from '../gradebook.ts';
import type { Instant } from '../instant.ts';
import type { SeenMember } from '../person.ts';
import type { ClassList, RosterReading } from '../roster.ts';
import type { CourseKey } from './course-store.ts';

export interface RosterStore {
  /** Adds or refreshes people of a list that is still being read, as by a launch. */
  addMembers(course: CourseKey, members: readonly SeenMember[]): Promise<void>;
  /**
   * Writes a class list, all of it or nothing: its people are added or refreshed as by a launch. When the list is complete,
   * members who are not on it and were not seen since `readAt` have departed; nobody is removed.
   */
  saveRoster(course: CourseKey, list: ClassList): Promise<void>;
  /** Keeps why the newest try brought no list; the last list and its people stay as they are. */
  saveRosterProblem(course: CourseKey, problem: DeliveryError, at: Instant): Promise<void>;
  /** null where nobody has tried to read one. */
  roster(course: CourseKey): Promise<RosterReading | null>;
}

/**
 * Reads the class list of a course from the LMS. Never throws on what the LMS answers. `onPeople` hears of the people of
 * each page as soon as it is there.
 */
export type FetchRoster = (
  course: CourseKey & Pick<Activity, 'membershipsUrl'>,
  signal?: AbortSignal,
  onPeople?: (members: readonly SeenMember[]) => Promise<void>,
) => Promise<
  | { readonly kind: 'list'; readonly items: readonly SeenMember[]; readonly isComplete: boolean }
  | { readonly kind: 'problem'; readonly error: DeliveryError }
>;
