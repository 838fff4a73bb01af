import { credentialProblems } from './credential-shape.ts';
import { type Finding, pass, unknown, type Why } from './finding.ts';
import { idOf, type JsonObject, objectsOf, parseJsonObject, typesOf } from './json.ts';
import { hostOf, isWebAddress, type Lookups } from './lookups.ts';
import type { ProofJudgement } from './proof-judgement.ts';
import { type JwtCredential, unpackJwt } from './vc-jwt.ts';

export type Refreshed = {
  /** The newer copy with its proof; null when the one at hand stays the one that counts. */
  readonly copy: {
    readonly credential: JsonObject;
    readonly jwt: JwtCredential | null;
    readonly proof: ProofJudgement;
  } | null;
  readonly findings: readonly Finding[];
};

/**
 * Asks the issuer once for a newer copy (Open Badges 3.0 §9.1 step 3, 1EdTech Credential Refresh 1.0). Only to be called
 * when the proof at hand holds, so that nobody else is asked. A copy counts when it is the same badge of the same issuer
 * and its own proof is no weaker; anything else leaves the badge as it is.
 */
export async function refreshCredential(
  credential: JsonObject,
  proof: ProofJudgement,
  lookups: Lookups,
  check: (credential: JsonObject, jwt: JwtCredential | null) => Promise<ProofJudgement>,
): Promise<Refreshed> {
  const service = objectsOf(credential['refreshService']).find((entry) =>
    typesOf(entry).includes('1EdTechCredentialRefresh'),
  );
  const address = idOf(service);
  if (!isWebAddress(address)) return { copy: null, findings: [] };
  const host = hostOf(address) ?? '';
  const kept = (why: Why): Refreshed => ({
    copy: null,
    findings: [unknown('copy.not-refreshed', { host }, why)],
  });

  const answer = await lookups.text(address);
  if (answer.kind === 'none' || answer.status === 410)
    return kept(answer.kind === 'none' ? answer.why : 'status');
  const text = answer.text.trim();
  const jwt = text.startsWith('{') ? null : unpackJwt(text);
  const fresh = jwt?.credential ?? parseJsonObject(text);
  if (fresh === undefined || !isSameBadge(fresh, credential) || credentialProblems(fresh).length > 0)
    return kept('not-json');
  const judged = await check(fresh, jwt);
  const isWeaker = judged.intact !== 'yes' || (proof.issuer === 'proven' && judged.issuer !== 'proven');
  if (isWeaker) return kept('not-json');
  return { copy: { credential: fresh, jwt, proof: judged }, findings: [pass('copy.refreshed', { host })] };
}

function isSameBadge(fresh: JsonObject, old: JsonObject): boolean {
  return idOf(fresh) !== null && idOf(fresh) === idOf(old) && idOf(fresh['issuer']) === idOf(old['issuer']);
}
