import type { AuditEvent } from '../audit.ts';
import type { Outcome } from '../credential.ts';
import type { DesiredScore } from '../gradebook.ts';
import type { Instant } from '../instant.ts';
import type { Evidence, Submission, SubmissionState } from '../submission.ts';
import type { CourseKey } from './course-store.ts';

/** A change of one submission, its evidence, its gradebook cell and its audit line: all of it is written, or nothing. */
export type SubmissionChange = {
  readonly submission: Submission;
  /** The version the change was made from; 0 for a new one. */
  readonly fromVersion: number;
  readonly evidence: { readonly meta: Evidence; readonly bytes: Uint8Array } | null;
  /**
   * The state the gradebook cell should reach, and the `desiredVersion` it was worked out from (0 when there is no cell
   * yet), so that two decisions on one student at the same moment cannot hide each other; null leaves the cell alone.
   */
  readonly score: { readonly desired: DesiredScore; readonly fromVersion: number } | null;
  readonly audit: AuditEvent | null;
};

/** A part of a list, by the key it is sorted by: a page costs the same wherever in the list it is. */
export type QueuePage = {
  readonly order: 'oldest-first' | 'newest-first';
  /** The last one of the page before; null for the first page. */
  readonly after: { readonly submittedAt: Instant; readonly id: string } | null;
  readonly limit: number;
};

export interface SubmissionStore {
  /**
   * Writes the change atomically and durably. `conflict`, and nothing written, when the stored submission's version or the
   * cell's `desiredVersion` is not the `fromVersion` given. The stored version is then `fromVersion` + 1.
   * A score becomes the cell's desired state: version + 1, status pending, attempts 0, no error, due at once,
   * timestamp = max(at, previous timestamp + 1000 ms). A lease stays with its owner.
   */
  saveSubmission(change: SubmissionChange, at: Instant): Promise<'saved' | 'conflict'>;
  submission(id: string): Promise<Submission | null>;
  /** Newest change first. */
  submissionsBy(course: CourseKey, userId: string): Promise<readonly Submission[]>;
  /** In the order of `submittedAt`, then id. Those never submitted are not among them. */
  submissionsIn(course: CourseKey, state: SubmissionState, page: QueuePage): Promise<readonly Submission[]>;
  /** Those of some people of a course, oldest `submittedAt` first. */
  submissionsOf(
    course: CourseKey,
    userIds: readonly string[],
    states: readonly SubmissionState[],
  ): Promise<readonly Submission[]>;
  countSubmissions(course: CourseKey): Promise<Readonly<Record<SubmissionState, number>>>;
  /** Accepted ones whose badge has one of these outcomes by now, oldest `submittedAt` first. */
  acceptedWith(
    course: CourseKey,
    outcomes: readonly Outcome[],
    limit: number,
  ): Promise<readonly Submission[]>;
  /** Others that carry the same badge, the same file or the same certificate number in this deployment, for the duplicate check. */
  sameCredential(of: {
    readonly platformId: string;
    readonly deploymentId: string;
    readonly exceptId: string;
    readonly identity: { readonly issuerId: string; readonly credentialId: string } | null;
    readonly sha256: string | null;
    /** As `certificateKey` gives it. */
    readonly certificateKey: string | null;
  }): Promise<readonly Submission[]>;
  /** Everything that waits for a teacher, whatever the course, in the order of ids after `afterId` ('' for the first). */
  submissionsWaiting(afterId: string, limit: number): Promise<readonly Submission[]>;
  /** Those whose `recheckAt` (src/domain/recheck.ts) has come, the longest overdue first. */
  submissionsToRecheck(now: Instant, limit: number): Promise<readonly Submission[]>;
  evidence(id: string): Promise<{ readonly meta: Evidence; readonly bytes: Uint8Array } | null>;
  evidenceMeta(id: string): Promise<Evidence | null>;
}
