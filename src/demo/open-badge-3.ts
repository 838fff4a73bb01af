import { CompactSign } from 'jose';
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

/** Who awards: the document at the issuer's own address, and the same inside each credential. */
export function profile(issuer: BadgeIssuer, locale: Locale): Record<string, unknown> {
  return {
    id: `${issuer.url}/profile/${locale}`,
    type: ['Profile'],
    name: TRAINING_CENTRE[locale],
    url: issuer.url,
  };
}

/** Which credentials were withdrawn: none yet (1EdTech Credential Status List §3). */
export function revocationList(issuer: BadgeIssuer, locale: Locale): Record<string, unknown> {
  return {
    id: `${issuer.url}/revocations/${locale}`,
    issuer: `${issuer.url}/profile/${locale}`,
    revokedCredential: [],
  };
}

/** An Open Badge 3.0 over Verifiable Credentials 2.0, not yet signed. */
export function openBadge3(issuer: BadgeIssuer, grant: Grant): Record<string, unknown> {
  const { award, locale } = grant;
  const addresses = grantAddresses(issuer, grant);
  const { salt, identity } = hashedIdentity(grant);
  const until = validUntil(issuer, grant);
  return {
    '@context': [
      'https://www.w3.org/ns/credentials/v2',
      'https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json',
    ],
    id: addresses.credential,
    type: ['VerifiableCredential', 'OpenBadgeCredential'],
    name: award.title[locale],
    issuer: profile(issuer, locale),
    validFrom: issuedAt(issuer, grant).toISOString(),
    ...(until !== null && { validUntil: until.toISOString() }),
    credentialStatus: { id: `${issuer.url}/revocations/${locale}`, type: '1EdTechRevocationList' },
    credentialSubject: {
      id: addresses.recipient,
      type: ['AchievementSubject'],
      identifier: [
        { type: 'IdentityObject', identityType: 'emailAddress', hashed: true, identityHash: identity, salt },
      ],
      achievement: {
        id: addresses.achievement,
        type: ['Achievement'],
        achievementType: award.type,
        name: award.title[locale],
        description: award.description[locale],
        criteria: { narrative: award.criteria[locale] },
        image: { id: addresses.picture, type: 'Image' },
        inLanguage: `${locale}-CA`,
      },
    },
  };
}

/** The credential as a signed token: the registered claims repeat what the credential says (OB 3.0 §8.2.3). */
export async function signOpenBadge3(issuer: BadgeIssuer, grant: Grant): Promise<string> {
  const addresses = grantAddresses(issuer, grant);
  const until = validUntil(issuer, grant);
  const { kid, privateKey } = await issuer.key();
  const payload = {
    ...openBadge3(issuer, grant),
    iss: addresses.profile,
    sub: addresses.recipient,
    jti: addresses.credential,
    nbf: seconds(issuedAt(issuer, grant)),
    ...(until !== null && { exp: seconds(until) }),
  };
  return new CompactSign(Buffer.from(JSON.stringify(payload)))
    .setProtectedHeader({ alg: 'RS256', kid, typ: 'JWT' })
    .sign(privateKey);
}

/** What a forger makes: the contents of one badge above the signature of another. */
export function forge(contents: string, signature: string): string {
  return [...contents.split('.').slice(0, 2), ...signature.split('.').slice(2)].join('.');
}

function seconds(date: Date): number {
  return Math.floor(date.getTime() / 1000);
}
