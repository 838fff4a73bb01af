import { compactVerify, decodeProtectedHeader, importJWK, type ProtectedHeaderParameters } from 'jose';
import { subjectsOf, validUntil } from './credential-shape.ts';
import { readDate } from './date-time.ts';
import { type Finding, fail, pass, unknown } from './finding.ts';
import { findNamedKey, type KeySearch, keysOfIssuer, vouchedFor } from './issuer-key.ts';
import { idOf, isObject, type JsonObject, parseJsonObject, stringOf } from './json.ts';
import { hostOf, type Lookups } from './lookups.ts';
import {
  BAD_SIGNATURE,
  judgeGoodSignature,
  judgeKeyProblem,
  type ProofJudgement,
} from './proof-judgement.ts';
import { keyFromJwk, type PublicKey } from './public-key.ts';

/** Which algorithms go with which kind of key; anything else is refused (RFC 8725 §3.1, Open Badges 3.0 §8.2). */
const ALGORITHMS: Readonly<Record<string, readonly string[]>> = {
  RSA: ['RS256', 'RS384', 'RS512', 'PS256'],
  'P-256': ['ES256'],
  'P-384': ['ES384'],
  Ed25519: ['EdDSA', 'Ed25519'],
};
const KNOWN = new Set(Object.values(ALGORITHMS).flat());
/** Real algorithms that are not checked here, as opposed to none or a shared secret. */
const UNSUPPORTED = new Set([
  'ES256K',
  'ES512',
  'PS384',
  'PS512',
  'Ed448',
  'ML-DSA-44',
  'ML-DSA-65',
  'ML-DSA-87',
]);
const CLOCK_TOLERANCE_MS = 1000;

export type JwtCredential = {
  readonly credential: JsonObject;
  readonly payload: JsonObject;
  readonly compact: string;
};

/**
 * Unpacks a compact JWS that carries JSON: a credential (VC 1.1: inside `vc`; VC 2.0: the payload itself) or anything else.
 * `nbf` and `exp` stand for dates that were left out.
 */
export function unpackJwt(compact: string): JwtCredential | null {
  const parts = compact.split('.');
  if (parts.length !== 3) return null;
  const payload = parseJsonObject(Buffer.from(parts[1] ?? '', 'base64url').toString('utf8'));
  if (payload === undefined) return null;
  const inner = payload['vc'];
  if (!isObject(inner)) {
    const dates: JsonObject = {
      ...isoClaim('validFrom', payload['issuanceDate'] === undefined ? payload['nbf'] : undefined),
      ...isoClaim('validUntil', payload['expirationDate'] === undefined ? payload['exp'] : undefined),
    };
    return { credential: { ...dates, ...payload }, payload, compact };
  }
  // VC 1.1 §6.3.1: a claim stands for the property that was left out.
  const filled: JsonObject = {
    ...(stringOf(payload['iss']) === null ? {} : { issuer: stringOf(payload['iss']) }),
    ...(stringOf(payload['jti']) === null ? {} : { id: stringOf(payload['jti']) }),
    ...isoClaim('issuanceDate', inner['validFrom'] === undefined ? payload['nbf'] : undefined),
    ...isoClaim('expirationDate', inner['validUntil'] === undefined ? payload['exp'] : undefined),
  };
  return { credential: { ...filled, ...inner }, payload, compact };
}

function isoClaim(property: string, seconds: unknown): JsonObject {
  if (typeof seconds !== 'number' || !Number.isFinite(seconds) || Math.abs(seconds) > 8.64e12) return {};
  return { [property]: new Date(seconds * 1000).toISOString() };
}

/** Open Badges 3.0 §8.2: the signature with a pinned algorithm, then the claims that repeat the credential. */
export async function checkJwt(jwt: JwtCredential, lookups: Lookups): Promise<ProofJudgement> {
  const header = readHeader(jwt.compact);
  if (header === null) return { ...BAD_SIGNATURE, findings: [fail('signature.broken')] };
  const algorithm = header.alg ?? '';
  if (!KNOWN.has(algorithm))
    return UNSUPPORTED.has(algorithm)
      ? judgeKeyProblem({ kind: 'unsupported', method: algorithm })
      : { ...BAD_SIGNATURE, findings: [fail('signature.algorithm')] };

  const issuerId = idOf(jwt.credential['issuer']) ?? '';
  const claims = contradictions(jwt);
  if (claims.contradicted.length > 0)
    return {
      ...BAD_SIGNATURE,
      findings: [fail('claims.contradict', { list: claims.contradicted.join(', ') })],
    };
  const judged = await checkSignature(jwt.compact, header, algorithm, issuerId, lookups);
  return { ...judged, findings: [...judged.findings, ...claims.findings] };
}

async function checkSignature(
  compact: string,
  header: ProtectedHeaderParameters,
  algorithm: string,
  issuerId: string,
  lookups: Lookups,
): Promise<ProofJudgement> {
  const search = await findKey(header, issuerId, lookups);
  if (search === null) {
    const keys = await keysOfIssuer(issuerId, lookups);
    if (keys.length === 0)
      return judgeKeyProblem({ kind: 'unreachable', host: hostOf(issuerId) ?? '', why: 'not-json' });
    for (const key of keys)
      if (await fits(compact, algorithm, key))
        return judgeGoodSignature('proven', hostOf(issuerId) ?? issuerId);
    return BAD_SIGNATURE;
  }
  if (search.kind !== 'found') return judgeKeyProblem(search);
  if (!(await fits(compact, algorithm, search.key))) return BAD_SIGNATURE;
  return judgeGoodSignature(search.issuer, hostOf(issuerId) || issuerId);
}

/** `kid` leads to the issuer's own document; `jwk` came with the badge. Null when the header names neither. `jku` and `x5u` are never followed. */
async function findKey(
  header: ProtectedHeaderParameters,
  issuerId: string,
  lookups: Lookups,
): Promise<KeySearch | null> {
  const embedded = isObject(header.jwk as JsonObject | undefined) ? (header.jwk as JsonObject) : null;
  const key = embedded === null ? null : keyFromJwk(embedded);
  if (embedded !== null && key === null) return { kind: 'malformed' };
  if (typeof header.kid === 'string' && header.kid !== '') {
    const named = await findNamedKey(header.kid, issuerId, lookups);
    const leadsNowhere =
      named.kind === 'unreachable' || named.kind === 'malformed' || named.kind === 'unsupported';
    if (key === null || !leadsNowhere) return named;
  }
  return key === null ? null : vouchedFor(key, issuerId, lookups);
}

async function fits(compact: string, algorithm: string, key: PublicKey): Promise<boolean> {
  const allowed = ALGORITHMS[key.jwk.kty === 'RSA' ? 'RSA' : (key.jwk.crv ?? '')] ?? [];
  if (!allowed.includes(algorithm)) return false;
  try {
    await compactVerify(compact, await importJWK(key.jwk, algorithm), { algorithms: [algorithm] });
    return true;
  } catch {
    return false;
  }
}

function readHeader(compact: string): ProtectedHeaderParameters | null {
  try {
    const header = decodeProtectedHeader(compact);
    const raw = Buffer.from(compact.split('.', 1)[0] ?? '', 'base64url').toString('utf8');
    return header.crit !== undefined || hasDuplicateKeys(raw) ? null : header;
  } catch {
    return null;
  }
}

/** Two `alg`s or two `kid`s would let two readers see two headers (RFC 7515 §4). A `jwk` has an `alg` and a `kid` of its own. */
function hasDuplicateKeys(raw: string): boolean {
  const outer = raw.replace(/"jwk"\s*:\s*\{[^{}]*\}/, '"jwk":0');
  return ['alg', 'kid', 'jwk', 'crit'].some((name) => outer.split(new RegExp(`"${name}"\\s*:`)).length > 2);
}

/** The claims that repeat a property must agree with it; one that is absent is only noted. */
function contradictions(jwt: JwtCredential): {
  contradicted: readonly string[];
  findings: readonly Finding[];
} {
  const { credential, payload } = jwt;
  const subject = subjectsOf(credential)[0];
  const texts: readonly [string, string | null][] = [
    ['iss', idOf(credential['issuer'])],
    ['sub', stringOf(subject?.['id'])],
    ['jti', stringOf(credential['id'])],
  ];
  const contradicted = texts
    .filter(([claim, own]) => payload[claim] !== undefined && own !== null && payload[claim] !== own)
    .map(([claim]) => claim);
  const starts = [credential['validFrom'], credential['issuanceDate']].filter((date) => date !== undefined);
  if (!agrees(payload['nbf'], starts)) contradicted.push('nbf');
  const ends = [validUntil(credential)].filter((date) => date !== undefined);
  if (!agrees(payload['exp'], ends)) contradicted.push('exp');
  const absent = texts
    .filter(([claim, own]) => payload[claim] === undefined && own !== null)
    .map(([claim]) => claim);
  const findings = [
    absent.length === 0 ? pass('claims.agree') : unknown('claims.absent', { list: absent.join(', ') }),
  ];
  return { contradicted, findings };
}

function agrees(claim: unknown, stated: readonly unknown[]): boolean {
  if (claim === undefined || stated.length === 0) return true;
  if (typeof claim !== 'number') return false;
  return stated.some((value) => {
    const date = readDate(typeof value === 'string' ? value : null);
    return date !== null && Math.abs(date.from - claim * 1000) <= CLOCK_TOLERANCE_MS;
  });
}
