import { readDate } from './date-time.ts';
import {
  firstObject,
  idOf,
  type Json,
  type JsonObject,
  listOf,
  objectsOf,
  stringOf,
  textOf,
  typesOf,
} from './json.ts';
import type { Problem } from './open-badge-2-shape.ts';
import type { Identity } from './recipient.ts';

const CONTEXTS_1 = 'https://www.w3.org/2018/credentials/v1';
const CONTEXTS_2 = 'https://www.w3.org/ns/credentials/v2';

/** `award`: anything that somebody was given, an Open Badge or not. */
export type CredentialKind = 'award' | 'endorsement' | 'wrapper' | 'list';

export function isCredential(value: JsonObject): boolean {
  const contexts = listOf(value['@context']);
  return (
    typesOf(value).some((type) =>
      /(Verifiable|OpenBadge|Achievement|Endorsement|Clr)Credential$/.test(type),
    ) ||
    contexts.includes(CONTEXTS_1) ||
    contexts.includes(CONTEXTS_2)
  );
}

export function isOpenBadge3(credential: JsonObject): boolean {
  return typesOf(credential).some(
    (type) => type === 'OpenBadgeCredential' || type === 'AchievementCredential',
  );
}

export function kindOf(credential: JsonObject): CredentialKind {
  const types = typesOf(credential);
  const subjectTypes = subjectsOf(credential).flatMap(typesOf);
  if (isOpenBadge3(credential)) return 'award';
  if (types.includes('EndorsementCredential') || subjectTypes.includes('EndorsementSubject'))
    return 'endorsement';
  if (types.includes('ClrCredential') || subjectTypes.includes('ClrSubject')) return 'wrapper';
  return types.some((type) => /(StatusList|RevocationList|StatusList2021)\w*Credential$/.test(type))
    ? 'list'
    : 'award';
}

export function subjectsOf(credential: JsonObject): readonly JsonObject[] {
  return objectsOf(credential['credentialSubject']);
}

export function validFrom(credential: JsonObject): Json | undefined {
  return credential['validFrom'] ?? credential['issuanceDate'];
}

export function validUntil(credential: JsonObject): Json | undefined {
  return credential['validUntil'] ?? credential['expirationDate'];
}

/** What breaks the Verifiable Credentials data model 1.1 or 2.0, or Open Badges 3.0 §B. */
export function credentialProblems(credential: JsonObject): readonly Problem[] {
  const problems: Problem[] = [];
  const contexts = listOf(credential['@context']);
  if (contexts[0] !== CONTEXTS_1 && contexts[0] !== CONTEXTS_2) problems.push('@context');
  if (!typesOf(credential).includes('VerifiableCredential')) problems.push('type');
  if (idOf(credential['issuer']) === null) problems.push('issuer');
  const subjects = subjectsOf(credential);
  if (subjects.length === 0) problems.push('credentialSubject');
  if (isOpenBadge3(credential)) {
    const achievements = subjects.map((subject) => firstObject(subject['achievement']));
    if (achievements.some((achievement) => textOf(achievement?.['name']) === null))
      problems.push('achievement');
    if (subjects.some((subject) => !isIdentified(subject))) problems.push('credentialSubject.id');
    if (stringOf(validFrom(credential)) === null) problems.push('validFrom');
    if (subjects.some((subject) => !states(subject, 'AchievementSubject')))
      problems.push('credentialSubject.type');
  }
  return [
    ...problems,
    ...dateProblems(credential),
    ...(isOpenBadge3(credential) ? typeProblems(credential) : []),
  ];
}

/** Open Badges 3.0 §9.1: by an id, an identifier, or both. */
function isIdentified(subject: JsonObject): boolean {
  const identifiers = objectsOf(subject['identifier']);
  return stringOf(subject['id']) !== null || identifiers.length > 0;
}

function dateProblems(credential: JsonObject): readonly Problem[] {
  const fields = ['validFrom', 'issuanceDate', 'validUntil', 'expirationDate'] as const;
  const broken = fields.filter((field) => {
    const value = credential[field];
    return value !== undefined && value !== null && (typeof value !== 'string' || readDate(value) === null);
  });
  const from = readDate(validFrom(credential));
  const until = readDate(validUntil(credential));
  if (from !== null && until !== null && until.until < from.from) return [...broken, 'validUntil'];
  return broken;
}

/** What an object under this property must state as well (Open Badges 3.0 §B, the properties of multiplicity 1). */
const STATES: Readonly<Record<string, readonly string[]>> = {
  achievement: ['id', 'description', 'criteria'],
  identifier: ['identityHash', 'identityType'],
  otherIdentifier: ['identifier', 'identifierType'],
  alignment: ['targetName', 'targetUrl'],
  related: ['id'],
  resultDescription: ['id', 'name', 'resultType'],
  rubricCriterionLevel: ['id', 'name'],
};

/** The type that an object under this property must state (Open Badges 3.0 §B); more types may stand beside it. */
const TYPE_OF: Readonly<Record<string, string>> = {
  issuer: 'Profile',
  creator: 'Profile',
  source: 'Profile',
  parentOrg: 'Profile',
  achievement: 'Achievement',
  result: 'Result',
  resultDescription: 'ResultDescription',
  rubricCriterionLevel: 'RubricCriterionLevel',
  alignment: 'Alignment',
  evidence: 'Evidence',
  otherIdentifier: 'IdentifierEntry',
  address: 'Address',
  geo: 'GeoCoordinates',
  image: 'Image',
  related: 'Related',
  endorsement: 'EndorsementCredential',
};

function typeProblems(credential: JsonObject): readonly Problem[] {
  const problems = new Set<Problem>();
  const visit = (value: JsonObject): void => {
    for (const [property, child] of Object.entries(value)) {
      const wanted = TYPE_OF[property];
      for (const object of objectsOf(child)) {
        if (wanted !== undefined && !states(object, wanted)) problems.add(`${property}.type`);
        for (const needed of STATES[property] ?? [])
          if (object[needed] === undefined || object[needed] === null) problems.add(`${property}.${needed}`);
        // An endorsement is a credential of its own, by someone else.
        if (property !== 'endorsement') visit(object);
      }
    }
  };
  visit(credential);
  for (const subject of subjectsOf(credential))
    if (objectsOf(subject['identifier']).some((identity) => !states(identity, 'IdentityObject')))
      problems.add('identifier.type');
  return [...problems];
}

/** An object without a type is let through: what its words mean is then settled by the property. */
function states(object: JsonObject, type: string): boolean {
  const types = typesOf(object);
  if (types.length === 0) return object['type'] === undefined && object['@type'] === undefined;
  return types.some((own) => own === type || own.endsWith(`#${type}`) || own.endsWith(`/${type}`));
}

const NUMBER_TYPES = /sourcedid|systemid|studentid|userid|sis|identifier|accountid|loginid/i;

/** Whom the award names: `identifier` entries, a plain name, or a `mailto:` subject. */
export function identitiesOf(credential: JsonObject): readonly Identity[] {
  return subjectsOf(credential).flatMap((subject) => {
    const found: Identity[] = objectsOf(subject['identifier']).flatMap((entry) => {
      const value = stringOf(entry['identityHash']);
      if (value === null) return [];
      const type = stringOf(entry['identityType']) ?? '';
      const hashed = entry['hashed'] === true || /^(sha256|md5)\$/i.test(value);
      return [{ kind: kindOfIdentity(type), value, hashed, salt: stringOf(entry['salt']) ?? '' }];
    });
    const id = stringOf(subject['id']);
    if (id?.toLowerCase().startsWith('mailto:') === true)
      found.push({ kind: 'email', value: id.slice('mailto:'.length), hashed: false, salt: '' });
    const name = personName(subject);
    if (name !== null) found.push({ kind: 'name', value: name, hashed: false, salt: '' });
    return found;
  });
}

function kindOfIdentity(type: string): Identity['kind'] {
  if (/e-?mail/i.test(type)) return 'email';
  if (type === 'name') return 'name';
  return NUMBER_TYPES.test(type) ? 'number' : 'other';
}

function personName(subject: JsonObject): string | null {
  const parts = [textOf(subject['givenName'], 100), textOf(subject['familyName'], 100)].filter(
    (part) => part !== null,
  );
  if (parts.length === 2) return parts.join(' ');
  // A subject's `name` is now the earner's, now the badge's ("… 's Teamwork Badge"): only a bare name is taken.
  const name = textOf(subject['name'], 100);
  return name !== null &&
    /^[\p{L}\p{M}'’. -]+$/u.test(name) &&
    name.split(/\s+/).length <= 4 &&
    !/badge|certificate|certificat|insigne/i.test(name)
    ? name
    : null;
}
