import { withoutPersonalParts } from '../domain/share-link.ts';
import { pass, unknown, type Why } from './finding.ts';
import { parseJsonObject } from './json.ts';
import { isWebAddress } from './lookups.ts';
import { readWithdrawn } from './open-badge-2.ts';
import { awardAddresses } from './platforms.ts';
import { readFile } from './read-file.ts';
import { readPageAt } from './read-page.ts';
import { readCompactText, readJsonText } from './read-text.ts';
import { isBadge, nothing, type Reading } from './reading.ts';
import { decodeText, sniff } from './sniff.ts';
import type { Verdict } from './verdict.ts';

/** What the student put in the address box: an address, or the badge itself pasted as text. */
export async function readAddress(input: string, reading: Reading): Promise<Verdict> {
  const text = input.trim();
  const kind = sniff(Buffer.from(text, 'utf8'));
  if (kind === 'json') return readJsonText(text, reading);
  if (kind === 'jws') return readCompactText(text, reading);
  const address = /^[a-z][a-z0-9+.-]*:/i.test(text) ? text : `https://${text}`;
  if (!isWebAddress(address) || /\s/.test(text) || !/[.:]/.test(text))
    return nothing('unreadable', 'unreadable', [unknown('source.not-an-address')]);
  const clean = withoutPersonalParts(address);
  const verdict = await readHostedAt(clean.address, reading);
  return clean.hadSome
    ? { ...verdict, findings: [...verdict.findings, pass('source.personal-link')] }
    : verdict;
}

/** Whatever an address leads to: where the platform keeps the award first, then the page itself. */
export async function readHostedAt(address: string, reading: Reading): Promise<Verdict> {
  for (const award of awardAddresses(address).filter((award) => award !== address)) {
    const verdict = await readOne(award, reading, 0);
    // A platform that does not answer there may still show its page.
    if (isBadge(verdict) && (verdict.outcome !== 'could-not-check' || verdict.facts.name !== null))
      return verdict;
  }
  return readOne(address, reading, 1);
}

/** `depth`: how many times a page may still lead elsewhere. */
async function readOne(address: string, reading: Reading, depth: number): Promise<Verdict> {
  const answer = await reading.tools.lookups.bytes(address);
  if (!answer.ok) return unreachable(address, answer.problem);
  if (answer.status === 410) {
    const json = parseJsonObject(decodeText(answer.bytes)) ?? null;
    if (json?.['revoked'] === true)
      return readWithdrawn(json, answer.url, reading.tools.lookups, reading.occasion);
  }
  if (answer.status < 200 || answer.status > 299) return unreachable(address, 'status');
  const kind = sniff(answer.bytes);
  if (kind === 'html' && depth > 0)
    return readPageAt(decodeText(answer.bytes), answer.url, reading, (link) =>
      readOne(link, reading, depth - 1),
    );
  if (kind === 'html' || kind === 'text' || kind === 'address')
    return nothing('web-page', 'no-badge-data', [unknown('source.no-badge')]);
  return readFile(answer.bytes, reading);
}

function unreachable(address: string, why: Why): Verdict {
  const host = URL.canParse(address) ? new URL(address).host : '';
  return nothing('web-page', 'could-not-check', [unknown('source.unreachable', { host }, why)]);
}
