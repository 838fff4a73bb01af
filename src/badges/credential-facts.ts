import type { CredentialFacts, Recipient } from '../domain/credential.ts';
import { subjectsOf, validFrom, validUntil } from './credential-shape.ts';
import { readDate } from './date-time.ts';
import { readHours } from './hours.ts';
import { firstObject, idOf, type JsonObject, textOf } from './json.ts';
import { isWebAddress } from './lookups.ts';
import { criteriaOf, evidenceOf } from './open-badge-2-facts.ts';

/** What an Open Badges 3.0 credential says (§B.1: the achievement's name is the badge's, the credential's own comes second). */
export function factsOf(credential: JsonObject, recipient: Recipient): CredentialFacts {
  const subject = subjectsOf(credential)[0] ?? null;
  // `hasCredential` and `degree` are how credentials before Open Badges 3.0 put it.
  const achievement =
    firstObject(subject?.['achievement']) ??
    firstObject(subject?.['hasCredential']) ??
    firstObject(subject?.['degree']);
  const issuer = firstObject(credential['issuer']);
  const url = idOf(issuer?.['url']) ?? idOf(credential['issuer']);
  const description = textOf(achievement?.['description']) ?? textOf(credential['description']);
  const criteria = criteriaOf(achievement?.['criteria']);
  return {
    name: textOf(achievement?.['name'], 300) ?? textOf(credential['name'], 300),
    issuer: { name: textOf(issuer?.['name'], 300), url: isWebAddress(url) ? url : null },
    recipient,
    issuedOn: (readDate(credential['awardedDate']) ?? readDate(validFrom(credential)))?.day ?? null,
    expiresOn: readDate(validUntil(credential))?.day ?? null,
    description,
    criteria,
    hours: readHours(textOf(achievement?.['name']), description, criteria),
    certificateNumber: textOf(subject?.['licenseNumber'], 100),
    evidence: evidenceOf(credential['evidence']),
  };
}
