import { createHash, timingSafeEqual } from 'node:crypto';
import type { AddressHash, CredentialReport } from '../domain/credential.ts';
import { AppError } from '../domain/errors.ts';
import type { Instant } from '../domain/instant.ts';
import type { Viewer } from '../domain/person.ts';
import type { Submission } from '../domain/submission.ts';
import { requireRole, visibleSubmission } from './access.ts';
import type { FieldProblem, ServiceDeps } from './deps.ts';
import { expectedRecipient } from './expected-recipient.ts';
import { placeSubmission } from './place-submission.ts';

export type ConfirmResult =
  | { readonly kind: 'matched'; readonly submission: Submission }
  | {
      readonly kind: 'problems';
      readonly submission: Submission;
      readonly problems: readonly FieldProblem[];
    };

const TRIES = 5;
const EMAIL = /^[^\s@]{1,64}@[^\s@]+\.[^\s@]{2,}$/;
const HASH = /^(sha256|md5)\$([0-9a-f]+)$/i;

/**
 * A student names another address that the badge may have been awarded to. It is compared with the badge's own hash and
 * forgotten: only that it fits is kept, and said to the teacher as the student's word.
 */
export function createConfirmAddress(deps: ServiceDeps) {
  const { store, now, newId, say } = deps;

  return async function confirmAddress(viewer: Viewer, id: string, typed: string): Promise<ConfirmResult> {
    requireRole(viewer, 'student');
    for (let tries = 0; tries < TRIES; tries += 1) {
      const known = await visibleSubmission(store, viewer, id);
      const { credential } = known;
      const addresses = credential?.credential.recipient.addresses ?? [];
      if (credential === null || addresses.length === 0) throw new AppError('conflict', 'errors.conflict');
      const address = typed.trim();
      if (!EMAIL.test(address)) return problem(known, 'email-form');
      if (!addresses.some((hashed) => fits(address, hashed))) return problem(known, 'email-other');
      const confirmed = withTypedAddress(credential, now(), say);
      const submission: Submission = {
        ...known,
        credential: confirmed,
        placement:
          known.state === 'submitted'
            ? await placeSubmission(deps, known, confirmed, await expectedRecipient(store, known))
            : known.placement,
        version: known.version + 1,
      };
      const audit = {
        ...{
          id: newId(),
          at: now(),
          actor: viewer.userId,
          action: 'submission.recipient-confirmed' as const,
        },
        ...{ platformId: known.platformId, deploymentId: known.deploymentId, subject: id, detail: {} },
      };
      const change = { submission, fromVersion: known.version, evidence: null, score: null, audit };
      if ((await store.saveSubmission(change, now())) === 'saved') return { kind: 'matched', submission };
    }
    throw new AppError('conflict', 'errors.conflict');
  };
}

/** What the student's word made known stays known when the same badge is read again for the same address. */
export function keepTypedAddress(
  before: CredentialReport,
  read: CredentialReport,
  say: ServiceDeps['say'],
): CredentialReport {
  const { recipient } = before.credential;
  const now = read.credential.recipient;
  const confirmedAt = before.checks.find(({ id }) => id === 'recipient')?.at ?? before.checkedAt;
  const isSame = (now.addresses ?? []).some(({ hash, salt }) =>
    recipient.addresses?.some((old) => old.hash === hash && old.salt === salt),
  );
  return recipient.by === 'typed-email' && now.matches !== true && isSame
    ? withTypedAddress(read, confirmedAt, say)
    : read;
}

function withTypedAddress(report: CredentialReport, at: Instant, say: ServiceDeps['say']): CredentialReport {
  const check = {
    id: 'recipient',
    result: 'pass',
    detail: say('en', 'recheck.typed-email'),
    detailFr: say('fr', 'recheck.typed-email'),
    at,
  } as const;
  return {
    ...report,
    credential: {
      ...report.credential,
      recipient: { ...report.credential.recipient, matches: true, by: 'typed-email' },
    },
    checks: [...report.checks.filter(({ id }) => id !== 'recipient'), check],
  };
}

/** Open Badges hash the address as it was typed at the issuer's, which may have had capitals. */
function fits(address: string, { hash, salt }: AddressHash): boolean {
  const [, algorithm = '', hex = ''] = HASH.exec(hash) ?? [];
  if (algorithm === '') return false;
  const wanted = Buffer.from(hex, 'hex');
  return [address, address.toLowerCase(), `mailto:${address}`, `mailto:${address.toLowerCase()}`]
    .map((one) =>
      createHash(algorithm.toLowerCase())
        .update(one + salt, 'utf8')
        .digest(),
    )
    .some((digest) => digest.length === wanted.length && timingSafeEqual(digest, wanted));
}

function problem(submission: Submission, key: string): ConfirmResult {
  return { kind: 'problems', submission, problems: [{ field: 'email', key: `problems.${key}`, params: {} }] };
}
