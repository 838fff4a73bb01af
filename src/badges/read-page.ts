import type { CredentialFacts } from '../domain/credential.ts';
import { withoutPersonalParts } from '../domain/share-link.ts';
import { readDate } from './date-time.ts';
import { type Finding, pass, unknown } from './finding.ts';
import { readHours } from './hours.ts';
import { issuerOfAddress } from './issuer-list.ts';
import {
  firstObject,
  idOf,
  type Json,
  type JsonObject,
  listOf,
  objectsOf,
  parseJson,
  textOf,
  typesOf,
} from './json.ts';
import { hostOf, isWebAddress } from './lookups.ts';
import { criteriaOf } from './open-badge-2-facts.ts';
import type { Page } from './page.ts';
import { platformOf } from './platforms.ts';
import { readJsonText } from './read-text.ts';
import { isBadge, nothing, type Reading } from './reading.ts';
import { matchRecipient } from './recipient.ts';
import { NO_FACTS, type Verdict } from './verdict.ts';

const MAX_FOLLOWED = 2;

/**
 * A page about a badge. The badge itself is looked for first: data in the page, then what the page links to as data,
 * then its picture. What is left is the page's own word, which nobody vouches for.
 */
export async function readPageAt(
  html: string,
  address: string,
  reading: Reading,
  follow: (address: string) => Promise<Verdict>,
): Promise<Verdict> {
  const page = await reading.tools.workshop({ task: 'page', input: html });
  if (page === null) return nothing('web-page', 'unreadable', [unknown('source.failed')]);
  const inside = await badgeIn(page, reading);
  if (inside !== null) return inside;
  const links = [...page.alternates, page.meta['og:image'] ?? '']
    .filter((link) => link !== '' && URL.canParse(link, address))
    .map((link) => new URL(link, address).href)
    .filter(isWebAddress);
  for (const link of [...new Set(links)].slice(0, MAX_FOLLOWED + 1)) {
    const verdict = await follow(link);
    if (isBadge(verdict)) return verdict;
  }
  return claimsOf(page, address, reading);
}

/** A page saved as a file says nothing about its site; a badge in its data is one all the same. */
export async function readSavedPage(html: string, reading: Reading): Promise<Verdict> {
  const page = await reading.tools.workshop({ task: 'page', input: html });
  const inside = page === null ? null : await badgeIn(page, reading);
  return inside ?? nothing('unreadable', 'no-badge-data', [unknown('source.no-badge')]);
}

async function badgeIn(page: Page, reading: Reading): Promise<Verdict | null> {
  for (const data of page.data) {
    const verdict = mayHoldBadge(data) ? await readJsonText(data, reading) : null;
    if (verdict !== null && isBadge(verdict)) return verdict;
  }
  return null;
}

function mayHoldBadge(data: string): boolean {
  return /Assertion|VerifiableCredential|OpenBadgeCredential/.test(data);
}

function claimsOf(page: Page, address: string, reading: Reading): Verdict {
  const data = credentialIn(page);
  const graph = graphClaims(page);
  const name = textOf(data?.['name'], 300) ?? graph.name;
  if (name === null) return nothing('web-page', 'no-badge-data', [unknown('source.no-badge')]);
  const person = graph.person;
  const recipient = matchRecipient(
    person === null ? [] : [{ kind: 'name', value: person, hashed: false, salt: '' }],
    reading.occasion.expected,
  );
  const description = textOf(data?.['description']) ?? textOf(page.meta['og:description']);
  const by =
    firstObject(data?.['recognizedBy']) ??
    firstObject(data?.['publisher']) ??
    firstObject(data?.['provider']);
  const facts: CredentialFacts = {
    ...NO_FACTS,
    name,
    issuer: {
      name: textOf(by?.['name'], 300) ?? graph.issuer ?? textOf(page.meta['og:site_name'], 300),
      url: isWebAddress(idOf(by?.['url'])) ? idOf(by?.['url']) : new URL(address).origin,
    },
    recipient: recipient.recipient,
    issuedOn: dayOf(data?.['validFrom']) ?? dayOf(data?.['dateCreated']) ?? dayOf(data?.['datePublished']),
    expiresOn: dayOf(data?.['expires']) ?? dayOf(data?.['validUntil']),
    description,
    criteria: criteriaOf(data?.['criteria']),
    hours: readHours(name, description),
  };
  return {
    format: 'web-page',
    outcome: 'self-reported',
    facts,
    source: 'page',
    findings: [unknown('source.page'), ...whoseSite(address, reading), recipient.finding],
    identity: { issuerId: new URL(address).origin, credentialId: withoutPersonalParts(address).address },
  };
}

/** A platform or a listed issuer showing it on its own site is worth more than a stranger's page, though no proof. */
function whoseSite(address: string, reading: Reading): readonly Finding[] {
  const known = issuerOfAddress(reading.tools.issuers, address)?.names[0] ?? platformOf(address)?.name;
  if (known === undefined || !address.startsWith('https:')) return [];
  return [pass('hosting.platform', { name: known, host: hostOf(address) ?? '' })];
}

function dayOf(value: Json | undefined): string | null {
  return readDate(listOf(value)[0])?.day ?? null;
}

/** schema.org's word for it, wherever it stands in the page's data. */
function credentialIn(page: Page): JsonObject | null {
  const things = page.data
    .map((text) => parseJson(text))
    .flatMap((value) => objectsOf(value))
    .flatMap((thing) => [thing, ...objectsOf(thing['@graph'])]);
  return (
    things.find((thing) =>
      typesOf(thing).some((type) => /EducationalOccupationalCredential|Certification$/.test(type)),
    ) ?? null
  );
}

/** Open Graph, with the sentence that Credly writes ("… was issued by … to …."). */
function graphClaims(page: Page): { name: string | null; issuer: string | null; person: string | null } {
  const title = textOf(page.meta['og:title'], 300) ?? textOf(page.meta['twitter:title'], 300);
  const sentence = /^(.+?) was issued by (.+?) to (.+?)\.?$/.exec(title ?? '');
  if (sentence !== null)
    return { name: sentence[1] ?? null, issuer: sentence[2] ?? null, person: sentence[3] ?? null };
  return { name: title, issuer: null, person: null };
}
