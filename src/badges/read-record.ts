import type { AwardInside } from '../domain/credential.ts';
import { factsOf as credentialFacts } from './credential-facts.ts';
import { isCredential, kindOf, subjectsOf } from './credential-shape.ts';
import { unknown } from './finding.ts';
import { firstObject, idOf, isObject, type Json, type JsonObject, listOf, stringOf } from './json.ts';
import { factsOf as awardFacts } from './open-badge-2-facts.ts';
import { nothing } from './reading.ts';
import { unpackJwt } from './vc-jwt.ts';
import type { Verdict } from './verdict.ts';

const MAX_AWARDS = 100;
const UNNAMED = { name: null, matches: null };

/** One thing of a record: JSON, or a compact signature around it. */
export type Part = JsonObject | string;

/** The things inside a CLR 2.0 (§ClrSubject), a wallet's presentation or a plain list; at most a hundred. */
export function partsOf(holder: Json): readonly Part[] {
  const lists = isObject(holder)
    ? [holder, ...subjectsOf(holder)].flatMap((one) => listOf(one['verifiableCredential']))
    : listOf(holder);
  return lists.filter((part) => isObject(part) || typeof part === 'string').slice(0, MAX_AWARDS);
}

/** The part that the student chose; null when the record does not hold it, or nobody chose yet. */
export function chosenPart(parts: readonly Part[], wanted: string | null): Part | null {
  if (wanted === null) return null;
  return parts.find((part, at) => isAward(part) && partId(part, at) === wanted) ?? null;
}

/** A record of several awards is nobody's one badge: the student says which one counts. */
export function severalAwards(parts: readonly Part[]): Verdict {
  return {
    ...nothing('verifiable-credential', 'not-a-badge', [unknown('format.several')]),
    awards: awardsIn(parts),
  };
}

export function awardsIn(parts: readonly Part[]): readonly AwardInside[] {
  return parts.flatMap((part, at) => {
    if (!isAward(part)) return [];
    const json = jsonOf(part);
    const badge = firstObject(json['badge']);
    const facts = isCredential(json)
      ? credentialFacts(json, UNNAMED)
      : awardFacts(json, badge, firstObject(badge?.['issuer']), UNNAMED);
    return [{ id: partId(part, at), name: facts.name, issuer: facts.issuer.name ?? idOf(json['issuer']) }];
  });
}

/** Endorsements and records inside a record are not what a student was awarded. */
function isAward(part: Part): boolean {
  const json = jsonOf(part);
  return !isCredential(json) || kindOf(json) === 'award';
}

/** Its own id, or its place where it has none. */
function partId(part: Part, at: number): string {
  return stringOf(jsonOf(part)['id'])?.slice(0, 2000) ?? `#${at + 1}`;
}

function jsonOf(part: Part): JsonObject {
  return typeof part === 'string' ? (unpackJwt(part)?.credential ?? {}) : part;
}
