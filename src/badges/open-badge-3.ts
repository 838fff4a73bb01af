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
import { idOf, type JsonObject, stringOf, textOf } from './json.ts';
import { judgeDates } from './judge-dates.ts';
import { isWebAddress, type Lookups } from './lookups.ts';
import type { ProofJudgement } from './proof-judgement.ts';
import type { ReadWords } from './read-words.ts';
import { matchRecipient } from './recipient.ts';
import { refreshCredential } from './refresh-credential.ts';
import { checkJwt, type JwtCredential, unpackJwt } from './vc-jwt.ts';
import { type Answers, decideOutcome, type Occasion, type Verdict } from './verdict.ts';
import type { Workshop } from './workshop.ts';

export type CredentialTools = {
  readonly lookups: Lookups;
  readonly workshop: Workshop;
  readonly issuers: IssuerList;
  readonly readWords: ReadWords;
};

/** The record (CLR 2.0) that a credential was taken out of. */
export type Cover = { readonly credential: JsonObject; readonly jwt: JwtCredential | null };

/** Verifies an Open Badges 3.0 credential, or another verifiable credential (`verification.md` of the standard, in its order). */
export async function readCredential3(
  credential: JsonObject,
  jwt: JwtCredential | null,
  tools: CredentialTools,
  occasion: Occasion,
  cover: Cover | null = null,
): Promise<Verdict> {
  let content: Content | undefined;
  const own = () => {
    content ??= contentOf(credential, occasion);
    return content;
  };
  const format: Format = isOpenBadge3(credential) ? 'open-badge-3' : 'verifiable-credential';
  const kind = kindOf(credential);
  const conclude = (
    judged: JsonObject,
    source: FactSource,
    given: Partial<Answers>,
    findings: readonly Finding[],
  ): Verdict => {
    const { facts, recipient, dates } = judged === credential ? own() : contentOf(judged, occasion);
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
      facts,
      source,
      findings: [...findings, dates.finding, recipient.finding],
      identity: identityOf(judged),
    };
  };

  const broken = credentialProblems(credential);
  if (broken.length > 0)
    return conclude(credential, 'file', { wellFormed: false }, [
      fail('format.broken', { list: broken.join(', ') }),
    ]);

  const check = (one: JsonObject, packed: JwtCredential | null): Promise<ProofJudgement> =>
    packed === null
      ? checkDataIntegrity(one, occasion.now, tools.lookups, tools.workshop)
      : checkJwt(packed, tools.lookups);
  const signed = isCoveredBy(cover, credential, jwt) ? cover : { credential, jwt };
  const checking = check(signed.credential, signed.jwt);
  // Read while another thread does the sums.
  own();
  const proof = trusted(await checking, credential, tools.issuers);
  const source: FactSource = proof.intact === 'yes' ? 'signed' : 'file';
  const answers = { intact: proof.intact, issuer: proof.issuer };
  if (kind !== 'award')
    return conclude(credential, source, answers, [unknown('format.not-an-award'), ...proof.findings]);
  // A forgery's status list would be the forger's own, and so would be its newer copy.
  if (proof.intact === 'no' || proof.issuer === 'contradicted')
    return conclude(credential, source, answers, [pass('format.ok'), ...proof.findings]);

  const refresh =
    proof.intact === 'yes'
      ? await refreshCredential(credential, proof, tools.lookups, async (one, packed) =>
          trusted(await check(one, packed), one, tools.issuers),
        )
      : { copy: null, findings: [] };
  const latest = refresh.copy ?? { credential, proof };
  const status = await checkStatus(latest.credential, occasion.now, tools.lookups, (list, compact) =>
    check(list, compact === null ? null : unpackJwt(compact)),
  );
  return conclude(
    await withIssuerName(latest.credential, latest.proof, tools.lookups),
    source,
    { intact: latest.proof.intact, issuer: latest.proof.issuer, status: status.status },
    [pass('format.ok'), ...refresh.findings, ...latest.proof.findings, ...status.findings],
  );
}

type Content = ReturnType<typeof contentOf>;

/** What a credential says of itself, and how that fits the occasion. */
function contentOf(credential: JsonObject, { expected, now }: Occasion) {
  const recipient = matchRecipient(identitiesOf(credential), expected);
  const dates = judgeDates(readDate(validFrom(credential)), readDate(validUntil(credential)), now);
  return { recipient, dates, facts: factsOf(credential, recipient.recipient) };
}

/** A badge may name its issuer by its address only; the document that proved the key, asked already, says more. */
async function withIssuerName(
  credential: JsonObject,
  proof: ProofJudgement,
  lookups: Lookups,
): Promise<JsonObject> {
  const id = stringOf(credential['issuer']);
  if (proof.issuer !== 'proven' || !isWebAddress(id)) return credential;
  const answer = await lookups.json(id);
  const name = answer.kind === 'found' ? textOf(answer.json['name'], 300) : null;
  return name === null ? credential : { ...credential, issuer: { id, name } };
}

/** A record's own signature covers what it holds, as long as it is the same issuer's and has none itself. */
function isCoveredBy(cover: Cover | null, credential: JsonObject, jwt: JwtCredential | null): cover is Cover {
  return (
    cover !== null &&
    jwt === null &&
    credential['proof'] === undefined &&
    idOf(cover.credential['issuer']) === idOf(credential['issuer'])
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
