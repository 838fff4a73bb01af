import { gunzipSync } from 'node:zlib';
import { validFrom, validUntil } from './credential-shape.ts';
import { readDate } from './date-time.ts';
import { type Finding, fail, pass, unknown, type Why } from './finding.ts';
import {
  firstObject,
  idOf,
  type Json,
  type JsonObject,
  listOf,
  objectsOf,
  parseJsonObject,
  stringOf,
  textOf,
  typesOf,
} from './json.ts';
import { isWebAddress, type Lookups } from './lookups.ts';
import type { ProofJudgement } from './proof-judgement.ts';
import { revokedBecause } from './revoked-because.ts';
import { unpackJwt } from './vc-jwt.ts';
import type { Answers } from './verdict.ts';

const MAX_LIST_BYTES = 2 * 1024 * 1024;
/** Bitstring Status List §3.4: a shorter list would tell which badge was looked up. */
const MIN_LIST_BITS = 131_072;
const MAX_ENTRIES = 5;

export type StatusJudgement = { readonly status: Answers['status']; readonly findings: readonly Finding[] };

/** Checks the proof of a status list, which is a credential of its own. */
type CheckListProof = (credential: JsonObject, compact: string | null) => Promise<ProofJudgement>;

/** Open Badges 3.0 §credentialStatus: every entry is asked; one that says revoked is enough. */
export async function checkStatus(
  credential: JsonObject,
  now: number,
  lookups: Lookups,
  checkProof: CheckListProof,
): Promise<StatusJudgement> {
  const entries = objectsOf(credential['credentialStatus']).slice(0, MAX_ENTRIES);
  if (entries.length === 0) return { status: 'in-force', findings: [unknown('revocation.no-list')] };
  const judged = await Promise.all(
    entries.map((entry) => checkEntry(entry, credential, now, lookups, checkProof)),
  );
  const status = (['revoked', 'unknown', 'in-force'] as const).find((state) =>
    judged.some((j) => j.status === state),
  );
  return { status: status ?? 'in-force', findings: judged.flatMap((j) => j.findings) };
}

function checkEntry(
  entry: JsonObject,
  credential: JsonObject,
  now: number,
  lookups: Lookups,
  checkProof: CheckListProof,
): Promise<StatusJudgement> {
  const types = typesOf(entry);
  if (types.includes('1EdTechRevocationList')) return checkRevocationList(entry, credential, lookups);
  if (types.includes('BitstringStatusListEntry') || types.includes('StatusList2021Entry'))
    return checkBitstring(entry, credential, now, lookups, checkProof);
  return Promise.resolve(unreadable(unknown('revocation.unsupported', { method: types[0] ?? '' })));
}

/** https://purl.imsglobal.org/spec/vcrl/v1p0: the badge's id is on the list. */
async function checkRevocationList(
  entry: JsonObject,
  credential: JsonObject,
  lookups: Lookups,
): Promise<StatusJudgement> {
  const address = idOf(entry);
  if (!isWebAddress(address)) return unreadable(cannotRead('address'));
  const answer = await lookups.json(address);
  if (answer.kind !== 'found') return unreadable(cannotRead(answer.kind === 'gone' ? 'status' : answer.why));
  const owner = idOf(answer.json['issuer']);
  if (owner !== null && owner !== idOf(credential['issuer']))
    return unreadable(unknown('revocation.other-issuer'));
  if (answer.json['revokedCredential'] === undefined && answer.json['revokedCredentials'] === undefined)
    return unreadable(cannotRead('not-json'));
  const id = stringOf(credential['id']);
  const listed = listOf(answer.json['revokedCredential'] ?? answer.json['revokedCredentials']);
  const hit = listed.find(
    (item) => id !== null && idOf(item) === id && firstObject(item)?.['revoked'] !== false,
  );
  if (hit === undefined) return { status: 'in-force', findings: [pass('revocation.not-on-list')] };
  return { status: 'revoked', findings: [revokedBecause(firstObject(hit))] };
}

/** Bitstring Status List §3.2; StatusList2021 differs in names only. */
async function checkBitstring(
  entry: JsonObject,
  credential: JsonObject,
  now: number,
  lookups: Lookups,
  checkProof: CheckListProof,
): Promise<StatusJudgement> {
  const address = stringOf(entry['statusListCredential']);
  const index = placeOf(entry['statusListIndex']);
  if (!isWebAddress(address) || index === null) return unreadable(cannotRead('address'));
  const answer = await lookups.text(address);
  if (answer.kind === 'none' || answer.status === 410)
    return unreadable(cannotRead(answer.kind === 'none' ? answer.why : 'status'));
  const text = answer.text.trim();
  const jwt = text.startsWith('{') ? null : unpackJwt(text);
  const list = jwt?.credential ?? parseJsonObject(text);
  if (list === undefined) return unreadable(cannotRead('not-json'));

  const problem = listProblem(list, entry, now);
  if (problem !== null) return unreadable(problem);
  const proof = await checkProof(list, jwt?.compact ?? null);
  if (proof.intact === 'no' || proof.issuer === 'contradicted')
    return unreadable(unknown('revocation.list-altered'));
  if (proof.intact === 'unknown') return unreadable(unknown('revocation.list-unproven'));
  const notes: Finding[] = [];
  if (idOf(list['issuer']) !== idOf(credential['issuer'])) notes.push(unknown('revocation.list-by-other'));

  const size = Number(entry['statusSize'] ?? 1);
  const bits = unpackList(stringOf(firstObject(list['credentialSubject'])?.['encodedList']) ?? '');
  if (bits === null || !(size >= 1 && size <= 8) || (index + 1) * size > bits.length * 8)
    return unreadable(cannotRead('not-json'));
  if (bits.length * 8 < MIN_LIST_BITS) notes.push(unknown('revocation.list-short'));
  const value = readBits(bits, index * size, size);
  return { ...judgeValue(value, entry), findings: [...judgeValue(value, entry).findings, ...notes] };
}

/** A whole number, as a number or as the text that §2.1 asks for. */
function placeOf(value: Json | undefined): number | null {
  const index = typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value;
  return typeof index === 'number' && Number.isSafeInteger(index) && index >= 0 ? index : null;
}

function judgeValue(value: number, entry: JsonObject): StatusJudgement {
  const purpose = stringOf(entry['statusPurpose']) ?? 'revocation';
  if (value === 0) return { status: 'in-force', findings: [pass('revocation.not-on-list')] };
  if (purpose === 'suspension') return { status: 'revoked', findings: [fail('revocation.suspended')] };
  if (purpose === 'revocation') return { status: 'revoked', findings: [revokedBecause(null)] };
  const message = objectsOf(entry['statusMessage']).find((item) => Number(item['status']) === value);
  const words = textOf(message?.['message'], 200) ?? String(value);
  return { status: 'in-force', findings: [unknown('revocation.message', { reason: words })] };
}

/** What keeps a list from being believed; null when nothing does. */
function listProblem(list: JsonObject, entry: JsonObject, now: number): Finding | null {
  const types = typesOf(list);
  if (!types.some((type) => type === 'BitstringStatusListCredential' || type === 'StatusList2021Credential'))
    return cannotRead('not-json');
  const from = readDate(validFrom(list));
  const until = readDate(validUntil(list));
  if ((until !== null && until.until < now) || (from !== null && from.from > now))
    return unknown('revocation.list-outdated');
  const purposes = listOf(firstObject(list['credentialSubject'])?.['statusPurpose']);
  const purpose = entry['statusPurpose'] ?? 'revocation';
  return purposes.length > 0 && !purposes.includes(purpose) ? unknown('revocation.other-purpose') : null;
}

function unpackList(encoded: string): Buffer | null {
  try {
    return gunzipSync(Buffer.from(encoded.replace(/^u(?=H4s)/, ''), 'base64url'), {
      maxOutputLength: MAX_LIST_BYTES,
    });
  } catch {
    return null;
  }
}

/** Most significant bit first (§4.2). */
function readBits(bytes: Buffer, start: number, size: number): number {
  let value = 0;
  for (let at = start; at < start + size; at += 1)
    value = (value << 1) | (((bytes[at >> 3] ?? 0) >> (7 - (at & 7))) & 1);
  return value;
}

function cannotRead(why: Why): Finding {
  return unknown('revocation.unreadable', {}, why);
}

function unreadable(finding: Finding): StatusJudgement {
  return { status: 'unknown', findings: [finding] };
}
