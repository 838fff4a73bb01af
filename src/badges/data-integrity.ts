import type { Instant } from '../domain/instant.ts';
import { unbundledContexts } from './context-loader.ts';
import { readDate } from './date-time.ts';
import { fail, unknown } from './finding.ts';
import { findIssuerKey } from './issuer-key.ts';
import { idOf, type JsonObject, listOf, objectsOf, stringOf, typesOf } from './json.ts';
import { hostOf, type Lookups } from './lookups.ts';
import {
  BAD_SIGNATURE,
  judgeGoodSignature,
  judgeKeyProblem,
  type ProofJudgement,
} from './proof-judgement.ts';
import { SUITES, type Suite } from './proof-task.ts';
import type { Workshop } from './workshop.ts';

const MAX_PROOFS = 5;

/** Open Badges 3.0 §8.3: any one good proof is enough; kinds that are not known here do not count against it. */
export async function checkDataIntegrity(
  credential: JsonObject,
  now: Instant,
  lookups: Lookups,
  workshop: Workshop,
): Promise<ProofJudgement> {
  const proofs = objectsOf(credential['proof']).slice(0, MAX_PROOFS);
  if (proofs.length === 0) return { ...BAD_SIGNATURE, findings: [fail('signature.missing')] };
  const judged: ProofJudgement[] = [];
  for (const proof of proofs) {
    const judgement = await checkProof(credential, proof, now, lookups, workshop);
    if (judgement.intact === 'yes' && judgement.issuer === 'proven') return judgement;
    judged.push(judgement);
  }
  return (
    judged.find((one) => one.intact === 'yes') ??
    judged.find((one) => one.intact === 'no' || one.issuer === 'contradicted') ??
    judged[0] ??
    BAD_SIGNATURE
  );
}

async function checkProof(
  credential: JsonObject,
  proof: JsonObject,
  now: Instant,
  lookups: Lookups,
  workshop: Workshop,
): Promise<ProofJudgement> {
  const method = idOf(proof['verificationMethod']);
  if (method === null || stringOf(proof['proofValue']) === null)
    return isKnownShape(proof)
      ? { ...BAD_SIGNATURE, findings: [fail('signature.broken')] }
      : judgeKeyProblem({ kind: 'unsupported', method: suiteName(proof) });
  const suite = suiteOf(proof);
  if (suite === null) return judgeKeyProblem({ kind: 'unsupported', method: suiteName(proof) });
  if (stringOf(proof['proofPurpose']) !== 'assertionMethod')
    return { ...BAD_SIGNATURE, findings: [fail('signature.purpose')] };
  const ends = readDate(proof['expires']);
  if (ends !== null && ends.until < now)
    return {
      intact: 'unknown',
      issuer: 'unknown',
      findings: [unknown('signature.expired', { day: ends.day })],
    };
  const missing = unbundledContexts(listOf(credential['@context']));
  const issuerId = idOf(credential['issuer']) ?? '';
  const search = await findIssuerKey(method, issuerId, lookups);
  if (search.kind !== 'found') return judgeKeyProblem(search);
  if (search.key.multibase === null) return { ...BAD_SIGNATURE, findings: [fail('signature.key-broken')] };
  if (missing.length > 0) return unknownContext(missing[0] ?? '');

  const result = await workshop({
    task: 'proof',
    input: { credential: { ...credential, proof }, suite, method, multibase: search.key.multibase },
  });
  if (result === null)
    return { intact: 'unknown', issuer: 'unknown', findings: [unknown('signature.too-heavy')] };
  if (result === 'good') return judgeGoodSignature(search.issuer, hostOf(issuerId) || issuerId);
  if (result === 'unknown-context') return unknownContext('');
  return {
    ...BAD_SIGNATURE,
    findings: [fail(result === 'unknown-words' ? 'signature.not-covered' : 'signature.bad')],
  };
}

function unknownContext(context: string): ProofJudgement {
  return {
    intact: 'unknown',
    issuer: 'unknown',
    findings: [unknown('signature.unknown-context', { context: hostOf(context) ?? '' })],
  };
}

/** The registered suites; a draft name such as `eddsa-2022` is not one. */
function suiteOf(proof: JsonObject): Suite | null {
  const name = suiteName(proof);
  return SUITES.find((suite) => suite === name) ?? null;
}

function suiteName(proof: JsonObject): string {
  const types = typesOf(proof);
  return types.includes('DataIntegrityProof')
    ? (stringOf(proof['cryptosuite']) ?? 'DataIntegrityProof')
    : (types[0] ?? '?');
}

function isKnownShape(proof: JsonObject): boolean {
  return suiteOf(proof) !== null;
}
