import type { Format } from '../domain/credential.ts';
import { type Finding, fail, pass, unknown } from './finding.ts';
import { idOf, type JsonObject } from './json.ts';
import {
  isSameAddress,
  isSameHost,
  isTrustworthy,
  isWebAddress,
  type JsonAnswer,
  type Lookups,
} from './lookups.ts';
import { type Chain, expandChain, isInScope } from './open-badge-2-chain.ts';
import { createDraft, type Draft } from './open-badge-2-draft.ts';
import {
  addressOf,
  assertionProblems,
  type Version,
  verificationKind,
  versionOf,
} from './open-badge-2-shape.ts';
import { checkSignedAssertion } from './open-badge-2-signed.ts';
import { revokedBecause } from './revoked-because.ts';
import type { Answers, Occasion, Verdict } from './verdict.ts';

/**
 * Verifies an Open Badges 2.0 (or 1.x) award. `jws` is the compact signature it was unpacked from, null for plain JSON.
 * A hosted file proves nothing: only its address is taken from it, and what the issuer's site shows there is judged.
 */
export async function readOpenBadge2(
  upload: JsonObject,
  jws: string | null,
  lookups: Lookups,
  occasion: Occasion,
): Promise<Verdict> {
  const version = versionOf(upload);
  const isSigned = jws !== null || verificationKind(upload) === 'signed';
  const format: Format = isSigned ? 'open-badge-2-signed' : 'open-badge-2-hosted';
  const draft = createDraft(format, occasion);

  // One that says it was withdrawn needs no more than its id (Open Badges 2.0 §Assertion, `revoked`).
  const isWithdrawn = upload['revoked'] === true && jws === null;
  const broken = version === '0.5' || isWithdrawn ? [] : assertionProblems(upload, version);
  if (broken.length > 0)
    return draft.conclude(upload, null, 'file', { wellFormed: false }, [
      fail('format.broken', { list: broken.join(', ') }),
    ]);
  if (version === '0.5')
    return draft.conclude(upload, null, 'file', { intact: 'unknown' }, [
      unknown('format.version', { version }),
    ]);
  if (jws !== null && isSigned) {
    const signed = await checkSignedAssertion(upload, jws, version, lookups);
    return draft.conclude(upload, signed.chain, 'signed', signed.answers, [
      pass('format.ok'),
      ...signed.findings,
    ]);
  }
  if (isSigned) return draft.conclude(upload, null, 'file', { intact: 'no' }, [fail('signature.missing')]);
  return readHosted(upload, version, lookups, draft);
}

async function readHosted(
  upload: JsonObject,
  version: Version,
  lookups: Lookups,
  draft: Draft,
): Promise<Verdict> {
  const address = addressOf(upload);
  if (!isWebAddress(address))
    return draft.conclude(upload, null, 'file', { wellFormed: false }, [
      fail('format.broken', { list: 'id' }),
    ]);
  const answer = await confirmed(address, lookups);
  if (answer.kind === 'gone') return withdrawn(upload, answer.json, address, version, lookups, draft);
  if (answer.kind === 'none')
    return draft.conclude(
      upload,
      null,
      'file',
      { intact: 'unknown', ...(upload['revoked'] === true ? { status: 'revoked' } : {}) },
      [
        ...(upload['revoked'] === true ? [revokedBecause(upload)] : []),
        unknown('hosting.unreachable', { host: new URL(address).host }, answer.why),
      ],
    );
  if (answer.kind === 'other')
    return draft.conclude(upload, null, 'file', { intact: 'no' }, [fail('hosting.other-badge')]);

  const hosted = answer.json;
  if (hosted['revoked'] === true) return withdrawn(upload, hosted, address, version, lookups, draft);
  const broken = assertionProblems(hosted, version);
  if (broken.length > 0)
    return draft.conclude(hosted, null, 'hosted', { wellFormed: false }, [
      fail('format.broken', { list: broken.join(', ') }),
    ]);

  const findings = [pass('format.ok'), pass('hosting.ok', { host: new URL(answer.url).host })];
  if (!isTrustworthy(answer.url)) findings.push(unknown('address.not-https'));
  if (answer.moved) findings.push(unknown('hosting.moved'));
  const differs = differences(upload, hosted);
  if (differs.length > 0) findings.push(unknown('copy.differs', { list: differs.join(', ') }));

  const chain = await expandChain(hosted, answer.url, version, lookups);
  const judged = judgeChain(chain, addressOf(hosted) ?? answer.url);
  // The file may name another badge than the issuer's copy does; a file that is false by itself stays false.
  if (differs.includes('badge') && judged.answers.issuer === 'proven') {
    const own = judgeChain(await expandChain(upload, null, version, lookups), address);
    if (own.answers.wellFormed === false || own.answers.issuer === 'contradicted')
      return draft.conclude(hosted, chain, 'hosted', own.answers, [...findings, ...own.findings]);
  }
  return draft.conclude(hosted, chain, 'hosted', judged.answers, [...findings, ...judged.findings]);
}

/** An address that the issuer answers with 410, or with little more than "withdrawn". */
export async function readWithdrawn(
  answer: JsonObject,
  address: string,
  lookups: Lookups,
  occasion: Occasion,
): Promise<Verdict> {
  const draft = createDraft('open-badge-2-hosted', occasion);
  return withdrawn({ id: address }, answer, address, versionOf(answer), lookups, draft);
}

/** What a withdrawn award was for is still worth knowing; the issuer's answer about it may hold nothing but its id. */
async function withdrawn(
  upload: JsonObject,
  answer: JsonObject | null,
  address: string,
  version: Version,
  lookups: Lookups,
  draft: Draft,
): Promise<Verdict> {
  const award = { ...upload, ...answer };
  const home = answer?.['badge'] === undefined ? null : address;
  const chain = await expandChain(award, home, version, lookups);
  return draft.conclude(award, chain, home === null ? 'file' : 'hosted', { status: 'revoked' }, [
    revokedBecause(answer),
  ]);
}

type Confirmed =
  | { readonly kind: 'found'; readonly json: JsonObject; readonly url: string; readonly moved: boolean }
  | { readonly kind: 'other' }
  | Exclude<JsonAnswer, { kind: 'found' }>;

/** What the issuer's site shows there, where its own id leads back to itself (Open Badges 2.0 §Hosted Verification). */
async function confirmed(address: string, lookups: Lookups): Promise<Confirmed> {
  const answer = await lookups.json(address);
  if (answer.kind !== 'found') return answer;
  const own = addressOf(answer.json);
  if (answer.json['revoked'] === true) return { ...answer, moved: false };
  if (own === null) return { kind: 'other' };
  if (isSameAward(own, address)) return { ...answer, moved: false };
  if (!isWebAddress(own)) return { kind: 'other' };
  const home = await lookups.json(own);
  if (home.kind !== 'found') return home;
  return isSameAward(addressOf(home.json) ?? '', own) ? { ...home, moved: true } : { kind: 'other' };
}

/** The same address but for the parameters that only choose how an award is shown. */
function isSameAward(a: string, b: string): boolean {
  return isSameAddress(withoutView(a), withoutView(b));
}

function withoutView(address: string): string {
  if (!isWebAddress(address)) return address;
  const url = new URL(address);
  for (const name of [...url.searchParams.keys()])
    if (['v', 'expand', 'format'].includes(name) || name.startsWith('identity__'))
      url.searchParams.delete(name);
  return url.href;
}

/** What the file says otherwise than the issuer's copy. */
function differences(upload: JsonObject, hosted: JsonObject): readonly string[] {
  const plain = (thing: JsonObject, field: string): string =>
    field === 'badge' ? (idOf(thing['badge']) ?? '') : JSON.stringify(thing[field] ?? null);
  return ['recipient', 'badge', 'issuedOn', 'expires'].filter(
    (field) => plain(upload, field) !== plain(hosted, field),
  );
}

type Judged = { readonly answers: Partial<Answers>; readonly findings: readonly Finding[] };

function judgeChain(chain: Chain, address: string): Judged {
  if (chain.kind === 'broken')
    return {
      answers: { wellFormed: false },
      findings: [fail('format.broken', { list: chain.problems.join(', ') })],
    };
  if (chain.kind === 'incomplete')
    return {
      answers: { issuer: 'unknown' },
      findings: [unknown(`issuer.${chain.missing}-unreachable`, {}, chain.why)],
    };
  const { issuer, badge } = chain;
  const host = new URL(address).host;
  if (!isInScope(address, issuer))
    return { answers: { issuer: 'contradicted' }, findings: [fail('issuer.out-of-scope', { host })] };
  const elsewhere = badge.home !== null && !isSameHost(badge.home, address);
  return {
    answers: { issuer: 'proven' },
    findings: [pass('issuer.hosts', { host }), ...(elsewhere ? [unknown('issuer.badge-elsewhere')] : [])],
  };
}
