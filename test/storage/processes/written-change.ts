import {
  aChange,
  aDesiredScore,
  anAuditEvent,
  anInput,
  aSubmission,
  NOW,
  someEvidence,
} from '../../support/build.ts';

/** The n-th change of the crash test: everything in it follows from `n`, so that it can be compared after the crash. */
export function writtenChange(n: number) {
  const id = `submission-${n}`;
  const evidence = someEvidence(
    { id: `evidence-${n}`, submissionId: id, fileName: `certificate-${n}.pdf` },
    // Larger than a database page, so that a torn write would show.
    new TextEncoder().encode(`certificate ${n} `.repeat(600)),
  );
  const desired = aDesiredScore({ comment: `Certificate ${n}.` });
  return {
    ...aChange({
      submission: aSubmission({
        id,
        userId: `student-${n}`,
        input: anInput({ way: 'file', evidenceId: evidence.meta.id }),
        reflection: `What I learned from certificate ${n}. `.repeat(50),
        updatedAt: NOW + n,
      }),
      audit: anAuditEvent({ id: `audit-${n}`, subject: id }),
    }),
    evidence,
    score: { desired, fromVersion: 0 },
  };
}
