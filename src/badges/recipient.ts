import { createHash, timingSafeEqual } from 'node:crypto';
import type { AddressHash, ExpectedRecipient, Recipient, RecipientSign } from '../domain/credential.ts';
import { sameName } from '../domain/same-name.ts';
import { type Finding, fail, pass, unknown } from './finding.ts';

/** One way a badge names its earner. `value` is plain text, or `algorithm$hex` when hashed. */
export type Identity = {
  readonly kind: 'email' | 'number' | 'name' | 'other';
  readonly hashed: boolean;
  readonly value: string;
  readonly salt: string;
};

export type RecipientMatch = { readonly recipient: Recipient; readonly finding: Finding };

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
  const matched = (by: RecipientSign, finding: Finding): RecipientMatch => ({
    recipient: { name, matches: true, by },
    finding,
  });
  const open = (matches: false | null, finding: Finding): RecipientMatch => {
    const addresses = expected !== null ? addressesOf(identities) : [];
    return { recipient: { name, matches, ...(addresses.length > 0 && { addresses }) }, finding };
  };
  if (identities.length === 0) return open(null, unknown('recipient.not-stated'));
  if (expected === null) return open(null, unknown('recipient.not-asked'));
  for (const identity of identities) {
    if (isEmail(identity) && isOneOf(identity, spellingsOfEmails(expected)))
      return matched('email', pass('recipient.same-email'));
    if (isNumber(identity) && isOneOf(identity, spellingsOfNumber(expected)))
      return matched('number', pass('recipient.same-number'));
  }
  if (name === null || expected.name === null) {
    if (identities.some(isEmail)) return open(null, unknown('recipient.unconfirmed'));
    return open(null, name === null ? unknown('recipient.other-sign') : unknown('recipient.no-name'));
  }
  const likeness = sameName(name, expected.name);
  if (likeness === 'same') return matched('name', pass('recipient.same-name'));
  if (likeness === 'different') return open(false, fail('recipient.other-name'));
  return open(null, unknown('recipient.similar-name'));
}

const isEmail = ({ kind, value }: Identity): boolean =>
  kind === 'email' || (kind === 'other' && (HASH.test(value) || value.includes('@')));
const isNumber = ({ kind }: Identity): boolean => kind === 'number' || kind === 'other';

/**
 * For an address that the student may type later: plain ones are hashed, so that none is kept, with a salt that comes out
 * the same at every reading.
 */
function addressesOf(identities: readonly Identity[]): readonly AddressHash[] {
  return identities.filter(isEmail).flatMap(({ hashed, value, salt }) => {
    if (hashed) return HASH.test(value.trim()) ? [{ hash: value.trim(), salt }] : [];
    const address = value
      .trim()
      .replace(/^mailto:/i, '')
      .toLowerCase();
    const own = sha256(`recipient ${address}`).slice(0, 16);
    return [{ hash: `sha256$${sha256(address + own)}`, salt: own }];
  });
}

const sha256 = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex');

function spellingsOfEmails({ emails }: ExpectedRecipient): readonly string[] {
  return emails
    .map((email) => email.trim())
    .flatMap((email) => [email, email.toLowerCase(), `mailto:${email}`, `mailto:${email.toLowerCase()}`]);
}

function spellingsOfNumber({ studentNumber }: ExpectedRecipient): readonly string[] {
  if (studentNumber === null) return [];
  const number = studentNumber.trim();
  return [number, number.replace(/[\s-]/g, '')].filter((spelling) => spelling !== '');
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
