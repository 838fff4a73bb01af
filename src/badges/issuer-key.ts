import type { Why } from './finding.ts';
import { idOf, isObject, type JsonObject, listOf, objectsOf, parseJsonObject, stringOf } from './json.ts';
import {
  hostOf,
  isSameAddress,
  isSameHost,
  isTrustworthy,
  isWebAddress,
  type Lookups,
  withoutFragment,
} from './lookups.ts';
import { isSameKey, keyFromEntry, keyFromJwk, keyFromMultibase, type PublicKey } from './public-key.ts';

/**
 * A key that a credential names, and what that says about its issuer. `proven`: the issuer's own document, fetched from
 * the issuer's own place, lists it. `unproven`: a key that came with the credential. `disowned`: the issuer's document
 * lists others. `unreachable` and `unsupported`: could not be found out. `malformed`: no key at all.
 */
export type KeySearch =
  | { readonly kind: 'found'; readonly key: PublicKey; readonly issuer: 'proven' | 'unproven' }
  | { readonly kind: 'disowned' }
  | { readonly kind: 'malformed' }
  | { readonly kind: 'unsupported'; readonly method: string }
  | { readonly kind: 'unreachable'; readonly host: string; readonly why: Why };

type Document =
  | { readonly kind: 'found'; readonly json: JsonObject }
  | { readonly kind: 'none'; readonly host: string; readonly why: Why };

/** Resolves a verification method (a proof's `verificationMethod`, a JWT's `kid`) for a credential of `issuerId`. */
export async function findIssuerKey(method: string, issuerId: string, lookups: Lookups): Promise<KeySearch> {
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(method)?.[1]?.toLowerCase() ?? '';
  if (scheme === 'did') return findDidKey(method, issuerId, lookups);
  if (scheme === 'https' || scheme === 'http') return findWebKey(method, issuerId, lookups);
  const inside = keyFromMultibase(fragmentOf(method));
  if (scheme === 'urn' && inside !== null) return vouchedFor(inside, issuerId, lookups);
  return { kind: 'malformed' };
}

/** A key that came inside the credential (a `jwk` header, a `did:key`): proven only if the issuer's document lists it. */
export async function vouchedFor(key: PublicKey, issuerId: string, lookups: Lookups): Promise<KeySearch> {
  const self = selfAsserted(issuerId);
  if (self !== null)
    return isSameKey(self, key) ? { kind: 'found', key, issuer: 'unproven' } : { kind: 'disowned' };
  const document = await issuerDocument(issuerId, lookups);
  if (document === null || document.kind === 'none') return { kind: 'found', key, issuer: 'unproven' };
  const listed = entriesOf(document.json).map((entry) => keyFromEntry(entry.json));
  if (listed.some((own) => own !== null && isSameKey(own, key)))
    return { kind: 'found', key, issuer: 'proven' };
  return listed.some((own) => own !== null)
    ? { kind: 'disowned' }
    : { kind: 'found', key, issuer: 'unproven' };
}

/** The keys of an issuer whose credential does not say which one it used (at most five are tried). */
export async function keysOfIssuer(issuerId: string, lookups: Lookups): Promise<readonly PublicKey[]> {
  const document = await issuerDocument(issuerId, lookups);
  if (document === null || document.kind === 'none') return [];
  return entriesOf(document.json)
    .filter((entry) => entry.mayAssert)
    .map((entry) => keyFromEntry(entry.json))
    .filter((key) => key !== null)
    .slice(0, 5);
}

/** A key named by `kid` inside the issuer's own document or key set. */
export async function findNamedKey(kid: string, issuerId: string, lookups: Lookups): Promise<KeySearch> {
  if (/^[a-z][a-z0-9+.-]*:/i.test(kid)) return findIssuerKey(kid, issuerId, lookups);
  const document = await issuerDocument(issuerId, lookups);
  if (document === null) return { kind: 'malformed' };
  if (document.kind === 'none') return { kind: 'unreachable', host: document.host, why: document.why };
  return fromDocument(document.json, `${issuerId}#${kid.replace(/^#/, '')}`, 'proven');
}

async function findDidKey(method: string, issuerId: string, lookups: Lookups): Promise<KeySearch> {
  const did = method.split(/[#?]/, 1)[0] ?? method;
  const name = did.split(':')[1] ?? '';
  if (name === 'key' || name === 'jwk') {
    const key = selfAsserted(did);
    if (key === null)
      return isUnknownKeyType(did) ? { kind: 'unsupported', method: did } : { kind: 'malformed' };
    return vouchedFor(key, issuerId, lookups);
  }
  if (name !== 'web') return { kind: 'unsupported', method: `did:${name}` };
  const address = didWebAddress(did);
  if (address === null) return { kind: 'malformed' };
  const answer = await lookups.json(address);
  const host = hostOf(address) ?? '';
  if (answer.kind !== 'found')
    return { kind: 'unreachable', host, why: answer.kind === 'gone' ? 'status' : answer.why };
  if (idOf(answer.json) !== did) return { kind: 'disowned' };
  const isIssuers =
    issuerId.split(/[#?]/, 1)[0] === did || (isWebAddress(issuerId) && isSameHost(issuerId, address));
  const found = fromDocument(answer.json, method, isIssuers ? 'proven' : 'unproven');
  return found.kind === 'found' && !isIssuers ? vouchedFor(found.key, issuerId, lookups) : found;
}

async function findWebKey(method: string, issuerId: string, lookups: Lookups): Promise<KeySearch> {
  const isIssuers =
    isSameHost(method, issuerId) || (hostOf(method) ?? '') === (hostOf(didWebAddress(issuerId) ?? '') ?? '-');
  const inside = keyFromMultibase(fragmentOf(method));
  if (inside === null && looksLikeKey(fragmentOf(method))) return { kind: 'malformed' };
  const answer = await lookups.json(method);
  if (answer.kind !== 'found') {
    if (inside !== null) return { kind: 'found', key: inside, issuer: 'unproven' };
    return {
      kind: 'unreachable',
      host: hostOf(method) ?? '',
      why: answer.kind === 'gone' ? 'status' : answer.why,
    };
  }
  // A key that any host shows proves nothing about an issuer elsewhere, and nothing at all over plain http.
  const trust = isIssuers && isTrustworthy(answer.url) ? 'proven' : 'unproven';
  const found = fromDocument(answer.json, method, trust);
  if (found.kind === 'found' && inside !== null && !isSameKey(found.key, inside)) return { kind: 'disowned' };
  if (found.kind === 'found') {
    const isOwnDocument =
      trust === 'proven' && isSameAddress(withoutFragment(method), withoutFragment(issuerId));
    if (isOwnDocument) return found;
    // Another page of the issuer's host may belong to somebody else there, so the issuer's own document has the last word.
    const voucher = await vouchedFor(found.key, issuerId, lookups);
    return voucher.kind === 'disowned' || trust === 'unproven' ? voucher : found;
  }
  const listsKeys = entriesOf(answer.json).some((entry) => keyFromEntry(entry.json) !== null);
  if (inside !== null && !listsKeys) return { kind: 'found', key: inside, issuer: 'unproven' };
  return found;
}

function fromDocument(document: JsonObject, method: string, issuer: 'proven' | 'unproven'): KeySearch {
  const entries = entriesOf(document);
  const fragment = fragmentOf(method);
  const entry =
    entries.find((candidate) => isNamed(candidate.id, method)) ??
    // `did:key:…` and `did:web:…` without a fragment mean the only key there is.
    (fragment === '' && entries.length === 1 ? entries[0] : undefined);
  if (entry === undefined) return { kind: 'disowned' };
  if (!entry.mayAssert) return { kind: 'disowned' };
  const key = keyFromEntry(entry.json);
  if (key !== null) return { kind: 'found', key, issuer };
  const type = stringOf(entry.json['type']) ?? 'key';
  return isKeyless(entry.json) ? { kind: 'malformed' } : { kind: 'unsupported', method: type };
}

type Entry = { readonly id: string; readonly json: JsonObject; readonly mayAssert: boolean };

/**
 * The keys a document lists: a DID or controller document (only those under `assertionMethod` may sign badges), a JWK
 * set, or a single key.
 */
function entriesOf(document: JsonObject): readonly Entry[] {
  const own = idOf(document) ?? '';
  const full = (id: string): string => (id.startsWith('#') ? `${own}${id}` : id);
  const set = objectsOf(document['keys']).map((json) => ({
    id: stringOf(json['kid']) ?? '',
    json,
    mayAssert: true,
  }));
  const single = hasKey(document) ? [{ id: own, json: document, mayAssert: true }] : [];
  const assertion = listOf(document['assertionMethod']);
  const allowed = new Set(assertion.map((entry) => full(idOf(entry) ?? '')));
  const listed = ['verificationMethod', 'publicKey', 'assertionMethod']
    .flatMap((property) => objectsOf(document[property]))
    .filter((json) => isObject(json) && hasKey(json))
    .map((json) => ({ id: full(idOf(json) ?? ''), json, mayAssert: true }))
    // Open Badges 2.0 profiles list keys under `publicKey` and know no purposes.
    .map((entry) => ({
      ...entry,
      mayAssert: allowed.has(entry.id) || document['verificationMethod'] === undefined,
    }));
  return [...set, ...single, ...listed];
}

function hasKey(entry: JsonObject): boolean {
  return ['publicKeyMultibase', 'publicKeyJwk', 'publicKeyPem', 'publicKeyBase58', 'kty'].some(
    (property) => entry[property] !== undefined,
  );
}

function isKeyless(entry: JsonObject): boolean {
  return !hasKey(entry);
}

function isNamed(id: string, method: string): boolean {
  const fragment = fragmentOf(method);
  if (id === method) return true;
  if (fragment !== '' && id === fragment) return true;
  return (
    fragmentOf(id) === fragment && isSameAddress(id.split('#', 1)[0] ?? '', method.split('#', 1)[0] ?? '')
  );
}

async function issuerDocument(issuerId: string, lookups: Lookups): Promise<Document | null> {
  const address = isWebAddress(issuerId) ? issuerId : didWebAddress(issuerId);
  if (address === null) return null;
  const answer = await lookups.json(address);
  const host = hostOf(address) ?? '';
  if (answer.kind !== 'found')
    return { kind: 'none', host, why: answer.kind === 'gone' ? 'status' : answer.why };
  if (!isTrustworthy(answer.url)) return { kind: 'none', host, why: 'address' };
  return { kind: 'found', json: answer.json };
}

/** The key that a `did:key` or `did:jwk` is. */
function selfAsserted(did: string): PublicKey | null {
  const plain = did.split(/[#?]/, 1)[0] ?? did;
  if (plain.startsWith('did:key:')) return keyFromMultibase(plain.slice('did:key:'.length));
  if (!plain.startsWith('did:jwk:') || plain.length > 4096) return null;
  const jwk = parseJsonObject(Buffer.from(plain.slice('did:jwk:'.length), 'base64url').toString('utf8'));
  return jwk === undefined ? null : keyFromJwk(jwk);
}

/** A well-formed `did:key` of a curve that is not checked here, such as secp256k1. */
function isUnknownKeyType(did: string): boolean {
  return /^did:key:z(Q3s|6LS|UC7|5Tc)[1-9A-HJ-NP-Za-km-z]{30,}$/.test(did);
}

/** `did:web:host:path` → `https://host/path/did.json` (did:web §3.2); a port is percent-encoded. Null for any other DID. */
function didWebAddress(did: string): string | null {
  const plain = did.split(/[#?]/, 1)[0] ?? did;
  if (!plain.startsWith('did:web:')) return null;
  const [host = '', ...path] = plain.slice('did:web:'.length).split(':');
  const decoded = host.replace(/%3A/i, ':');
  if (!/^[A-Za-z0-9.-]+(:\d{1,5})?$/.test(decoded)) return null;
  const folder = path.length === 0 ? '.well-known' : path.join('/');
  const address = `https://${decoded}/${folder}/did.json`;
  return URL.canParse(address) && !folder.includes('..') ? address : null;
}

function fragmentOf(method: string): string {
  const at = method.indexOf('#');
  return at < 0 ? '' : method.slice(at + 1);
}

/** Something that was meant to be a Multikey and is damaged; names such as `key-1` are not. */
function looksLikeKey(fragment: string): boolean {
  return /^z(6Mk|Dn|82)[A-Za-z0-9]{30,}$/.test(fragment);
}
