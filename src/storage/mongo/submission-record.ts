import { certificateKey } from '../../domain/certificate-key.ts';
import type { SubmissionChange } from '../../domain/ports/submission-store.ts';
import { recheckAt } from '../../domain/recheck.ts';
import type { Submission } from '../../domain/submission.ts';
import { literally } from './courses.ts';

/** What the store adds is not part of a submission. */
export const PLAIN = {
  ...{ _id: 0, recheckAt: 0, certificateKey: 0 },
  ...{ readingFreeAt: 0, readingOwner: 0, readingTries: 0 },
} as const;

const derived = (submission: Submission) => ({
  recheckAt: recheckAt(submission),
  certificateKey: certificateKey(submission.credential),
});

/** A reading that begins to wait, or none. A change that is not about it leaves whoever is at it alone. */
const line = ({ reading }: Submission) => ({
  readingFreeAt: reading?.since ?? null,
  readingOwner: null,
  readingTries: 0,
});

/** A submission as it is first written. */
export function newRecord({ submission }: SubmissionChange) {
  return { ...submission, version: 1, ...derived(submission), ...line(submission) };
}

/** The update that finds only the version the change was made from. */
export function versionUpdate({ submission, fromVersion }: SubmissionChange) {
  // Whose it is and where it belongs never changes.
  const { sectorId, state, input, reflection, reading, credential, placement, decision } = submission;
  const { updatedAt, submittedAt } = submission;
  const changed = {
    ...{ sectorId, state, input, reflection, reading, credential, placement, decision },
    ...{ updatedAt, submittedAt, version: fromVersion + 1, ...derived(submission) },
  };
  const isSameReading = { $eq: [{ $ifNull: ['$reading.id', null] }, literally(reading?.id ?? null)] };
  const inLine = Object.entries(line(submission)).map(([field, value]) => [
    field,
    { $cond: [isSameReading, `$${field}`, literally(value)] },
  ]);
  return {
    filter: { id: submission.id, version: fromVersion },
    update: [
      {
        $set: {
          ...Object.fromEntries(Object.entries(changed).map(([field, value]) => [field, literally(value)])),
          ...Object.fromEntries(inLine),
        },
      },
    ],
  };
}
