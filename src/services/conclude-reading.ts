import type { AuditAction, AuditEvent } from '../domain/audit.ts';
import type { CredentialReport } from '../domain/credential.ts';
import type { ClaimedReading } from '../domain/ports/reading-store.ts';
import type { SubmissionChange } from '../domain/ports/submission-store.ts';
import type { Submission } from '../domain/submission.ts';
import type { FieldProblem, ServiceDeps } from './deps.ts';
import { expectedRecipient } from './expected-recipient.ts';
import { scoreAfter } from './gradebook-state.ts';
import { placeSubmission } from './place-submission.ts';
import { type HandedInReading, readHandedIn } from './read-handed-in.ts';

/** What somebody who waits for a reading is told. */
export type ReadingEnd =
  | { readonly kind: 'read' }
  /** It is a draft again: nothing could be read, and the student is there to mend it. */
  | { readonly kind: 'problem'; readonly problem: FieldProblem };

/** A process that ends in the middle of the same reading again and again is ended by it. */
const MOST_TRIES = 4;
const SAVES = 5;

/**
 * Reads one submission and writes down what came out, together with the gradebook's new state. A decision that was taken
 * meanwhile stays, and so does a submission that was changed meanwhile: it waits for a reading of its own.
 */
export function createConcludeReading(deps: ServiceDeps) {
  const { store, now, newId } = deps;

  /** `isAwaited`: asked once, when all is known; true for a student whose page still waits. */
  return async function concludeReading(
    { submission: claimed, tries }: ClaimedReading,
    isAwaited: () => boolean,
  ): Promise<ReadingEnd> {
    const expected = await expectedRecipient(store, claimed);
    const read: HandedInReading =
      tries > MOST_TRIES ? { report: givenUp(), problem: null } : await readHandedIn(deps, claimed, expected);
    // A record of several awards has no place before its student says which one counts.
    const placement =
      read.report.awards === undefined ? await placeSubmission(deps, claimed, read.report, expected) : null;
    const before = claimed.reading?.before ?? null;
    const problem = before !== null && read.problem !== null && isAwaited() ? read.problem : null;
    for (let saves = 0; saves < SAVES; saves += 1) {
      const known = await store.submission(claimed.id);
      if (known === null || known.reading === null || known.reading.id !== claimed.reading?.id)
        return { kind: 'read' };
      const change: SubmissionChange | null =
        problem !== null && known.state === 'submitted'
          ? {
              ...unsaved({ ...known, ...before }),
              audit: auditOf(known, 'submission.reopened', { problem: problem.key }),
            }
          : await withReport(known, read.report, placement);
      if ((await store.saveSubmission(change, now())) !== 'saved') continue;
      if (change.score !== null) deps.wakePassback();
      return problem === null ? { kind: 'read' } : { kind: 'problem', problem };
    }
    throw new Error('a reading could not be written down');
  };

  async function withReport(
    known: Submission,
    credential: CredentialReport,
    placement: Submission['placement'],
  ): Promise<SubmissionChange> {
    const change = unsaved({ ...known, credential, placement });
    // Whatever was decided meanwhile is the person's: their score is on its way already.
    if (known.state !== 'submitted') return change;
    const activity = await store.activity(known.activityId);
    return {
      ...change,
      score: activity === null ? null : await scoreAfter(deps, activity, change.submission),
      audit: auditOf(known, 'submission.read', {
        outcome: credential.outcome,
        placement: placement?.placement ?? null,
        rules: placement?.rulesVersion ?? null,
      }),
    };
  }

  function auditOf(of: Submission, action: AuditAction, detail: AuditEvent['detail']): AuditEvent {
    const { platformId, deploymentId, id: subject } = of;
    return { id: newId(), at: now(), actor: 'system', action, platformId, deploymentId, subject, detail };
  }

  function unsaved(submission: Submission): SubmissionChange {
    return {
      submission: { ...submission, reading: null, version: submission.version + 1 },
      fromVersion: submission.version,
      evidence: null,
      score: null,
      audit: null,
    };
  }

  /** Said as it is: what was handed in stays, and a person can open it. */
  function givenUp(): CredentialReport {
    return {
      format: 'unreadable',
      outcome: 'unreadable',
      credential: {
        name: null,
        issuer: { name: null, url: null },
        recipient: { name: null, matches: null },
        ...{ issuedOn: null, expiresOn: null, description: null, criteria: null, hours: null },
        ...{ certificateNumber: null, evidence: [] },
      },
      checks: [
        {
          id: 'source',
          result: 'unknown',
          detail: deps.say('en', 'recheck.given-up'),
          detailFr: deps.say('fr', 'recheck.given-up'),
        },
      ],
      facts: {},
      identity: null,
      checkedAt: now(),
    };
  }
}
