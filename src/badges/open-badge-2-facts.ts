import type { CredentialFacts, Recipient } from '../domain/credential.ts';
import { readDate } from './date-time.ts';
import { readHours } from './hours.ts';
import { firstObject, idOf, isObject, type Json, type JsonObject, listOf, textOf } from './json.ts';
import { isWebAddress } from './lookups.ts';

/** What the award, its badge class and its issuer say; the latter two are null when they could not be read. */
export function factsOf(
  assertion: JsonObject,
  badge: JsonObject | null,
  issuer: JsonObject | null,
  recipient: Recipient,
): CredentialFacts {
  const description = textOf(badge?.['description']);
  const criteria = criteriaOf(badge?.['criteria']);
  const url = idOf(issuer?.['url']) ?? idOf(issuer?.['origin']) ?? idOf(issuer?.['id']);
  return {
    name: textOf(badge?.['name'], 300),
    issuer: { name: textOf(issuer?.['name'], 300), url: isWebAddress(url) ? url : null },
    recipient,
    issuedOn: (readDate(assertion['issuedOn']) ?? readDate(assertion['issued_on']))?.day ?? null,
    expiresOn: readDate(assertion['expires'])?.day ?? null,
    description,
    criteria,
    hours: readHours(textOf(badge?.['name']), description, criteria, textOf(assertion['narrative'])),
    certificateNumber: null,
    evidence: evidenceOf(assertion['evidence']),
  };
}

/** The narrative, or the address where the criteria are. */
export function criteriaOf(value: Json | undefined): string | null {
  const object = firstObject(value);
  return object === null ? textOf(value) : (textOf(object['narrative']) ?? textOf(idOf(object) ?? undefined));
}

/** Addresses and narratives, at most twenty. */
export function evidenceOf(value: Json | undefined): readonly string[] {
  return listOf(value)
    .map((entry) => {
      if (!isObject(entry)) return textOf(entry, 1000);
      const address = idOf(entry);
      return isWebAddress(address)
        ? address
        : (textOf(entry['narrative'], 1000) ?? textOf(entry['name'], 1000));
    })
    .filter((entry) => entry !== null)
    .slice(0, 20);
}
