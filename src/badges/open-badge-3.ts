import type { FactSource, Format } from '../domain/credential.ts';
import { factsOf } from './credential-facts.ts';
import {
  credentialProblems,
  identitiesOf,
  isOpenBadge3,
  kindOf,
  validFrom,
  validUntil,
} from './credential-shape.ts';
import { checkStatus } from './credential-status.ts';
import { checkDataIntegrity } from './data-integrity.ts';
import { readDate } from './date-time.ts';
import { type Finding, fail, pass, unknown } from './finding.ts';
import { type IssuerList, issuerOfKey } from './issuer-list.ts';
import { idOf, type JsonObject, stringOf } from './json.ts';
import { judgeDates } from './judge-dates.ts';
import type { Lookups } from './lookups.ts';
import type { ProofJudgement } from './proof-judgement.ts';
import type { ReadWords } from './read-words.ts';
import { matchRecipient } from './recipient.ts';
import { checkJwt, type JwtCredential, unpackJwt } from './vc-jwt.ts';
import { type Answers, decideOutcome, type Occasion, type Verdict } from './verdict.ts';
import type { Workshop } from './workshop.ts';

export type CredentialTools = {
  readonly lookups: Lookups;
  readonly workshop: Workshop;
  readonly issuers: IssuerList;
  readonly readWords: ReadWords;
};

/** Verifies an Open Badges 3.0 credential, or another verifiable credential (`verification.md` of the standard, in its order). */
export async function readCredential3(
  credential: JsonObject,
  jwt: JwtCredential | null,
  tools: CredentialTools,
  occasion: Occasion,
): Promise<Verdict> {
  const format: Format = isOpenBadge3(credential) ? 'open-badge-3' : 'verifiable-credential';
  const kind = kindOf(credential);
  const recipient = matchRecipient(identitiesOf(credential), occasion.expected);
  const conclude = (source: FactSource, given: Partial<Answers>, findings: readonly Finding[]): Verdict => {
    const dates = judgeDates(readDate(validFrom(credential)), readDate(validUntil(credential)), occasion.now);
    const answers: Answers = {
      wellFormed: true,
      isAward: kind === 'award',
      intact: 'yes',
      issuer: 'proven',
      status: 'in-force',
      dates: dates.state,
      ...given,
    };
    return {
      format,
      outcome: decideOutcome(answers),
      facts: factsOf(credential, recipient),
      source,
      findings: [...findings, dates.finding, recipient.finding],
      identity: identityOf(credential),
    };
  };

  const broken = credentialProblems(credential);
  if (broken.length > 0)
    return conclude('file', { wellFormed: false }, [fail('format.broken', { list: broken.join(', ') })]);

  const check = (one: JsonObject, compact: string | null): Promise<ProofJudgement> => {
    const packed = compact === null ? null : unpackJwt(compact);
    return packed === null
      ? checkDataIntegrity(one, tools.lookups, tools.workshop)
      : checkJwt(packed, tools.lookups);
  };
  const proof = trusted(await check(credential, jwt?.compact ?? null), credential, tools.issuers);
  const source: FactSource = proof.intact === 'yes' ? 'signed' : 'file';
  if (kind !== 'award')
    return conclude(source, { intact: proof.intact, issuer: proof.issuer }, [
      unknown('format.not-an-award'),
      ...proof.findings,
    ]);
  // A forgery's status list would be the forger's own.
  const status =
    proof.intact === 'no' || proof.issuer === 'contradicted'
      ? null
      : await checkStatus(credential, occasion.now, tools.lookups, check);
  return conclude(
    source,
    { intact: proof.intact, issuer: proof.issuer, ...(status === null ? {} : { status: status.status }) },
    [pass('format.ok'), ...proof.findings, ...(status?.findings ?? [])],
  );
}

/** A key nobody vouches for is proven all the same when our own list says whose it is. */
function trusted(proof: ProofJudgement, credential: JsonObject, issuers: IssuerList): ProofJudgement {
  if (proof.intact !== 'yes' || proof.issuer !== 'unproven') return proof;
  const known = issuerOfKey(issuers, idOf(credential['issuer']) ?? '');
  if (known === null) return proof;
  return {
    ...proof,
    issuer: 'proven',
    findings: [
      ...proof.findings.filter((finding) => finding.id !== 'issuer'),
      pass('issuer.on-our-list', { name: known.names[0] ?? known.id }),
    ],
  };
}

function identityOf(credential: JsonObject): Verdict['identity'] {
  const issuerId = idOf(credential['issuer']);
  const credentialId = stringOf(credential['id']);
  return issuerId === null || credentialId === null ? null : { issuerId, credentialId };
}
