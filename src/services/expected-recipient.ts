import type { ExpectedRecipient } from '../domain/credential.ts';
import type { CourseStore } from '../domain/ports/course-store.ts';
import type { Submission } from '../domain/submission.ts';

/** Whom the badge should have been awarded to, as far as the LMS told at the last launch or in the class list. */
export async function expectedRecipient(
  store: Pick<CourseStore, 'member'>,
  submission: Submission,
): Promise<ExpectedRecipient> {
  const member = await store.member(submission, submission.userId);
  return {
    name: member?.name ?? null,
    emails: member?.email ? [member.email] : [],
    studentNumber: member?.studentNumber ?? null,
  };
}
