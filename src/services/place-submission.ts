import { certificateKey } from '../domain/certificate-key.ts';
import type { CredentialReport, ExpectedRecipient } from '../domain/credential.ts';
import { dayInOntario } from '../domain/instant.ts';
import type { PlacementReport } from '../domain/placement.ts';
import type { CourseStore } from '../domain/ports/course-store.ts';
import type { SubmissionStore } from '../domain/ports/submission-store.ts';
import type { Submission } from '../domain/submission.ts';
import type { ServiceDeps } from './deps.ts';

/** Where a badge would count, seen beside everything else that was handed in in this deployment. */
export async function placeSubmission(
  deps: Pick<ServiceDeps, 'placeCredential' | 'now'> & {
    readonly store: Pick<SubmissionStore, 'sameCredential' | 'evidenceMeta'> & Pick<CourseStore, 'member'>;
  },
  submission: Submission,
  credential: CredentialReport,
  expected: ExpectedRecipient,
): Promise<PlacementReport> {
  const { store } = deps;
  const { evidenceId } = submission.input;
  const evidence = evidenceId === null ? null : await store.evidenceMeta(evidenceId);
  const same = await store.sameCredential({
    platformId: submission.platformId,
    deploymentId: submission.deploymentId,
    exceptId: submission.id,
    identity: credential.identity,
    sha256: evidence?.sha256 ?? null,
    certificateKey: certificateKey(credential),
  });
  const member = await store.member(submission, submission.userId);
  const own = same.filter(({ userId }) => userId === submission.userId).length;
  return deps.placeCredential({
    sectorId: submission.sectorId,
    credential,
    expected,
    today: dayInOntario(deps.now()),
    duplicates: { own, others: same.length - own },
    startedOn: member?.shsmDates?.startedOn ?? null,
    graduatesOn: member?.shsmDates?.graduatesOn ?? null,
  });
}
