import { createHash, timingSafeEqual } from 'node:crypto';
import type { ExpectedRecipient } from '../domain/credential.ts';
import { type Finding, fail, pass, unknown } from './finding.ts';

/** One way a badge names its earner. `value` is plain text, or `algorithm$hex` when hashed. */
export type Identity = {
  readonly kind: 'email' | 'number' | 'name' | 'other';
  readonly hashed: boolean;
  readonly value: string;
  readonly salt: string;
};

export type RecipientMatch = {
  readonly matches: boolean | null;
  readonly name: string | null;
  readonly finding: Finding;
};

const HASH = /^(sha256|md5)\$([0-9a-f]+)$/i;

/**
 * Whether the badge was awarded to the student it was read for. Hashes are over identifier + salt (Open Badges 2.0
 * §IdentityObject, 3.0 §B.5.1), tried as the LMS gives the address and in lower case. An address that differs is not a
 * "no": students earn badges with a private address; only another name is.
 */
export function matchRecipient(
  identities: readonly Identity[],
  expected: ExpectedRecipient | null,
): RecipientMatch {
  const name = identities.find((identity) => identity.kind === 'name' && !identity.hashed)?.value ?? null;
  const answer = (matches: boolean | null, finding: Finding): RecipientMatch => ({ matches, name, finding });
  if (identities.length === 0) return answer(null, unknown('recipient.not-stated'));
  if (expected === null) return answer(null, unknown('recipient.not-asked'));
  const kind = identities.find((identity) => isOneOf(identity, candidatesFor(identity.kind, expected)))?.kind;
  if (kind !== undefined && kind !== 'name') return answer(true, pass('recipient.matches'));
  if (name === null || expected.name === null) return answer(null, unknown('recipient.unconfirmed'));
  const sameName = compareNames(name, expected.name);
  if (sameName === 'same') return answer(true, pass('recipient.same-name'));
  if (sameName === 'other') return answer(false, fail('recipient.other-name'));
  return answer(null, unknown('recipient.similar-name'));
}

function candidatesFor(kind: Identity['kind'], expected: ExpectedRecipient): readonly string[] {
  const emails = expected.emails.flatMap((email) => [
    email,
    email.trim(),
    email.trim().toLowerCase(),
    `mailto:${email.trim()}`,
    `mailto:${email.trim().toLowerCase()}`,
  ]);
  const numbers =
    expected.studentNumber === null ? [] : [expected.studentNumber, expected.studentNumber.trim()];
  if (kind === 'email') return emails;
  if (kind === 'number') return numbers;
  return kind === 'other' ? [...emails, ...numbers] : [];
}

function isOneOf(identity: Identity, candidates: readonly string[]): boolean {
  if (!identity.hashed)
    return candidates.some((candidate) => candidate.toLowerCase() === identity.value.trim().toLowerCase());
  const match = HASH.exec(identity.value.trim());
  if (match === null) return false;
  const [, algorithm = '', hex = ''] = match;
  const wanted = Buffer.from(hex, 'hex');
  return candidates
    .map((candidate) =>
      createHash(algorithm.toLowerCase())
        .update(candidate + identity.salt, 'utf8')
        .digest(),
    )
    .some((digest) => digest.length === wanted.length && timingSafeEqual(digest, wanted));
}

/** `same` when every part of the shorter name is in the longer one, `other` when two full names share none. */
function compareNames(a: string, b: string): 'same' | 'similar' | 'other' {
  const [short = [], long = []] = [nameParts(a), nameParts(b)].toSorted((x, y) => x.length - y.length);
  const shared = short.filter((part) => long.includes(part)).length;
  if (short.length >= 2 && shared === short.length) return 'same';
  return shared === 0 && short.length >= 2 ? 'other' : 'similar';
}

function nameParts(name: string): string[] {
  return name
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((part) => part !== '');
}
