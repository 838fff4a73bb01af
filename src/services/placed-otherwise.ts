import type { PlacementReport } from '../domain/placement.ts';
import type { CourseStore } from '../domain/ports/course-store.ts';
import type { SubmissionStore } from '../domain/ports/submission-store.ts';
import type { PlaceCredential, ServiceDeps } from './deps.ts';
import { expectedRecipient } from './expected-recipient.ts';
import { placeSubmission } from './place-submission.ts';

/** A submission that waits for a teacher and would be proposed for something else under the new rules. */
export type PlacedOtherwise = {
  readonly submission: string;
  readonly sector: string;
  readonly before: ProposedPlace;
  readonly after: ProposedPlace;
};

type ProposedPlace = Pick<PlacementReport, 'placement' | 'certification' | 'also'>;

const BATCH = 200;

/** Which waiting submissions two sets of rules place differently. Nothing is written: what was proposed stays as it was given. */
export async function placedOtherwise(
  deps: Pick<ServiceDeps, 'now'> & {
    readonly store: Pick<SubmissionStore, 'submissionsWaiting' | 'sameCredential' | 'evidenceMeta'> &
      Pick<CourseStore, 'member'>;
  },
  rules: { readonly before: PlaceCredential; readonly after: PlaceCredential },
): Promise<readonly PlacedOtherwise[]> {
  const found: PlacedOtherwise[] = [];
  for (let last = ''; ; ) {
    const waiting = await deps.store.submissionsWaiting(last, BATCH);
    if (waiting.length === 0) return found;
    for (const submission of waiting) {
      last = submission.id;
      const { credential } = submission;
      if (credential === null) continue;
      // A title may hold the student's name, which says nothing about the course.
      const expected = await expectedRecipient(deps.store, submission);
      const by = (placeCredential: PlaceCredential) =>
        placeSubmission({ ...deps, placeCredential }, submission, credential, expected);
      const [before, after] = [await by(rules.before), await by(rules.after)];
      if (!isSame(before, after))
        found.push({
          submission: submission.id,
          sector: submission.sectorId,
          before: placeOf(before),
          after: placeOf(after),
        });
    }
  }
}

function placeOf({ placement, certification, also }: PlacementReport): ProposedPlace {
  return { placement, certification, also };
}

function isSame(a: PlacementReport, b: PlacementReport): boolean {
  return JSON.stringify(placeOf(a)) === JSON.stringify(placeOf(b));
}
