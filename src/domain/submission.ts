import type { CredentialReport } from './credential.ts';
import type { Day, Instant } from './instant.ts';
import type { PendingReading } from './pending-reading.ts';
import type { Placement, PlacementReport, QualityKnown } from './placement.ts';
import type { RubricMarks } from './rubric.ts';

/** What the certificate says, as the student's keys left it: half a date in a draft is kept as half a date. */
export type TypedText = {
  readonly title: string;
  readonly issuer: string;
  readonly issuedOn: string;
  readonly expiresOn: string;
  readonly hours: string;
  readonly certificateNumber: string;
};

/** The same, understood. */
export type TypedFacts = {
  readonly title: string;
  readonly issuer: string;
  readonly issuedOn: Day | null;
  readonly expiresOn: Day | null;
  readonly hours: number | null;
  readonly certificateNumber: string;
};

/** How the badge was handed in. The words typed in every way are kept, so that switching loses nothing. */
export type SubmissionInput = {
  readonly way: 'address' | 'file' | 'typed';
  readonly address: string;
  readonly typed: TypedText;
  readonly evidenceId: string | null;
  /** Which award counts, where what was handed in is a record of several; the reader's own id for it. */
  readonly award?: string | null;
  /** Parts of the address that named the student were left out before it was kept. */
  readonly wasPersonal?: boolean;
};

/** `draft` and `returned` belong to the student, `submitted` to the teacher; `accepted` and `withdrawn` are ends that can be reopened. */
export type SubmissionState = 'draft' | 'submitted' | 'returned' | 'accepted' | 'withdrawn';

/** What the teacher decided. The machine's proposal stays beside it in `placement`. */
export type Decision = {
  readonly outcome: 'accepted' | 'returned';
  /** What the teacher counts it as; null when returned. */
  readonly placement: Placement | null;
  /** The lines it fills: certification ids, empty when it is supplementary. */
  readonly lines: readonly string[];
  readonly marks: RubricMarks;
  /** Missing where nobody was asked. */
  readonly quality?: QualityKnown | undefined;
  readonly comment: string;
  readonly decidedBy: string;
  readonly decidedAt: Instant;
  readonly rulesVersion: string;
};

export type Submission = {
  readonly id: string;
  readonly activityId: string;
  readonly platformId: string;
  readonly deploymentId: string;
  readonly contextId: string;
  readonly userId: string;
  readonly sectorId: string;
  readonly state: SubmissionState;
  readonly input: SubmissionInput;
  readonly reflection: string;
  /** Set while what was handed in waits to be read or is being read. A teacher may decide all the same. */
  readonly reading: PendingReading | null;
  /** What was read, null until it was read for the first time. */
  readonly credential: CredentialReport | null;
  /** What the rules propose, null until it was read for the first time. */
  readonly placement: PlacementReport | null;
  readonly decision: Decision | null;
  readonly createdAt: Instant;
  readonly updatedAt: Instant;
  readonly submittedAt: Instant | null;
  /** Counts up with every change; a change names the version it was made from. */
  readonly version: number;
};

/** A stored file that proves a submission. The bytes are kept apart. */
export type Evidence = {
  readonly id: string;
  readonly submissionId: string;
  readonly fileName: string;
  readonly mediaType: string;
  readonly size: number;
  readonly sha256: string;
  readonly createdAt: Instant;
};

/** Whether the student may still change it. */
export function isWithStudent(state: SubmissionState): state is 'draft' | 'returned' {
  return state === 'draft' || state === 'returned';
}
