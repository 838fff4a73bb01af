import { isCredential, kindOf } from './credential-shape.ts';
import { fail, unknown } from './finding.ts';
import { isHostileJson, isObject, type JsonObject, parseJson, stringOf, textOf, typesOf } from './json.ts';
import { isWebAddress } from './lookups.ts';
import { readOpenBadge2 } from './open-badge-2.ts';
import { issuerOf } from './open-badge-2-chain.ts';
import { factsOf } from './open-badge-2-facts.ts';
import { misfitsOf, plainTypes } from './open-badge-2-shape.ts';
import { type Cover, readCredential3 } from './open-badge-3.ts';
import { awardsIn, chosenPart, type Part, partsOf, severalAwards } from './read-record.ts';
import { nothing, type Reading } from './reading.ts';
import { type JwtCredential, unpackJwt } from './vc-jwt.ts';
import type { Verdict } from './verdict.ts';

const MAX_CHARACTERS = 1024 * 1024;
/** The classes of Open Badges 2.0 that nobody is awarded. */
const OTHER_THINGS = [
  'BadgeClass',
  'Issuer',
  'Profile',
  'Endorsement',
  'RevocationList',
  'CryptographicKey',
  'AlignmentObject',
  'Criteria',
  'Evidence',
  'Image',
  'IdentityObject',
  'VerificationObject',
  'Extension',
];

/** Damaged text that says none of these was never a badge. */
const SPEAKS_OF_BADGES = /@context|badge|credential|recipient|assertion/i;

/** A badge as JSON text. */
export async function readJsonText(text: string, reading: Reading): Promise<Verdict> {
  if (text.length > MAX_CHARACTERS) return nothing('unreadable', 'unreadable', [unknown('source.too-big')]);
  const value = parseJson(text);
  if (value === undefined && isHostileJson(text))
    return nothing('unreadable', 'unreadable', [unknown('source.failed')]);
  if (value === undefined && !SPEAKS_OF_BADGES.test(text)) return noBadge();
  if (value === undefined) return nothing('unreadable', 'invalid', [fail('format.not-json')]);
  if (isObject(value)) return readObject(value, reading);
  return value === undefined ? noBadge() : readOneOf(partsOf(value), null, reading);
}

/** A compact JWS: an Open Badges 3.0 credential, or a signed Open Badges 2.0 award. */
export async function readCompactText(text: string, reading: Reading): Promise<Verdict> {
  const compact = text.trim();
  if (compact.length > MAX_CHARACTERS)
    return nothing('unreadable', 'unreadable', [unknown('source.too-big')]);
  // Selective disclosure (RFC 9901) has parts that only its holder can put together.
  if (compact.includes('~'))
    return nothing('verifiable-credential', 'could-not-check', [
      unknown('signature.unsupported', { method: 'SD-JWT' }),
    ]);
  const jwt = unpackJwt(compact);
  if (jwt === null) return nothing('unreadable', 'invalid', [fail('signature.broken')]);
  const shown = presentationIn(jwt.payload);
  if (shown !== null) return readOneOf(partsOf(shown), null, reading);
  if (isCredential(jwt.credential)) return readCredential(jwt.credential, jwt, reading);
  if (isAward(jwt.credential))
    return readOpenBadge2(jwt.credential, compact, reading.tools.lookups, reading.occasion);
  return noBadge();
}

async function readObject(object: JsonObject, reading: Reading): Promise<Verdict> {
  const types = typesOf(object);
  if (types.includes('VerifiablePresentation')) return readOneOf(partsOf(object), null, reading);
  const enveloped = /^data:application\/[\w.+-]*jwt,(.+)$/.exec(stringOf(object['id']) ?? '')?.[1];
  if (types.some((type) => /^EnvelopedVerifiable(Credential|Presentation)$/.test(type)) && enveloped)
    return readCompactText(enveloped, reading);
  if (isCredential(object)) return readCredential(object, null, reading);
  if (isAward(object)) return readOpenBadge2(object, null, reading.tools.lookups, reading.occasion);
  if (plainTypes(object).some((type) => OTHER_THINGS.includes(type))) return readOtherThing(object, reading);
  return mentionsOpenBadges(object)
    ? nothing('open-badge-2-hosted', 'invalid', [fail('format.no-type')])
    : noBadge();
}

/** A wallet's presentation as a token: in `vp` (VC 1.1 §6.3.1), or the payload itself. Who presents it is not asked. */
function presentationIn(payload: JsonObject): JsonObject | null {
  const inside = payload['vp'];
  if (isObject(inside)) return inside;
  return typesOf(payload).includes('VerifiablePresentation') ? payload : null;
}

/** A CLR 2.0 holds awards, of which one may be chosen; all else is judged as it is. */
async function readCredential(
  credential: JsonObject,
  jwt: JwtCredential | null,
  reading: Reading,
): Promise<Verdict> {
  const judge = () => readCredential3(credential, jwt, reading.tools, reading.occasion);
  if (kindOf(credential) !== 'wrapper') return judge();
  const parts = partsOf(credential);
  const chosen = chosenPart(parts, reading.award);
  if (chosen !== null) return readPart(chosen, { credential, jwt }, reading);
  const verdict = await judge();
  return verdict.outcome === 'not-a-badge'
    ? {
        ...verdict,
        findings: [
          unknown('format.record', { count: awardsIn(parts).length }),
          ...verdict.findings.filter(({ key }) => key !== 'format.not-an-award'),
        ],
        awards: awardsIn(parts),
      }
    : verdict;
}

/** The one award there is, or the one the student chose of several. */
async function readOneOf(parts: readonly Part[], cover: Cover | null, reading: Reading): Promise<Verdict> {
  const [only, ...more] = parts;
  if (only === undefined) return noBadge();
  const chosen = more.length === 0 ? only : chosenPart(parts, reading.award);
  return chosen === null ? severalAwards(parts) : readPart(chosen, cover, reading);
}

function readPart(part: Part, cover: Cover | null, reading: Reading): Promise<Verdict> {
  if (typeof part === 'string') return readCompactText(part, reading);
  if (cover !== null && isCredential(part))
    return readCredential3(part, null, reading.tools, reading.occasion, cover);
  return typesOf(part).includes('VerifiablePresentation')
    ? Promise.resolve(noBadge())
    : readObject(part, reading);
}

/** A badge class, an issuer or a key: nobody was awarded anything with it. */
async function readOtherThing(thing: JsonObject, reading: Reading): Promise<Verdict> {
  const isBadgeClass = plainTypes(thing).includes('BadgeClass');
  const part = { json: thing, id: stringOf(thing['id']) ?? '', home: null };
  const misfits = isBadgeClass ? misfitsOf(thing) : [];
  if (misfits.length > 0)
    return nothing('open-badge-2-hosted', 'invalid', [fail('format.broken', { list: misfits.join(', ') })]);
  const chain = isBadgeClass ? await issuerOf(part, '2', reading.tools.lookups) : null;
  if (chain?.kind === 'broken')
    return nothing('open-badge-2-hosted', 'invalid', [
      fail('format.broken', { list: chain.problems.join(', ') }),
    ]);
  const issuer = chain?.kind === 'complete' ? chain.issuer.json : null;
  return {
    ...nothing('open-badge-2-hosted', 'not-a-badge', [unknown('format.not-an-award')]),
    facts: { ...factsOf({}, isBadgeClass ? thing : null, issuer, { name: null, matches: null }) },
  };
}

/** By its type, or by having what only an award has. */
function isAward(object: JsonObject): boolean {
  if (plainTypes(object).includes('Assertion')) return true;
  // What is left of an award that was withdrawn.
  if (object['revoked'] === true && isWebAddress(stringOf(object['id']))) return true;
  return (
    object['recipient'] !== undefined && (object['badge'] !== undefined || object['verify'] !== undefined)
  );
}

function mentionsOpenBadges(object: JsonObject): boolean {
  return /openbadge/i.test(JSON.stringify(object['@context'] ?? textOf(object['type']) ?? ''));
}

function noBadge(): Verdict {
  return nothing('unreadable', 'no-badge-data', [unknown('source.no-badge')]);
}
