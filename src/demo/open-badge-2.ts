import { TRAINING_CENTRE } from './awards.ts';
import {
  type BadgeIssuer,
  type Grant,
  grantAddresses,
  hashedIdentity,
  issuedAt,
  validUntil,
} from './badge-issuer.ts';
import type { Locale } from './locale.ts';

const CONTEXT = 'https://w3id.org/openbadges/v2';

/** Open Badges 2.0: a hosted assertion. */
export function assertion(issuer: BadgeIssuer, grant: Grant): Record<string, unknown> {
  const addresses = grantAddresses(issuer, grant);
  const until = validUntil(issuer, grant);
  return {
    '@context': CONTEXT,
    type: 'Assertion',
    id: addresses.assertion,
    recipient: { type: 'email', hashed: true, ...hashedIdentity(grant) },
    badge: addresses.achievement,
    image: addresses.picture,
    verification: { type: 'hosted' },
    issuedOn: issuedAt(issuer, grant).toISOString(),
    ...(until !== null && { expires: until.toISOString() }),
  };
}

/** What remains at the address of an assertion that was withdrawn; served with status 410. */
export function revokedAssertion(issuer: BadgeIssuer, grant: Grant): Record<string, unknown> {
  return {
    '@context': CONTEXT,
    type: 'Assertion',
    id: grantAddresses(issuer, grant).assertion,
    revoked: true,
    revocationReason: { en: 'Awarded by mistake', fr: 'Décerné par erreur' }[grant.locale],
  };
}

export function badgeClass(issuer: BadgeIssuer, grant: Grant): Record<string, unknown> {
  const { award, locale } = grant;
  const addresses = grantAddresses(issuer, grant);
  return {
    '@context': CONTEXT,
    type: 'BadgeClass',
    id: addresses.achievement,
    name: award.title[locale],
    description: award.description[locale],
    image: addresses.picture,
    criteria: { narrative: award.criteria[locale] },
    issuer: addresses.profile2,
  };
}

export function issuerProfile(issuer: BadgeIssuer, locale: Locale): Record<string, unknown> {
  return {
    '@context': CONTEXT,
    type: 'Issuer',
    id: `${issuer.url}/open-badges-2/${locale}`,
    name: TRAINING_CENTRE[locale],
    url: issuer.url,
    email: 'training.centre@demo.invalid',
  };
}
