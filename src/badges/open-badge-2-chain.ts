import type { Why } from './finding.ts';
import { idOf, isObject, type Json, type JsonObject, listOf, objectsOf, stringOf } from './json.ts';
import { isSameHost, isWebAddress, type JsonAnswer, type Lookups } from './lookups.ts';
import { badgeClassProblems, issuerProblems, type Problem, type Version } from './open-badge-2-shape.ts';

/** The badge class and the issuer that an award names, each taken from where its id says it lives. */
export type Chain =
  | { readonly kind: 'complete'; readonly badge: Part; readonly issuer: Part }
  | {
      readonly kind: 'incomplete';
      readonly badge: Part | null;
      readonly missing: 'badge' | 'issuer';
      readonly why: Why;
    }
  | {
      readonly kind: 'broken';
      readonly badge: Part | null;
      readonly issuer: Part | null;
      readonly problems: readonly Problem[];
    };

export type Part = { readonly json: JsonObject; readonly id: string; readonly home: string | null };

type Expanded =
  | { readonly kind: 'found'; readonly part: Part }
  | { readonly kind: 'missing'; readonly why: Why }
  | { readonly kind: 'stolen' };

/**
 * `home` is the address the award was fetched from; null for one that came in a file. `isSigned`: an embedded badge class
 * is covered by the award's signature, so it stands for one that cannot be fetched; the issuer is always asked.
 */
export async function expandChain(
  assertion: JsonObject,
  home: string | null,
  version: Version,
  lookups: Lookups,
  isSigned = false,
): Promise<Chain> {
  const found = await expand(assertion['badge'], home, lookups);
  const badge = found.kind === 'missing' && isSigned ? (embedded(assertion['badge']) ?? found) : found;
  if (badge.kind === 'missing') return { kind: 'incomplete', badge: null, missing: 'badge', why: badge.why };
  if (badge.kind === 'stolen') return { kind: 'broken', badge: null, issuer: null, problems: ['badge.id'] };
  const broken = badgeClassProblems(badge.part.json, version);
  if (broken.length > 0) return { kind: 'broken', badge: badge.part, issuer: null, problems: broken };
  return issuerOf(badge.part, version, lookups);
}

export async function issuerOf(badge: Part, version: Version, lookups: Lookups): Promise<Chain> {
  const issuer = await expand(badge.json['issuer'], badge.home, lookups);
  if (issuer.kind === 'missing') return { kind: 'incomplete', badge, missing: 'issuer', why: issuer.why };
  if (issuer.kind === 'stolen') return { kind: 'broken', badge, issuer: null, problems: ['issuer.id'] };
  const problems = issuerProblems(issuer.part.json, version);
  return problems.length > 0
    ? { kind: 'broken', badge, issuer: issuer.part, problems }
    : { kind: 'complete', badge, issuer: issuer.part };
}

/**
 * What a reference stands for. An embedded object is believed only where it comes from the host its own id names;
 * otherwise that host is asked. A document that carries another host's id is `stolen` unless that host agrees.
 */
async function expand(reference: Json | undefined, home: string | null, lookups: Lookups): Promise<Expanded> {
  const inside = embedded(reference);
  const id = idOf(reference);
  if (inside !== null && (!isWebAddress(id) || (home !== null && isSameHost(id, home))))
    return { kind: 'found', part: { ...inside.part, home } };
  if (!isWebAddress(id)) return { kind: 'missing', why: 'address' };
  const answer = await lookups.json(id);
  if (answer.kind !== 'found') return missing(answer);
  const own = stringOf(answer.json['id']) ?? id;
  if (!isWebAddress(own) || isSameHost(own, id) || isSameHost(own, answer.url))
    return { kind: 'found', part: { json: answer.json, id: own, home: answer.url } };
  const home2 = await lookups.json(own);
  if (home2.kind !== 'found') return missing(home2);
  return stringOf(home2.json['id']) === own
    ? { kind: 'found', part: { json: home2.json, id: own, home: home2.url } }
    : { kind: 'stolen' };
}

function embedded(reference: Json | undefined): Extract<Expanded, { kind: 'found' }> | null {
  const json = listOf(reference).find(isObject);
  if (json === undefined || Object.keys(json).length < 2) return null;
  return { kind: 'found', part: { json, id: idOf(json) ?? '', home: null } };
}

function missing(answer: Exclude<JsonAnswer, { kind: 'found' }>): Expanded {
  return { kind: 'missing', why: answer.kind === 'gone' ? 'status' : answer.why };
}

/**
 * Whether this issuer may host an award there (Open Badges 2.0 §Verification): under `startsWith` when stated, else on
 * `allowedOrigins`, else on the issuer's own host. Parsed addresses are compared, so that `https://ok.org.evil.com`
 * and `https://ok.org@evil.com` are not under `https://ok.org`.
 */
export function isInScope(address: string, issuer: Part): boolean {
  if (!isWebAddress(address)) return false;
  const at = new URL(address);
  if (at.username !== '' || at.password !== '') return false;
  const rules = objectsOf(issuer.json['verification']);
  const starts = rules
    .flatMap((rule) => listOf(rule['startsWith']))
    .map(stringOf)
    .filter(isWebAddress);
  if (starts.length > 0)
    return starts
      .map((start) => new URL(start))
      .some((start) => start.host === at.host && isUnder(at, start));
  const origins = rules
    .flatMap((rule) => listOf(rule['allowedOrigins']))
    .map(stringOf)
    .filter((o) => o !== null);
  if (origins.length > 0) return origins.some((origin) => hostOfOrigin(origin) === at.host);
  return isSameHost(address, issuer.id === '' ? (issuer.home ?? '') : issuer.id);
}

function isUnder(at: URL, start: URL): boolean {
  return `${at.pathname}${at.search}`.startsWith(`${start.pathname}${start.search}`);
}

function hostOfOrigin(origin: string): string | null {
  const address = isWebAddress(origin) ? origin : `https://${origin}`;
  return URL.canParse(address) ? new URL(address).host : null;
}
