import type { Activity } from '../domain/activity.ts';
import type { DeliveryError } from '../domain/gradebook.ts';
import type { Now } from '../domain/instant.ts';
import type { CourseKey } from '../domain/ports/course-store.ts';
import type { FetchRoster } from '../domain/ports/roster.ts';
import type { Store } from '../domain/ports/store.ts';

export type RosterOutcome =
  | { readonly kind: 'read'; readonly members: number; readonly isComplete: boolean }
  | { readonly kind: 'problem'; readonly error: DeliveryError };

/**
 * Reads the class list of a course from the LMS and keeps it, or keeps why it could not be read. People are kept as their
 * page arrives, and `onPeople` hears how many more there are; who has departed is known at the end.
 */
export function createReadRoster(deps: {
  readonly store: Pick<Store, 'addMembers' | 'saveRoster' | 'saveRosterProblem' | 'activitiesIn'>;
  readonly fetchRoster: FetchRoster;
  readonly now: Now;
}): (course: CourseKey, signal?: AbortSignal, onPeople?: (count: number) => void) => Promise<RosterOutcome> {
  const { store, fetchRoster, now } = deps;

  return async function readRoster(course, signal, onPeople = () => {}) {
    const readAt = now();
    const membershipsUrl = addressOf(await store.activitiesIn(course));
    const list = await fetchRoster({ ...course, membershipsUrl }, signal, async (people) => {
      await store.addMembers(course, people);
      onPeople(people.length);
    });
    if (list.kind === 'problem') {
      // A try that we broke off ourselves says nothing about the LMS.
      if (!signal?.aborted) await store.saveRosterProblem(course, list.error, readAt);
      return { kind: 'problem', error: list.error };
    }
    const { items: members, isComplete } = list;
    await store.saveRoster(course, { members, isComplete, readAt });
    return { kind: 'read', members: members.length, isComplete };
  };
}

/** Every launch of the course brings the same address; one that has none does not hide it. */
function addressOf(activities: readonly Activity[]): string | null {
  return activities.map((activity) => activity.membershipsUrl).findLast((url) => url !== null) ?? null;
}
