import { createPublicKey } from 'node:crypto';
import { compactVerify, decodeProtectedHeader } from 'jose';
import { type Finding, fail, pass, unknown } from './finding.ts';
import { idOf, isObject, type JsonObject, listOf, objectsOf, stringOf } from './json.ts';
import { isSameAddress, isSameHost, isWebAddress, type Lookups } from './lookups.ts';
import { type Chain, expandChain, type Part } from './open-badge-2-chain.ts';
import { type Version, verificationOf } from './open-badge-2-shape.ts';
import { revokedBecause } from './revoked-because.ts';
import type { Answers } from './verdict.ts';

/** Asymmetric only: `none` and HS* would let anyone sign (RFC 8725 §3.1). */
const ALGORITHMS = ['RS256', 'RS384', 'RS512', 'PS256', 'ES256', 'ES384', 'EdDSA', 'Ed25519'];

export type SignedJudgement = {
  readonly chain: Chain;
  readonly answers: Partial<Answers>;
  readonly findings: readonly Finding[];
};

/**
 * Open Badges 2.0 §Signed Verification: the key must be one that the issuer's own profile lists, and the award must not
 * be on the issuer's revocation list.
 */
export async function checkSignedAssertion(
  assertion: JsonObject,
  jws: string,
  version: Version,
  lookups: Lookups,
): Promise<SignedJudgement> {
  const chain = await expandChain(assertion, null, version, lookups, true);
  if (!isAllowedAlgorithm(jws))
    return { chain, answers: { intact: 'no' }, findings: [fail('signature.algorithm')] };
  if (chain.kind === 'broken')
    return {
      chain,
      answers: { wellFormed: false },
      findings: [fail('format.broken', { list: chain.problems.join(', ') })],
    };
  const issuer = chain.kind === 'complete' ? chain.issuer : null;
  const key = await findKey(assertion, issuer, lookups);
  if (key.kind === 'not-listed')
    return { chain, answers: { issuer: 'contradicted' }, findings: [fail('issuer.key-not-listed')] };
  if (key.kind === 'missing')
    return { chain, answers: { intact: 'unknown' }, findings: [unknown('signature.no-key', {}, key.why)] };
  if (!(await fitsKey(jws, key.pem)))
    return { chain, answers: { intact: 'no' }, findings: [fail('signature.bad')] };

  const good = pass('signature.ok');
  if (chain.kind === 'incomplete')
    return {
      chain,
      answers: { issuer: 'unknown' },
      findings: [good, unknown(`issuer.${chain.missing}-unreachable`, {}, chain.why)],
    };
  const revocation = await checkRevocationList(assertion, chain.issuer, lookups);
  const answers: Partial<Answers> = { status: revocation.status };
  if (!isWebAddress(chain.issuer.id))
    return {
      chain,
      answers: { ...answers, issuer: 'unproven' },
      findings: [good, unknown('issuer.no-address'), revocation.finding],
    };
  const host = new URL(chain.issuer.id).host;
  return { chain, answers, findings: [good, pass('issuer.lists-key', { host }), revocation.finding] };
}

function isAllowedAlgorithm(jws: string): boolean {
  try {
    return ALGORITHMS.includes(decodeProtectedHeader(jws).alg ?? '');
  } catch {
    return false;
  }
}

type KeyFound =
  | { readonly kind: 'found'; readonly pem: string }
  | { readonly kind: 'missing'; readonly why: 'status' | 'unreachable' | 'not-json' }
  | { readonly kind: 'not-listed' };

async function findKey(assertion: JsonObject, issuer: Part | null, lookups: Lookups): Promise<KeyFound> {
  const verification = verificationOf(assertion);
  const named = stringOf(verification?.['creator']) ?? stringOf(verification?.['url']);
  const listed = listOf(issuer?.json['publicKey']);
  const entry = named === null ? listed[0] : listed.find((key) => isSameAddress(idOf(key) ?? '', named));
  if (issuer !== null && entry === undefined) {
    // Version 1 issuers list no keys: the key must then live on the issuer's own host.
    const isLegacy = issuer.json['publicKey'] === undefined && stringOf(verification?.['url']) !== null;
    if (!isLegacy || named === null || !isSameHost(named, issuer.id || (issuer.home ?? '')))
      return { kind: 'not-listed' };
  }
  const embedded = isObject(entry) ? stringOf(entry['publicKeyPem']) : null;
  if (embedded !== null) return { kind: 'found', pem: embedded };
  const address = named ?? idOf(entry);
  if (!isWebAddress(address)) return { kind: 'missing', why: 'not-json' };
  const answer = await lookups.text(address);
  if (answer.kind === 'none') return { kind: 'missing', why: 'unreachable' };
  if (answer.status === 410) return { kind: 'missing', why: 'status' };
  if (answer.text.trimStart().startsWith('-----BEGIN')) return { kind: 'found', pem: answer.text };
  const json = await lookups.json(address);
  const document = json.kind === 'found' ? json.json : null;
  const pem = stringOf(document?.['publicKeyPem']);
  if (document === null || pem === null) return { kind: 'missing', why: 'not-json' };
  const owner = idOf(document['owner']);
  if (issuer !== null && owner !== null && issuer.id !== '' && !isSameAddress(owner, issuer.id))
    return { kind: 'not-listed' };
  return { kind: 'found', pem };
}

async function fitsKey(jws: string, pem: string): Promise<boolean> {
  try {
    await compactVerify(jws, createPublicKey(pem), { algorithms: ALGORITHMS });
    return true;
  } catch {
    return false;
  }
}

/** §RevocationList: entries are addresses or objects with `id`, in older lists `uid`. */
async function checkRevocationList(
  assertion: JsonObject,
  issuer: Part,
  lookups: Lookups,
): Promise<{ status: Answers['status']; finding: Finding }> {
  const address = idOf(issuer.json['revocationList']);
  if (address === null) return { status: 'in-force', finding: unknown('revocation.no-list') };
  if (!isWebAddress(address))
    return { status: 'unknown', finding: unknown('revocation.unreadable', {}, 'address') };
  const answer = await lookups.json(address);
  if (answer.kind !== 'found')
    return {
      status: 'unknown',
      finding: unknown('revocation.unreadable', {}, answer.kind === 'gone' ? 'status' : answer.why),
    };
  const ids = [stringOf(assertion['id']), stringOf(assertion['uid'])].filter((id) => id !== null);
  const entries = listOf(answer.json['revokedAssertions']);
  const names = (entry: unknown): boolean => typeof entry === 'string' && ids.includes(entry);
  const hit = objectsOf(entries).find((entry) => names(entry['id']) || names(entry['uid']));
  if (hit !== undefined) return { status: 'revoked', finding: revokedBecause(hit) };
  if (entries.some(names)) return { status: 'revoked', finding: revokedBecause(null) };
  // Version 1 lists are plain objects of uid → reason.
  const reason = ids.map((id) => answer.json[id]).find((value) => typeof value === 'string');
  if (reason !== undefined && answer.json['revokedAssertions'] === undefined)
    return { status: 'revoked', finding: revokedBecause({ revocationReason: reason }) };
  return { status: 'in-force', finding: pass('revocation.not-on-list') };
}
