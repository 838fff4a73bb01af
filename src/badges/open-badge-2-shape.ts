import { readDate } from './date-time.ts';
import {
  firstObject,
  idOf,
  isObject,
  type Json,
  type JsonObject,
  listOf,
  objectsOf,
  stringOf,
  textOf,
  typesOf,
} from './json.ts';
import { isWebAddress } from './lookups.ts';
import type { Identity } from './recipient.ts';

/** 0.5 and 1.0 have no types; 1.1 has version 2's types with version 1's words. */
export type Version = '0.5' | '1.0' | '1.1' | '2';

/** A rule of the format that an object breaks: the property, as the specification spells it. */
export type Problem = string;

/** The last part of a type: `Assertion` for `obi:Assertion` and `https://w3id.org/openbadges#Assertion` too. */
export function plainTypes(value: JsonObject): readonly string[] {
  return typesOf(value).map((type) => /([A-Za-z0-9]+)$/.exec(type)?.[1] ?? type);
}

export function versionOf(assertion: JsonObject): Version {
  const contexts = JSON.stringify(assertion['@context'] ?? null);
  if (contexts.includes('w3id.org/openbadges/v1')) return '1.1';
  if (contexts.includes('openbadges') || typesOf(assertion).length > 0) return '2';
  return typeof assertion['recipient'] === 'string' || isObject(assertion['badge']) ? '0.5' : '1.0';
}

/** `verification` in version 2, `verify` before. */
export function verificationOf(thing: JsonObject): JsonObject | null {
  return firstObject(thing['verification']) ?? firstObject(thing['verify']);
}

/** `hosted`, `HostedBadge`, `signed` and `SignedBadge` are the kinds there are. */
export function verificationKind(assertion: JsonObject): 'hosted' | 'signed' | null {
  const types = plainTypes(verificationOf(assertion) ?? {});
  if (types.some((type) => /^signed(badge)?$/i.test(type))) return 'signed';
  return types.some((type) => /^hosted(badge)?$/i.test(type)) ? 'hosted' : null;
}

/** Where a hosted award lives: `id` in version 2 and 1.1; `verify.url` before, and where it differs in 1.1. */
export function addressOf(assertion: JsonObject): string | null {
  const id = stringOf(assertion['id']);
  return isWebAddress(id) ? id : (stringOf(verificationOf(assertion)?.['url']) ?? id);
}

/** Open Badges 2.0 §Assertion; 1.x needs no type and states `verify`. */
export function assertionProblems(assertion: JsonObject, version: Version): readonly Problem[] {
  const problems: Problem[] = [];
  if (version === '2' || version === '1.1')
    if (!plainTypes(assertion).includes('Assertion')) problems.push('type');
  if (version === '2' && stringOf(assertion['id']) === null) problems.push('id');
  const recipient = firstObject(assertion['recipient']);
  if (recipient === null || stringOf(recipient['identity']) === null) problems.push('recipient');
  else if (typesOf(recipient).length === 0) problems.push('recipient.type');
  if (idOf(assertion['badge']) === null && firstObject(assertion['badge']) === null) problems.push('badge');
  const kind = verificationKind(assertion);
  if (kind === null || !/(^|[:#])(hosted|signed|HostedBadge|SignedBadge)$/.test(kind))
    problems.push('verification');
  const issued = readDate(assertion['issuedOn']);
  const expires = readDate(assertion['expires']);
  if (issued === null) problems.push('issuedOn');
  if (assertion['expires'] !== undefined && assertion['expires'] !== null && expires === null)
    problems.push('expires');
  if (issued !== null && expires !== null && expires.until < issued.from) problems.push('expires');
  if (!fits(assertion['evidence'], 'Evidence')) problems.push('evidence');
  return [...problems, ...extensionProblems(assertion)];
}

/** Open Badges 2.0 §BadgeClass. `image` is required there too, but says nothing about what was earned. */
export function badgeClassProblems(badge: JsonObject, version: Version): readonly Problem[] {
  const problems: Problem[] = [];
  if (version === '2' && !plainTypes(badge).includes('BadgeClass')) problems.push('badge.type');
  if (textOf(badge['name']) === null) problems.push('badge.name');
  if (version === '2' && textOf(badge['description']) === null) problems.push('badge.description');
  if (idOf(badge['criteria']) === null && firstObject(badge['criteria']) === null)
    problems.push('badge.criteria');
  if (idOf(badge['issuer']) === null && firstObject(badge['issuer']) === null) problems.push('badge.issuer');
  return [...problems, ...misfitsOf(badge)];
}

/** Parts of a badge class that state another type than their property calls for, and extensions against their rules. */
export function misfitsOf(badge: JsonObject): readonly Problem[] {
  const wanted = { criteria: 'Criteria', alignment: 'AlignmentObject', image: 'Image' } as const;
  const misfits = Object.entries(wanted).filter(([property, type]) => !fits(badge[property], type));
  return [...misfits.map(([property]) => `badge.${property}`), ...extensionProblems(badge)];
}

/** Open Badges 2.0 §Profile. */
export function issuerProblems(issuer: JsonObject, version: Version): readonly Problem[] {
  const types = plainTypes(issuer);
  const problems: Problem[] = [];
  if (version === '2' && !types.includes('Issuer') && !types.includes('Profile'))
    problems.push('issuer.type');
  if (textOf(issuer['name']) === null) problems.push('issuer.name');
  return [...problems, ...extensionProblems(issuer)];
}

/** Objects that state a type must state this one. */
function fits(value: Json | undefined, type: string): boolean {
  return objectsOf(value).every(
    (object) => typesOf(object).length === 0 || plainTypes(object).includes(type),
  );
}

type Rule = { readonly names: readonly string[]; readonly holds: (value: Json) => boolean };
const isText = (value: Json): boolean => typeof value === 'string';
const isNumber = (value: Json): boolean => typeof value === 'number';
const isAddress = (value: Json): boolean => isWebAddress(idOf(value));
const rule = (holds: Rule['holds'], ...names: readonly string[]): Rule => ({ names, holds });

/** What the published extensions of Open Badges 2.0 ask of their properties, by the last part of their type. */
const EXTENSIONS: Readonly<Record<string, readonly Rule[]>> = {
  ExampleExtension: [rule(isText, 'exampleProperty', 'http://schema.org/text', 'schema:text')],
  ApplyLink: [rule(isAddress, 'url')],
  GeoCoordinates: [rule(isText, 'name', 'description'), rule(isNumber, 'latitude', 'longitude')],
  OriginalCreator: [rule(isAddress, 'url')],
};

function extensionProblems(thing: JsonObject): readonly Problem[] {
  return Object.entries(thing).flatMap(([key, value]) =>
    objectsOf(value)
      .filter((object) => plainTypes(object).includes('Extension') || key.startsWith('extensions:'))
      .filter((extension) => !keepsItsRules(extension))
      .map(() => key),
  );
}

function keepsItsRules(extension: JsonObject): boolean {
  const rules = plainTypes(extension).flatMap((type) => EXTENSIONS[type] ?? []);
  const parts = [extension, ...objectsOf(extension['geo'])];
  return rules.every(({ names, holds }) =>
    names.every((name) => parts.every((part) => listOf(part[name]).every(holds))),
  );
}

/** Whom the award names; `recipient` is a bare string in version 0.5. */
export function identitiesOf(assertion: JsonObject): readonly Identity[] {
  const plain = stringOf(assertion['recipient']);
  if (plain !== null)
    return [
      { kind: 'email', value: plain, hashed: plain.includes('$'), salt: stringOf(assertion['salt']) ?? '' },
    ];
  return objectsOf(assertion['recipient']).flatMap((recipient) => {
    const value = stringOf(recipient['identity']);
    if (value === null) return [];
    const type = typesOf(recipient).join(' ').toLowerCase();
    const kind = type.includes('email') ? 'email' : type.includes('name') ? 'name' : 'other';
    const hashed = recipient['hashed'] === true || /^(sha256|md5)\$/i.test(value);
    return [{ kind, value, hashed, salt: stringOf(recipient['salt']) ?? '' }];
  });
}
