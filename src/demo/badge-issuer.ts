import { createHash, randomUUID } from 'node:crypto';
import type { Award } from './awards.ts';
import type { Locale } from './locale.ts';
import type { Person } from './people.ts';
import { createSigningKey, type SigningKey } from './signing-keys.ts';

const DAY = 24 * 3600 * 1000;

/** A training centre with a key of its own, which awards Open Badges. Its documents live under `url`. */
export type BadgeIssuer = {
  readonly url: string;
  readonly key: () => Promise<SigningKey>;
  /** Dates of badges count back from here; milliseconds since the epoch. */
  readonly startedAt: number;
};

/** One award to one person in one language. */
export type Grant = { readonly award: Award; readonly person: Person; readonly locale: Locale };

/** The key is made when it is first needed. */
export function createBadgeIssuer(lmsUrl: string, startedAt: number): BadgeIssuer {
  const url = `${lmsUrl}/issuer`;
  let key: Promise<SigningKey> | undefined;
  return {
    url,
    key: () => {
      // Open Badges 3.0 §8.2.4: a key id may be the address where the public key is found.
      key ??= createSigningKey(`${url}/keys/${randomUUID()}`);
      return key;
    },
    startedAt,
  };
}

export function issuedAt(issuer: BadgeIssuer, { award }: Grant): Date {
  return new Date(issuer.startedAt - award.issuedDaysAgo * DAY);
}

/** null for an award that does not expire. */
export function validUntil(issuer: BadgeIssuer, { award }: Grant): Date | null {
  return award.validDays === null
    ? null
    : new Date(issuer.startedAt + (award.validDays - award.issuedDaysAgo) * DAY);
}

/** The addresses of a grant's documents. They stay the same over restarts and tell nothing about the person. */
export function grantAddresses(issuer: BadgeIssuer, { award, person, locale }: Grant) {
  const id = digest(award.id, person.id, locale);
  return {
    credential: `${issuer.url}/credentials/${id}`,
    assertion: `${issuer.url}/assertions/${id}`,
    achievement: `${issuer.url}/badges/${locale}/${award.id}`,
    picture: `${issuer.url}/pictures/${award.id}.png`,
    recipient: `${issuer.url}/recipients/${digest(person.id)}`,
    profile: `${issuer.url}/profile/${locale}`,
    profile2: `${issuer.url}/open-badges-2/${locale}`,
  };
}

/** The address of the recipient as a salted hash: of the address and the salt, in this order (OB 2.0 IdentityHash). */
export function hashedIdentity(grant: Grant): { readonly salt: string; readonly identity: string } {
  const salt = digest('salt', grant.award.id, grant.person.id).slice(0, 12);
  const hash = createHash('sha256').update(`${grant.person.email}${salt}`, 'utf8').digest('hex');
  return { salt, identity: `sha256$${hash}` };
}

function digest(...parts: readonly string[]): string {
  return createHash('sha256').update(parts.join(' '), 'utf8').digest('hex').slice(0, 32);
}
