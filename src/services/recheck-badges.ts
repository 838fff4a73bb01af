import type { CredentialReport } from '../domain/credential.ts';
import { dayInOntario } from '../domain/instant.ts';
import type { Submission } from '../domain/submission.ts';
import { keepTypedAddress } from './confirm-address.ts';
import type { ServiceDeps } from './deps.ts';
import { expectedRecipient } from './expected-recipient.ts';
import { placeSubmission } from './place-submission.ts';
import { sourceOf } from './read-handed-in.ts';

export type RecheckDeps = Pick<
  ServiceDeps,
  'store' | 'readCredential' | 'placeCredential' | 'now' | 'newId' | 'say'
>;

const BATCH = 50;

/**
 * Looks again at badges whose time has come (src/domain/recheck.ts). What waits is read and placed anew. What was accepted
 * keeps its decision and its score, whatever comes out: the teacher is shown what changed.
 */
export function createRecheckBadges(deps: RecheckDeps) {
  const { store, now, newId, say } = deps;

  /** Resolves with how many were looked at, and how many came out otherwise than before. */
  return async function recheckBadges(): Promise<{ readonly looked: number; readonly changed: number }> {
    const seen = new Set<string>();
    let changed = 0;
    for (;;) {
      const due = (await store.submissionsToRecheck(now(), BATCH)).filter(({ id }) => !seen.has(id));
      if (due.length === 0) return { looked: seen.size, changed };
      for (const submission of due) {
        seen.add(submission.id);
        if (await recheck(submission)) changed += 1;
      }
    }
  };

  async function recheck(submission: Submission): Promise<boolean> {
    const before = submission.credential;
    const source = await sourceOf(store, submission.input);
    if (before === null || source === null) return false;
    const expected = await expectedRecipient(store, submission);
    const read = keepTypedAddress(before, await deps.readCredential(source, expected), say);
    const credential = submission.state === 'accepted' && saysLess(read) ? stillAs(before) : read;
    const placement =
      submission.state === 'submitted'
        ? await placeSubmission(deps, submission, credential, expected)
        : submission.placement;
    const isOther = credential.outcome !== before.outcome;
    const saved = await store.saveSubmission(
      {
        submission: { ...submission, credential, placement, version: submission.version + 1 },
        fromVersion: submission.version,
        evidence: null,
        score: null,
        audit: isOther
          ? {
              id: newId(),
              at: now(),
              actor: 'system',
              action: 'submission.rechecked',
              platformId: submission.platformId,
              deploymentId: submission.deploymentId,
              subject: submission.id,
              detail: { before: before.outcome, after: credential.outcome },
            }
          : null,
      },
      now(),
    );
    return saved === 'saved' && isOther;
  }

  /** The issuer did not answer this time: what was known stays known, with a line that says so. */
  function stillAs(before: CredentialReport): CredentialReport {
    const day = dayInOntario(now());
    const again = {
      id: 'again',
      result: 'unknown',
      detail: say('en', 'recheck.no-answer', { day }),
      detailFr: say('fr', 'recheck.no-answer', { day }),
      at: now(),
    } as const;
    return {
      ...before,
      // What was found before was found then.
      checks: [
        ...before.checks
          .filter(({ id }) => id !== 'again')
          .map((check) => ({ ...check, at: check.at ?? before.checkedAt })),
        again,
      ],
      checkedAt: now(),
    };
  }
}

/** Nothing that could be held against the badge. */
function saysLess({ outcome }: CredentialReport): boolean {
  return outcome === 'could-not-check' || outcome === 'unreadable' || outcome === 'no-badge-data';
}
